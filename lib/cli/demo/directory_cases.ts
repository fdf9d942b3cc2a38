/** Directories for `--storage` in tests: named from the project's folder, so that what is said of them is always the same. */

let count = 0;

/** Do `act` with a directory that is not there yet, and is gone afterwards. */
export async function withDirectory(act: (directory: string) => Promise<void>): Promise<void> {
  const parent = `.jupyter/demo-${Deno.pid}-${++count}`;
  Deno.mkdirSync(parent, { recursive: true });
  try {
    await act(`${parent}/raft`);
  } finally {
    Deno.removeSync(parent, { recursive: true });
  }
}
