/** What notebook 04 prints of the command line, for its reader to compare. */
import { ok, strictEqual } from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { withDirectory } from "../../storage/directory_cases.ts";
import { task } from "../main_cases.ts";

const NOTEBOOK: { cells: { source: string | string[] }[] } = JSON.parse(
  readFileSync(new URL("../../../notebooks/04-persistence.ipynb", import.meta.url), "utf8"),
);

/** The commands in the notebook's prose, each with the lines that stand below it. */
const COMMANDS = NOTEBOOK.cells.flatMap((
  { source },
) => [...[source].flat().join("").matchAll(/^```console\n([^]*?)^```/gm)])
  .flatMap(([, block]) => block.split(/^\$ /m).slice(1).map((text) => text.trimEnd().split("\n")));

/** Checksums differ from run to run, since they begin with the cluster's name; where a line ends depends on a path's length. */
const comparable = (text: string) => text.replace(/\b[0-9a-f]{8}\b/g, "checksum").replace(/\s+/g, " ");

Deno.test("a reader of notebook 04 who types its commands sees what it prints", () =>
  withDirectory(async (parent) => {
    const disks = `${parent}/disks`;
    const here = (text: string) => text.replaceAll(/\bdisks\b/g, disks);
    strictEqual(COMMANDS.length, 5);
    for (const [command, ...lines] of COMMANDS) {
      const [, byte, file, seek] = /^printf (.) \| dd of=(\S+) bs=1 seek=(\d+) conv=notrunc$/.exec(command) ?? [];
      if (byte !== undefined) {
        const bytes = readFileSync(here(file));
        bytes[Number(seek)] = byte.charCodeAt(0);
        writeFileSync(here(file), bytes);
        continue;
      }
      const [, name, words] = /^npx --yes deno task (demo|log) (.*)$/.exec(command) ?? [];
      ok(name === "demo" || name === "log", command);
      const { stdout, stderr } = await task(name, ...here(words).split(" "));
      let rest = comparable(stdout + stderr);
      for (const line of lines.filter((each) => each !== "...")) {
        const at = rest.indexOf(comparable(here(line)).trim());
        ok(at >= 0, `${command} does not print: ${line}`);
        rest = rest.slice(at + 1);
      }
    }
  }));
