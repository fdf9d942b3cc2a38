/** Directories for `--storage` in tests: named from the project's folder, so that what is said of them is always the same. */

/** Do `act` with a directory that is not there yet, and is gone afterwards. */
export async function withDirectory(act: (directory: string) => Promise<void>): Promise<void> {
  Deno.mkdirSync(".jupyter", { recursive: true });
  const parent = Deno.makeTempDirSync({ dir: ".jupyter", prefix: "demo-" });
  try {
    await act(`${parent}/raft`);
  } finally {
    Deno.removeSync(parent, { recursive: true });
  }
}
