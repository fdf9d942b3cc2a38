/**
 * This library as Node sees it: packed into `node_modules/hello-raft`, beside the packages it needs and the kernel on Node.
 *
 * Deno's kernel runs the sources themselves. Nothing outside of the project's folder is touched.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { mustRun, ROOT, WORKSHOP } from "./project.ts";

/** The lock file of the workshop's packages. */
const LOCK = "lib/jupyter/deno.lock";

/**
 * The packages that only the workshop uses: the kernel on Node, the types of Node that its compiler can read, the sockets of
 * Jupyter's protocol, a driver for a browser, an audit of what it shows. They are heavy, and deno.json does not name them: Deno fetches everything
 * that its lock file knows before the first demo runs.
 */
const PACKAGES = [
  "npm:tslab@1.0.22",
  "npm:@types/node@18.19.130",
  "npm:zeromq@6.8.0",
  "npm:playwright-core@1.65.1",
  "npm:axe-core@4.14.1",
];

/** Load one of `PACKAGES`. deno.lock must not know of it, so the caller says what is in it. */
export async function load(name: "zeromq" | "playwright-core" | "axe-core"): Promise<unknown> {
  return await import(String(PACKAGES.find((specifier) => specifier.startsWith(`npm:${name}@`))));
}

/** Bring `node_modules/` up to date with the sources. */
export function pack(): void {
  const hash = hashOfSources();
  const target = join(ROOT, "node_modules", "hello-raft");
  const mark = join(target, ".sources");
  if (existsSync(mark) && readFileSync(mark, "utf8") === hash) return;
  const work = join(WORKSHOP, `pack-${process.pid}`);
  mkdirSync(work, { recursive: true });
  const packages = join(work, "packages.ts");
  writeFileSync(packages, PACKAGES.map((name) => `import "${name}";\n`).join(""));
  const options = ["--quiet", "--frozen", `--lock=${LOCK}`, "--node-modules-dir=auto", "--entrypoint"];
  mustRun(process.execPath, ["install", ...options, packages]);
  const tarball = join(work, "hello-raft.tgz");
  mustRun(process.execPath, ["pack", "--quiet", "--allow-dirty", "--no-source-maps", "--output", tarball]);
  mustRun("tar", ["-xzf", "hello-raft.tgz"], work);
  writeFileSync(join(work, "package", ".sources"), hash);
  rmSync(target, { recursive: true, force: true });
  renameSync(join(work, "package"), target);
  rmSync(work, { recursive: true });
  console.error("the library is packed for Node");
}

/** Changes when a source, the configuration or a version changes. */
function hashOfSources(): string {
  const hash = createHash("sha256");
  const sources = readdirSync(join(ROOT, "lib"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|js|css|html|ttf|lock)$/.test(file)).map((file) => join("lib", file));
  for (const file of ["deno.json", ...sources.sort()]) {
    hash.update(`${file}\0${readFileSync(join(ROOT, file), "utf8")}\0`);
  }
  return hash.digest("hex");
}
