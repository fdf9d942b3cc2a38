/**
 * A kernel: how it is started, and a running one. Cells go in, their outputs come out, and nothing takes longer than its bound.
 *
 * Deno's kernel can say that it is idle before its last outputs are out; they are waited for. tslab refuses whatever
 * comes within 200 ms of an error; so after a failure a kernel is of no more use here.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { UsageError } from "../cli/usage_error.ts";
import { collect, type Output } from "./notebook_file.ts";
import { load } from "./pack.ts";
import { ROOT, succeeds, WORKSHOP } from "./project.ts";
import { decode, encode, type Received, type Socket, type Sockets } from "./wire.ts";

/** The kernels. */
export type KernelName = "deno" | "tslab";

/**
 * The kernels that can run here: tslab only where the Node on PATH can load this library, which is made of ES modules. That
 * is 20.19, 22.12, or newer.
 */
export function usableKernels(): KernelName[] {
  if (succeeds("node", ["-e", "process.exit(process.features.require_module ? 0 : 1)"])) return ["tslab", "deno"];
  console.error("no Node 20.19, 22.12 or newer is on PATH: only Deno's kernel can be used");
  return ["deno"];
}

/** A kernel specification of Jupyter: the program and its arguments; `{connection_file}` stands for a path. */
export function kernelSpec(name: KernelName) {
  const tslab = join(ROOT, "node_modules", "tslab", "bin", "tslab");
  const [display_name, argv] = name === "deno"
    ? ["Deno", [process.execPath, "jupyter", "--kernel", "--conn", "{connection_file}"]] as const
    : ["TypeScript (tslab)", ["node", tslab, "kernel", "--config-path", "{connection_file}"]] as const;
  return { argv, display_name, language: "typescript", env: { NO_COLOR: "1" } };
}

/** How long a kernel or JupyterLab may take to start, in milliseconds. */
export const START_BOUND = 60_000;

/** How often a kernel that starts is asked whether it is there, in milliseconds. */
const ASK_INTERVAL = 100;

/** What a request hears, and where: replies on `shell`, what the kernel tells everyone on `iopub`. */
type Listener = (message: Received, channel: "shell" | "iopub") => unknown;

/** A kernel that runs cells, one after the other. */
export class Kernel {
  readonly #listeners = new Map<string, Listener>();
  readonly #key = randomUUID();
  readonly #file = join(WORKSHOP, "connections", `${this.#key}.json`);
  readonly #shell: InstanceType<Sockets["Dealer"]>;
  readonly #iopub: InstanceType<Sockets["Subscriber"]>;
  readonly #process: ChildProcess;
  readonly #ended: Promise<string>;

  private constructor(readonly name: KernelName, cwd: string, { Dealer, Subscriber }: Sockets, ports: number[]) {
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
    const scheme = { transport: "tcp", ip: IP, key: this.#key, signature_scheme: "hmac-sha256", kernel_name: name };
    const connection = { ...scheme, shell_port, iopub_port, stdin_port, control_port, hb_port };
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify(connection), { mode: 0o600 });
    const { argv: [command, ...args], env } = kernelSpec(name);
    const words = args.map((arg) => arg.replace("{connection_file}", this.#file));
    this.#process = spawn(command, words, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    this.#ended = howItEnds(this.#process);
    this.#shell = new Dealer();
    this.#iopub = new Subscriber();
    this.#shell.connect(`tcp://${IP}:${shell_port}`);
    this.#iopub.connect(`tcp://${IP}:${iopub_port}`);
    this.#iopub.subscribe();
    this.#listen(this.#shell, "shell");
    this.#listen(this.#iopub, "iopub");
  }

  /** Start the kernel `name`, working in the folder `cwd`, and ask it who it is until it answers on both channels. */
  static async start(name: KernelName, cwd: string): Promise<Kernel> {
    const ports = await Promise.all([1, 2, 3, 4, 5].map(freePort));
    const kernel = new Kernel(name, cwd, await load("zeromq") as Sockets, ports);
    const heard = new Set<string>();
    const { promise: answered, resolve: done } = Promise.withResolvers<null>();
    const listen: Listener = (_, channel) => heard.add(channel).size === 2 && done(null);
    const timer = setInterval(() => kernel.#request("kernel_info_request", {}, listen), ASK_INTERVAL);
    const failure = await kernel.#within(START_BOUND, answered);
    clearInterval(timer);
    if (failure === null) return kernel;
    await kernel[Symbol.asyncDispose]();
    throw new UsageError(`cannot start the kernel ${name}: ${failure}`);
  }

  /** Run a cell for `bound` milliseconds at most. The failure is `null` if nothing went wrong. */
  async execute(code: string, bound: number): Promise<{ outputs: Output[]; failure: string | null }> {
    const outputs: Output[] = [];
    const { promise: failure, resolve: done } = Promise.withResolvers<string | null>();
    const end = `end of the cell ${randomUUID()}`;
    let reply: Readonly<Record<string, unknown>> | null = null;
    let isIdle = false;
    let drained = this.name !== "deno";
    let asked = drained;
    const listen: Listener = ({ type, content }, channel) => {
      if (channel === "shell") reply ??= content;
      else if (type === "status") isIdle ||= content.execution_state === "idle";
      else if (type === "stream" && String(content.text).includes(end)) drained = true;
      else collect(outputs, type, content);
      if (reply === null || !isIdle) return;
      if (!asked) this.#request("execute_request", cell(`console.log(${JSON.stringify(end)})`, true), listen);
      asked = true;
      if (drained) done(failureOf(reply, outputs));
    };
    this.#request("execute_request", cell(code, false), listen);
    return { outputs, failure: await this.#within(bound, failure) };
  }

  /** End it, whatever it does. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#shell.close();
    this.#iopub.close();
    this.#process.kill("SIGKILL");
    rmSync(this.#file, { force: true });
    await this.#ended;
  }

  /** What `failure` comes to, unless the kernel ends or `bound` milliseconds pass before. */
  #within(bound: number, failure: Promise<string | null>): Promise<string | null> {
    const over = sleep(bound, `still running after ${bound / 1000} seconds`, { ref: false });
    return Promise.race([failure, over, this.#ended]);
  }

  #request(type: string, content: unknown, listener: Listener): void {
    const id = randomUUID();
    this.#listeners.set(id, listener);
    // If it fails, the kernel has ended; that is noticed.
    this.#shell.send(encode(id, type, this.#key, content)).catch(() => {});
  }

  async #listen(socket: Socket, channel: "shell" | "iopub"): Promise<void> {
    for await (const frames of socket) {
      const message = decode(frames, this.#key);
      if (message?.parent !== undefined) this.#listeners.get(message.parent)?.(message, channel);
    }
  }
}

function cell(code: string, silent: boolean) {
  return { code, silent, store_history: !silent, user_expressions: {}, allow_stdin: false, stop_on_error: true };
}

/** How a failure begins that no output of the cell explains. */
export const UNEXPLAINED = "the kernel answered";

/** Why a cell failed: what it says itself, or else what the kernel answered. */
function failureOf({ status, ename, evalue }: Readonly<Record<string, unknown>>, outputs: readonly Output[]) {
  const error = outputs.find((output) => output.output_type === "error");
  if (error !== undefined) return `${error.ename}: ${error.evalue}`;
  return status === "ok" ? null : `${UNEXPLAINED} "${status}"${ename === undefined ? "" : `, ${ename}: ${evalue}`}`;
}

/** Resolves when a kernel's process has ended, to how, and to what it printed for itself. */
async function howItEnds(kernel: ChildProcess): Promise<string> {
  let said = "";
  for (const stream of [kernel.stdout, kernel.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => said += text);
  }
  const how = await once(kernel, "close").then(
    ([status, signal]) => `the kernel ended by itself (${signal ?? `status ${status}`})`,
    ({ message }) => `the kernel cannot be started: ${message}`,
  );
  return `${how}:\n${said}`.trim().replace(/:$/, "");
}

/** The address that kernels listen on. */
const IP = "127.0.0.1";

/** Where ports are looked for: below those that a system gives to whoever wants just any. */
let lastPort = 20_000 + randomInt(10_000);

/** A port nobody listens on. No two calls get the same one, so it is still free when its kernel or server starts. */
export async function freePort(): Promise<number> {
  const port = ++lastPort;
  const server = createServer().listen(port, IP);
  const isFree = await once(server, "listening").then(() => true, () => false);
  await new Promise((closed) => server.close(closed));
  return isFree ? port : await freePort();
}
