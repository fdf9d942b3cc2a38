import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { FileStorage } from "../../storage/file_storage.ts";
import { commandOf, task } from "../main_cases.ts";
import { withDirectory } from "./directory_cases.ts";

const play = (directory: string, ...args: string[]) => task("demo", "basic", "--storage", directory, ...args);

/** Begin the logs of these nodes of a cluster of three, as a start does that is cut off. */
function begin(directory: string, ids: readonly number[]): void {
  Deno.mkdirSync(directory);
  for (const id of ids) FileStorage.open(`${directory}/node-${id}`, { voters: [1, 2, 3] }).close();
}

Deno.test("a first start that was cut off after any of the logs is begun again", async () => {
  for (const begun of [[], [1], [1, 2]]) {
    await withDirectory(async (directory) => {
      begin(directory, begun);
      if (begun.length === 1) Deno.mkdirSync(`${directory}/node-2`);
      const { status, stdout, stderr } = await play(directory);
      strictEqual(status, 0, stderr);
      ok(!stdout.includes("goes on"));
    });
  }
});

Deno.test("a cluster's size is what its logs say, however many there are", async () => {
  await withDirectory(async (directory) => {
    begin(directory, [1]);
    match(
      (await play(directory, "--nodes", "1")).stderr,
      /^error: .* holds a cluster of 3, not of 1: play with --nodes 3\n$/,
    );
  });
  await withDirectory(async (directory) => {
    begin(directory, [1, 2, 3, 4]);
    match((await play(directory)).stderr, /^error: .* holds node-4, but a cluster of 3; name another/);
  });
});

Deno.test("a node without a log does not start beside others that have gone on", async () => {
  await withDirectory(async (directory) => {
    strictEqual((await play(directory)).status, 0);
    Deno.removeSync(`${directory}/node-2/0000000001.log`);
    const { status, stdout, stderr } = await play(directory);
    deepStrictEqual([status, stdout], [2, ""]);
    match(
      stderr,
      /^error: .* has no log of node 2, and others have gone on: a node that forgot its vote must not start/,
    );
  });
});

Deno.test("with --json, too, the logs are looked into, and what cannot be gone on with is refused in a line", async () => {
  await withDirectory(async (directory) => {
    const first = await play(directory, "--json");
    strictEqual(first.status, 0, first.stderr);
    match(first.stdout, /^\{"kind":/);
    for (
      const [args, says] of [[["--nodes", "5"], /holds a cluster of 3/], [["--nodes", "2"], /a cluster of 3/]] as const
    ) {
      const { status, stdout, stderr } = await play(directory, "--json", ...args);
      deepStrictEqual([status, stdout], [2, ""]);
      match(stderr, says);
    }
    deepStrictEqual([...Deno.readDirSync(directory)].map(({ name }) => name).sort(), ["node-1", "node-2", "node-3"]);
  });
});

Deno.test("what is no directory, or no log in it, is refused, and nothing is begun", async () => {
  await withDirectory(async (directory) => {
    Deno.writeTextFileSync(directory, "");
    match((await play(directory)).stderr, /^error: \S+ is a file; name a directory\n$/);
    Deno.removeSync(directory);
    Deno.mkdirSync(directory);
    Deno.writeTextFileSync(`${directory}/node-2`, "");
    const { status, stderr } = await play(directory);
    strictEqual(status, 2);
    match(stderr, /^error: Cannot open the log in \S+node-2: ENOTDIR/);
    deepStrictEqual([...Deno.readDirSync(directory)].map(({ name }) => name), ["node-2"]);
  });
});

Deno.test("of several that begin on one directory at once, each plays, or is refused in a line", async () => {
  await withDirectory(async (directory) => {
    const results = await Promise.all([1, 2, 3, 4].map(() => play(directory)));
    for (const { status, stdout, stderr } of results) {
      if (status === 0) match(stdout, /\nnode +role /);
      else deepStrictEqual([status, stderr.split("\n").length, stderr.startsWith("error: ")], [2, 2, true], stderr);
    }
    const { status, stderr } = await play(directory);
    strictEqual(status, 0, stderr);
  });
});

// A limit on the size of files stands for a full disk; where there is no `sh` there is no way to set it.
if (Deno.build.os !== "windows") {
  for (const where of ["", " --runtime tasks"]) {
    Deno.test(`a disk that is full in the middle of a run${where} is told of with its reason`, async () => {
      await withDirectory(async (directory) => {
        const line = `${commandOf("demo")} lagging-follower --storage ${directory}${where}`;
        const limited = ["-c", `trap '' XFSZ; ulimit -f 1; exec ${line} 2>&1`];
        const { code, stdout } = await new Deno.Command("sh", { args: limited, stdout: "piped" }).output();
        const said = new TextDecoder().decode(stdout).replace(/\n +/g, " ");
        strictEqual(code, 1, said);
        match(
          said,
          /Cannot use the log in \S+node-\d: a write failed \(.*too large.*\), and what is on the disk is unknown/,
        );
        match(
          said,
          where === "" ? /\nerror: Cannot use/ : /\ntick +\d+ +node \d stops: its disk has failed: Cannot/,
        );
        ok(!said.includes("Uncaught"), said);
      });
    });
  }
}
