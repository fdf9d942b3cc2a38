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
import { entrypoint } from "./packages.ts";
import { DENO, mustRun } from "./process.ts";

/** Where the hash of the packed sources is kept, in the packed library. */
const MARK = ".sources";

/** The lock file of the tools. */
const LOCK = "lib/jupyter/deno.lock";

/** Bring `node_modules/` in the folder `root` up to date with the sources; whether there was anything to do. */
export async function pack(root: string): Promise<boolean> {
  const hash = hashOfSources(root);
  const target = join(root, "node_modules", "hello-raft");
  const mark = join(target, MARK);
  const installed = existsSync(join(root, "node_modules", "tslab")) && existsSync(mark);
  if (installed && readFileSync(mark, "utf8") === hash) return false;
  await install(root);
  const work = join(root, ".jupyter", `pack-${process.pid}`);
  mkdirSync(work, { recursive: true });
  try {
    const tarball = join(work, "hello-raft.tgz");
    await mustRun(DENO, ["pack", "--quiet", "--allow-dirty", "--no-source-maps", "--output", tarball], root);
    await mustRun("tar", ["-xzf", "hello-raft.tgz"], work);
    writeFileSync(join(work, "package", MARK), hash);
    rmSync(target, { recursive: true, force: true });
    renameSync(join(work, "package"), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return true;
}

/** The packages, as their lock file has them. */
async function install(root: string): Promise<void> {
  const folder = join(root, ".jupyter");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "packages.ts"), entrypoint());
  const options = ["--quiet", "--frozen", `--lock=${LOCK}`, "--node-modules-dir=auto"];
  await mustRun(DENO, ["install", ...options, "--entrypoint", ".jupyter/packages.ts"], root);
}

/** Changes when a packed source, the configuration or a version changes. */
function hashOfSources(root: string): string {
  const hash = createHash("sha256");
  const sources = readdirSync(join(root, "lib"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/_(test|cases|bench)\.ts$/.test(file))
    .map((file) => join("lib", file));
  for (const file of ["deno.json", LOCK, ...sources.sort()]) {
    hash.update(`${file}\0${readFileSync(join(root, file), "utf8")}\0`);
  }
  return hash.digest("hex");
}
