/** What is printed on the console, for tests. */
import { mock } from "node:test";

/** The lines that `act` prints at once. */
export function printed(act: () => unknown): string[] {
  const log = mock.method(console, "log", () => {});
  try {
    act();
  } finally {
    log.mock.restore();
  }
  return log.mock.calls.flatMap(({ arguments: [text] }) => String(text).split("\n"));
}

/** The lines that `act` prints until it is done. */
export async function printedLater(act: () => Promise<unknown>): Promise<string[]> {
  const log = mock.method(console, "log", () => {});
  try {
    await act();
  } finally {
    log.mock.restore();
  }
  return log.mock.calls.flatMap(({ arguments: [text] }) => String(text).split("\n"));
}
