/** The lines that `run` prints on the console. */
export function printed(run: () => void): string[] {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => lines.push(...line.split("\n"));
  try {
    run();
  } finally {
    console.log = log;
  }
  return lines;
}
