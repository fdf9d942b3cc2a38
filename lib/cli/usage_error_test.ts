import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { word } from "../trace/text.ts";
import { commandOf, deno, task, type TaskName } from "./main_cases.ts";

const NODES = /--nodes .*whole number from 1 to 9/;
const BAD: [name: TaskName, args: string[], says: RegExp][] = [
  ["demo", ["advanced"], /scenario "advanced".*: basic/],
  ["demo", ["basic", "-x"], /option -x; the options are: --nodes, .*--runtime, --verbose, --json, --help/],
  ["demo", ["basic", "--nodes", "10"], NODES],
  ["demo", ["basic", "--nodes", "1e0"], NODES],
  ["demo", ["basic", "--nodes", "--json"], /--nodes needs a value/],
  ["demo", ["basic", "--key", ""], /--key must have at least one character, not ""/],
  ["demo", ["basic", "--seed", "-1"], /--seed .*--seed=VALUE/],
  ["demo", ["basic", "--plot", "run.gif"], /--plot must end in \.svg, \.png or \.html, not "run\.gif"/],
  ["demo", ["basic", "--plot", "missing/run.svg"], /cannot write missing\/run\.svg: No such file or directory/],
  ["demo", ["basic", "--player", "run.svg"], /--player must end in \.html, not "run\.svg"/],
  ["demo", ["basic", "--seeds", "0"], /--seeds .*whole number from 1 to 100000.*"0"/],
  ["demo", ["basic", "--seeds", "3", "--json"], /--seeds and --json do not go together/],
  ["demo", ["figure-8", "--nodes", "3", "--seeds", "2"], /cannot play figure-8: .*5 nodes, not 3/],
  [
    "demo",
    ["deno.json"],
    /unknown scenario "deno\.json"; a file is played with --scenario "deno\.json"; the scenarios are: /,
  ],
  ["demo", ["--scenario", "lib"], /--scenario must end in \.json, not "lib"/],
  ["demo", ["--scenario", "missing.json"], /cannot read missing\.json: No such file or directory/],
  ["demo", ["basic", "--scenario", "deno.json"], /basic and --scenario do not go together/],
  ["demo", ["basic", "--json=yes"], /--json takes no value/],
  ["demo", ["basic", "--json", "--verbose"], /--json and --verbose do not go together; --json has every turn anyway/],
  ["demo", ["basic", "--runtime", "workers"], /--runtime must be tasks, not "workers"/],
  ["demo", ["basic", "--storage", ""], /--storage must have at least one character/],
  ["demo", ["figure-8", "--runtime", "tasks"], /Cannot play figure-8 in tasks.*dropMessages/],
  ["demo", ["--json"], /no scenario is named; name one, or a file with --scenario; .* basic, /],
  ["demo", ["basic", "--plot", "x.html", "--player", "./x.html"], /--plot and --player cannot both write x\.html/],
  ["demo", ["basic", "--\x1b[31ma"], /option "--\\u001b\[31ma"/],
  ["demo", ["basic", "b\nc"], /one scenario.*"b\\nc"/],
  ["demo", ["b\u009b\u202e"], /scenario "b\\u009b\\u202e"/],
  ["demo", ["basic", "--runtime", "\x7f\u2028"], /not "\\u007f\\u2028"/],
  ["log", [], /no directory.*deno task log DIR/],
  ["log", ["missing"], /cannot read missing: there is no such directory/],
  ["log", ["deno.json"], /cannot read deno\.json: ENOTDIR: not a directory/],
  ["log", ["lib/"], /there is no log in lib: .*0000000001\.log.*node-1/],
  ["log", ["lib", "notebooks"], /one directory, not lib and notebooks/],
  ["fuzz", ["--seed", "1", "--seeds", "2"], /--seed and --seeds do not go together/],
  ["replay", [], /no file.*deno task replay FILE/],
  ["replay", ["missing.gz"], /cannot read missing\.gz: .*no such file/i],
  ["replay", ["deno.json"], /deno\.json: .*not gzipped/],
  ["replay", ["/dev/zero"], /cannot read \/dev\/zero: it is no regular file/],
  ["fuzz", ["--seeds", "0"], /--seeds .*whole number from 1 to \d+.*"0"/],
  ["fuzz", ["--seed=-1"], /--seed .*whole number from 0 to \d+.*"-1"/],
  ["fuzz", ["--wind", "9"], /option --wind.*--seed, --seeds, --help/],
  ["notebooks", ["missing"], /unknown notebook missing; the notebooks are: /],
  ["notebooks", ["/dev/null"], /unknown notebook \/dev\/null; the notebooks are: /],
  ["notebooks", ["--kernel", "python"], /--kernel must be deno or tslab, not "python"/],
  ["notebooks", ["--fast"], /option --fast.*--check, --kernel, --bound, --help/],
  ["notebooks", ["--bound", "0"], /--bound .*whole number from 1 to 3600.*"0"/],
  ["browser", ["now"], /unknown argument now; browser takes --help only/],
  ["fuzz", ["basic"], /unknown word "basic".*clusters, log or messages/],
  ["fuzz", ["log", "more"], /one word, not "more" as well/],
];

for (const [name, args, says] of BAD) {
  Deno.test(`${name} ${args.map(word).join(" ")} is refused in one line that names the mistake and the choices`, async () => {
    const { status, stdout, stderr } = await task(name, ...args);
    deepStrictEqual([status, stdout], [2, ""]);
    match(stderr, /^error: [^\n]+\n$/);
    match(stderr, says);
  });
}

Deno.test("an unknown command is refused by name, with the commands there are", async () => {
  const { status, stdout, stderr } = await deno("run", "lib/main.ts", "sing");
  deepStrictEqual([status, stdout], [2, ""]);
  match(stderr, /^error: [^\n]*"sing"[^\n]*demo, play, log, fuzz, replay, notebooks, lab, browser\n$/);
});

Deno.test({
  name: "an output that cannot be written is told of in one line, and the exit status is 1",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const full = new Deno.Command("sh", { args: ["-c", `exec ${commandOf("demo")} basic > /dev/full`] });
    const { code, stderr } = await full.output();
    const says = "error: cannot write the output: No space left on device (os error 28)\n";
    deepStrictEqual([code, new TextDecoder().decode(stderr)], [1, says]);
  },
});

Deno.test("whoever reads no further changes nothing of the exit status", async () => {
  const line = `${commandOf("demo")} --scenario lib/cli/demo/testdata/wrong.json`;
  const piped = new Deno.Command("sh", { args: ["-c", `{ ${line}; echo $? >&2; } | true`] });
  strictEqual(new TextDecoder().decode((await piped.output()).stderr), "1\n");
});

Deno.test("a permission that is missing is told of with its flag, and the exit status is 1", async () => {
  const { status, stderr } = await deno("run", "--quiet", "lib/main.ts", "demo", "--scenario", "deno.json");
  deepStrictEqual([status, stderr.match(/\n/g)?.length], [1, 1]);
  match(stderr, /^error: cannot read deno\.json: .*--allow-read/);
});
