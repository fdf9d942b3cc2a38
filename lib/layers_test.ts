import { deepStrictEqual, ok } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The layers of PLAN.md, the core first: a file imports from its own layer or from an earlier one. */
const LAYERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["core", /^raft\//],
  ["parts", /^(arguments|command|state_machine|network)\.ts$|^storage\//],
  ["trace", /^trace\//],
  [
    "world",
    /^(node|node_turn|cluster|cluster_options|member|report|requests|service|client|starting_logs|world)\.ts$|^runtime\//,
  ],
  ["scenario", /^scenario\//],
  ["check", /^(check|replay)\//],
  ["view", /^(charts|player|notebook|exercises)\//],
  ["faces", /^(main|mod)\.ts$|^(cli|jupyter)\//],
];

const CLOCK = "runtime/clock.ts";
const LIB = dirname(fileURLToPath(import.meta.url));

/** The product's modules; tests, their cases and benchmarks stand beside them. */
const MODULES = readdirSync(LIB, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !/_(test|cases|bench)\.ts$/.test(file)).sort();

const source = (file: string) => readFileSync(join(LIB, file), "utf8");
const withoutComments = (text: string) => text.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
const codeLines = (file: string) =>
  withoutComments(source(file)).split("\n").filter((line) => line.trim() !== "").length;

function layerOf(file: string): number {
  const layer = LAYERS.findIndex(([, pattern]) => pattern.test(file));
  ok(layer >= 0, `${file} belongs to no layer`);
  return layer;
}

/** The modules of this library that `file` imports, by their paths in `lib/`. */
function importsOf(file: string): string[] {
  const specifiers = withoutComments(source(file)).matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g);
  return [...specifiers].map(([, specifier]) => normalize(relative(LIB, join(LIB, dirname(file), specifier))));
}

Deno.test("every module imports only from its own layer or from an earlier one", () => {
  const upward = MODULES.flatMap((file) =>
    importsOf(file).filter((imported) => layerOf(imported) > layerOf(file)).map((imported) => `${file} -> ${imported}`)
  );
  deepStrictEqual(upward, []);
});

Deno.test("no import leads back to where it came from", () => {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    ok(!path.includes(file), `a circle: ${[...path, file].join(" -> ")}`);
    if (done.has(file)) return;
    for (const imported of importsOf(file)) visit(imported, [...path, file]);
    done.add(file);
  };
  for (const file of MODULES) visit(file, []);
});

Deno.test("every module opens with what it is for", () => {
  for (const file of MODULES) {
    const opening = /^\/\*\*[^]*?\*\//.exec(source(file))?.[0] ?? "";
    ok(opening.includes("@module"), `${file} does not open with a doc comment`);
  }
});

Deno.test("the plan's five modules are there, each with fewer than 150 lines of code", () => {
  for (const file of ["command.ts", "state_machine.ts", "node.ts", "network.ts", "cluster.ts"]) {
    ok(MODULES.includes(file), `lib/${file} is missing`);
    const lines = codeLines(file);
    ok(lines < 150, `${file} has ${lines} lines of code`);
  }
});

Deno.test("the core has at most 2,600 lines of code", () => {
  const lines = MODULES.filter((file) => layerOf(file) === 0).reduce((sum, file) => sum + codeLines(file), 0);
  ok(lines <= 2600, `it has ${lines}`);
});

Deno.test("the package and the command line load no runtime before one is started", () => {
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    const imports = withoutComments(source(file)).matchAll(/^(?:import|export)\b(?! type\b)[^;]*?from\s*"([^"]+)"/gm);
    for (const [, specifier] of imports) {
      ok(specifier !== "node:worker_threads", file);
      if (specifier.startsWith(".")) load(normalize(relative(LIB, join(LIB, dirname(file), specifier))));
    }
  };
  for (const file of ["mod.ts", "main.ts"]) load(file);
  for (const name of ["task_world", "node_task"]) ok(!loaded.has(`runtime/${name}.ts`), name);
});

/** What must not stand in which modules. */
const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp, where: (file: string) => boolean])[] = [
  ["nothing draws unseeded chance", /Math\.random/, () => true],
  ["only the runtimes' clock reads a clock", /Date\.now|new Date|performance\.now/, (file) => file !== CLOCK],
  [
    "in the core and the simulated world, only the runtimes' clock sets a timer",
    /\bset(Timeout|Interval|Immediate)\b/,
    (file) => layerOf(file) <= 3 && file !== CLOCK,
  ],
  [
    "up to the scenarios, only the module of real files uses the machine's own modules: the rest runs in a browser",
    /"node:|node_files\.ts"/,
    (file) => layerOf(file) <= 4 && file !== "storage/node_files.ts",
  ],
  ["only the command line knows Deno", /\bDeno\./, (file) => file !== "main.ts" && !file.startsWith("cli/")],
];

for (const [what, pattern, where] of FORBIDDEN) {
  Deno.test(what, () => {
    deepStrictEqual(MODULES.filter((file) => where(file) && pattern.test(withoutComments(source(file)))), []);
  });
}
