import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { openReal, withDirectory as withParent } from "../../storage/directory_cases.ts";
import { commandOf, task, unwrapped } from "../main_cases.ts";

/** Do `act` with a directory that is not there yet. */
const withDirectory = (act: (directory: string) => Promise<void>) => withParent((parent) => act(`${parent}/raft`));

const playOn = (directory: string, ...args: string[]) => task("demo", ...args, "--storage", directory);

/** Begin the logs of these nodes of a cluster of three, as a start does that is cut off. */
function begin(directory: string, ids: readonly number[]): void {
  Deno.mkdirSync(directory);
  for (const id of ids) openReal(`${directory}/node-${id}`).close();
}

Deno.test("demo --storage keeps the logs, and a second run goes on where the first stopped, and says so", () =>
  withDirectory(async (directory) => {
    const first = await playOn(directory, "drop-leader");
    strictEqual(first.status, 0, first.stderr);
    match(unwrapped(first.stdout), / every 3 ticks; the logs are kept in \S+raft /);
    ok(!first.stdout.includes("goes on with term"));
    deepStrictEqual([...Deno.readDirSync(directory)].map(({ name }) => name).sort(), ["node-1", "node-2", "node-3"]);
    const second = await playOn(directory, "basic", "--value", "2");
    strictEqual(second.status, 0, second.stderr);
    match(second.stdout, /it goes on where .* stopped:\n +node 1 goes on with term 2, .*, entries 1 to 4\b/);
    match(second.stdout, /tick +0 +nodes 1, 2 and 3 start with a log: entries of the terms 1 1 2 2/);
    match(second.stdout, /\n1 +\w+ +3 .* 2\n2 +\w+ +3 .* 2\n3 +\w+ +3 .* 2\n/);
  }));

Deno.test("clients of a second run are not taken for those of the first: their requests have later numbers", () =>
  withDirectory(async (directory) => {
    for (const number of [1, 2]) {
      const { status, stdout, stderr } = await playOn(directory, "retry");
      strictEqual(status, 0, stderr);
      ok(
        stdout.slice(stdout.indexOf("retry-once")).includes(
          `client 1 asks node 1 to Put x = b (its request ${number})`,
        ),
      );
    }
  }));

for (const signal of ["SIGKILL", "SIGINT"] as const) {
  Deno.test(`a run that ${signal} ended is gone on with; after Ctrl-C no log is locked`, () =>
    withDirectory(async (directory) => {
      const [, ...args] = `${commandOf("demo")} no-quorum --runtime tasks --storage ${directory}`.split(" ");
      const child = new Deno.Command(Deno.execPath(), { args, stdout: "null", stderr: "null" }).spawn();
      const log = `${directory}/node-5/0000000001.log`;
      const hasEntries = () => existsSync(log) && Deno.statSync(log).size > 400;
      for (let tries = 0; tries < 500 && !hasEntries(); tries++) await new Promise((go) => setTimeout(go, 20));
      child.kill(signal);
      const { code } = await child.status;
      if (signal === "SIGINT") deepStrictEqual([code, readdirSync(dirname(log))], [130, [basename(log)]]);
      const { status, stdout, stderr } = await playOn(directory, "crash-restart", "--nodes", "5");
      strictEqual(status, 0, stderr);
      match(stdout, /node [1-5] goes on with term [1-9]/);
    }));
}

Deno.test("a first start that was cut off after any of the logs is begun again", async () => {
  for (const begun of [[], [1], [1, 2]]) {
    await withDirectory(async (directory) => {
      begin(directory, begun);
      if (begun.length === 1) Deno.mkdirSync(`${directory}/node-2`);
      const { status, stdout, stderr } = await playOn(directory, "basic");
      deepStrictEqual([status, stdout.includes("goes on")], [0, false], stderr);
    });
  }
});

const withFile = (name: string) => (directory: string) => {
  begin(directory, []);
  Deno.writeTextFileSync(`${directory}/${name}`, "");
};
const played = async (directory: string) => void await playOn(directory, "basic");
const LOG = "node-2/0000000001.log";
const forgetful = async (directory: string) => {
  await played(directory);
  Deno.removeSync(`${directory}/${LOG}`);
};
const joined = async (directory: string) => void await playOn(directory, "add-node");
const outcast = async (directory: string) => {
  await joined(directory);
  Deno.removeSync(`${directory}/node-4`, { recursive: true });
};
const damaged = async (directory: string) => {
  await played(directory);
  const log = Deno.readFileSync(`${directory}/${LOG}`);
  log[60] ^= 1;
  Deno.writeFileSync(`${directory}/${LOG}`, log);
};

const REFUSED: readonly [what: string, make: (directory: string) => unknown, args: string[], says: RegExp][] = [
  ["another size", played, ["basic", "--nodes", "5"], /holds a cluster of 3, not of 5: play with --nodes 3/],
  ["a size that one log tells", (at) => begin(at, [1]), ["basic", "--nodes", "1"], /holds a cluster of 3, not of 1/],
  ["too many logs", (at) => begin(at, [1, 2, 3, 4]), ["basic"], /holds node-4, but a cluster of 3; name another/],
  ["logs that must begin anew", played, ["figure-7"], /figure-7 is about logs that begin anew; play it without/],
  ["terms that must begin anew", played, ["figure-8"], /figure-8 is about logs that begin anew/],
  ["a file", (at) => Deno.writeTextFileSync(at, ""), ["basic"], /cannot use \S+raft: File exists/],
  ["something else", withFile("notes.txt"), ["basic", "--json"], /holds notes\.txt, which is no node's log/],
  ["a log that is a file", withFile("node-2"), ["basic"], /ENOTDIR: not a directory.*node-2/],
  ["a node that forgot its vote", forgetful, ["basic"], /has no log of node 2, .* that forgot its vote must not/],
  ["a cluster that a node has joined", joined, ["add-node"], /add-node begins with a cluster that nobody has joined/],
  ["a node that has joined, and forgot its vote", outcast, ["basic", "--nodes", "4"], /has no log of node 4, /],
  ["a damaged log", damaged, ["basic"], /: Cannot open the log: .*node-2\/0+1\.log, offset \d+, frame \d+: .*must/],
];

for (const [what, make, args, says] of REFUSED) {
  Deno.test(`--storage refuses in a line, and leaves as it is: ${what}`, () =>
    withDirectory(async (directory) => {
      await make(directory);
      const contents = () => JSON.stringify(readAll(directory));
      const before = contents();
      const { status, stdout, stderr } = await playOn(directory, ...args);
      deepStrictEqual([status, stdout], [2, ""]);
      match(stderr, /^error: [^\n]+\n$/);
      match(stderr, says);
      strictEqual(contents(), before);
    }));
}

Deno.test("a node joins a cluster that another run has left on disk, and its log says so", () =>
  withDirectory(async (directory) => {
    await played(directory);
    const { status, stdout } = await playOn(directory, "add-node");
    deepStrictEqual([status, /^As expected\.$/m.test(stdout)], [0, true]);
    const log = await task("log", `${directory}/node-4`);
    match(log.stdout, /a change of the configuration: add node 4 as a voter$/m);
  }));

/** Every log under `path`, byte by byte. */
function readAll(path: string): unknown {
  if (!Deno.statSync(path).isDirectory) return [...Deno.readFileSync(path)];
  const names = [...Deno.readDirSync(path)].map(({ name }) => name).sort();
  return names.filter((name) => name !== "lock").map((name) => [name, readAll(`${path}/${name}`)]);
}

Deno.test("of several that begin on one directory at once, each plays, or is refused in a line", () =>
  withDirectory(async (directory) => {
    const results = await Promise.all([1, 2, 3, 4].map(() => playOn(directory, "basic")));
    for (const { status, stdout, stderr } of results) {
      if (status === 0) match(stdout, /\nnode +role /);
      else match(stderr, /^error: [^\n]*\n$/);
    }
    const { status, stderr } = await playOn(directory, "basic");
    strictEqual(status, 0, stderr);
  }));

// A limit on the size of files stands for a full disk; where there is no `sh` there is no way to set it.
if (Deno.build.os !== "windows") {
  for (const runtime of ["", "--runtime tasks"]) {
    Deno.test(`a disk that is full in the middle of a run is told of with its reason: demo ${runtime}`, () =>
      withDirectory(async (directory) => {
        const line = `${commandOf("demo")} lagging-follower --storage ${directory} ${runtime}`;
        const limited = ["-c", `trap '' XFSZ; ulimit -f 1; exec ${line} 2>&1`];
        const { code, stdout } = await new Deno.Command("sh", { args: limited, stdout: "piped" }).output();
        const said = unwrapped(new TextDecoder().decode(stdout));
        strictEqual(code, 1, said);
        match(said, /Cannot use the log in \S+node-\d: a write failed \(.*too large.*\), and what is on the disk is/);
        match(said, runtime === "" ? /^error: Cannot use/ : / tick \d+ node \d stops: its disk has failed: Cannot/);
        ok(!said.includes("Uncaught"), said);
      }));
  }
}
