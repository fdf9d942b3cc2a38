/**
 * A kernel as a process of its own.
 *
 * Floor 9.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { type KernelName, kernelSpec } from "./kernel_specs.ts";

/** How much of what a kernel prints for itself is kept, in characters. */
const KEPT = 1000;

/** The address that kernels listen on. */
const IP = "127.0.0.1";

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

/** Ports nobody listens on, for now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => {
    const server = createServer();
    return new Promise<typeof server>((resolve, reject) => {
      server.on("error", reject).listen(0, IP, () => resolve(server));
    });
  }));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
