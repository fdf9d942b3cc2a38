/**
 * A kernel as a process of its own.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { type KernelName, kernelSpec } from "./kernel_specs.ts";

/** How much of what a kernel prints for itself is kept, in characters. */
const KEPT = 1000;

/** The address that kernels listen on. */
const IP = "127.0.0.1";

/** Where ports are looked for. */
const PORTS = { from: 20_000, count: 12_000 };
let nextPort = randomInt(PORTS.count);

/** A kernel's process. */
export class KernelProcess {
  /** Resolves when the process has ended, to how. */
  readonly ended: Promise<string>;
  readonly #process: ChildProcess;
  readonly #file: string;
  #said = "";

  private constructor(
    readonly name: KernelName,
    /** What messages are signed with. */
    readonly key: string,
    /** Where requests go. */
    readonly shell: string,
    /** Where the kernel tells what it does. */
    readonly iopub: string,
    started: { readonly process: ChildProcess; readonly file: string },
  ) {
    this.#process = started.process;
    this.#file = started.file;
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => this.#said = (this.#said + text).slice(-KEPT));
    }
    this.ended = new Promise((resolve) => {
      const end = (how: string) => resolve(`${how}${this.#said.trim() === "" ? "" : `:\n${this.#said.trim()}`}`);
      this.#process.on("error", ({ message }) => end(`the kernel cannot be started: ${message}`));
      this.#process.on(
        "close",
        (status, signal) => end(`the kernel ended by itself (${signal ?? `status ${status}`})`),
      );
    });
  }

  /** Start the kernel `name` of the project in the folder `root`, working in the folder `cwd`. */
  static async start(name: KernelName, root: string, cwd: string): Promise<KernelProcess> {
    const key = randomUUID();
    const [shell, iopub, stdin, control, hb] = await freePorts(5);
    const folder = join(root, ".jupyter", "connections");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${key}.json`);
    const ports = { shell_port: shell, iopub_port: iopub, stdin_port: stdin, control_port: control, hb_port: hb };
    const scheme = { transport: "tcp", ip: IP, key, signature_scheme: "hmac-sha256", kernel_name: name };
    writeFileSync(file, JSON.stringify({ ...scheme, ...ports }), { mode: 0o600 });
    const { argv: [command, ...args], env } = kernelSpec(name, root);
    const words = args.map((arg) => arg.replace("{connection_file}", file));
    const child = spawn(command, words, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    return new KernelProcess(name, key, `tcp://${IP}:${shell}`, `tcp://${IP}:${iopub}`, { process: child, file });
  }

  /** End it, whatever it does. */
  async stop(): Promise<void> {
    this.#process.kill("SIGKILL");
    rmSync(this.#file, { force: true });
    await this.ended;
  }
}

/**
 * Ports nobody listens on. They are below those that a system gives to whoever wants just any, and no two calls get the same:
 * so between the call and the kernel's start nobody else takes them.
 */
async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tried = 0; tried < PORTS.count && ports.length < count; tried++) {
    const port = PORTS.from + nextPort;
    nextPort = (nextPort + 1) % PORTS.count;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.on("error", () => resolve(false)).listen(port, IP, () => server.close(() => resolve(true)));
  });
}
