/**
 * A running kernel: cells go in, their outputs come out, and nothing takes longer than its bound.
 *
 * Deno's kernel can say that it is idle before its last outputs are out; they are waited for. tslab refuses whatever
 * comes within 200 ms of an error; so after a failure a kernel is of no more use here.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { KernelProcess } from "./kernel_process.ts";
import type { KernelName } from "./kernel_specs.ts";
import { collect, type Output } from "./outputs.ts";
import { type Dealer, decode, encode, type Received, type Socket, sockets, type Subscriber } from "./wire.ts";

/** How long a kernel may take to start, in milliseconds. */
const START_BOUND = 60_000;

/** How often a kernel that starts is asked whether it is there, in milliseconds. */
const KNOCK = 200;

/** A kernel that does not start. */
export class KernelError extends Error {
  /** Always `"KernelError"`. */
  override readonly name = "KernelError";
}

/** A cell after it ran. */
export interface Executed {
  readonly outputs: readonly Output[];
  /** What went wrong; `null` if nothing. */
  readonly failure: string | null;
}

/** Where a message came in. */
type Channel = "shell" | "iopub";

/** What a request hears. */
type Listener = (message: Received, channel: Channel) => void;

const replySchema = z.object({ status: z.string(), ename: z.optional(z.string()), evalue: z.optional(z.string()) });

/** A kernel that runs cells, one after the other. */
export class Kernel {
  readonly #listeners = new Map<string, Listener>();

  private constructor(
    readonly process: KernelProcess,
    readonly shell: Dealer,
    readonly iopub: Subscriber,
  ) {
    shell.connect(process.shell);
    iopub.connect(process.iopub);
    iopub.subscribe();
    this.#listen(shell, "shell");
    this.#listen(iopub, "iopub");
  }

  /** Start the kernel `name` of the project in the folder `root`, working in the folder `cwd`. */
  static async start(name: KernelName, root: string, cwd: string): Promise<Kernel> {
    const { Dealer, Subscriber } = await sockets();
    const kernel = new Kernel(await KernelProcess.start(name, root, cwd), new Dealer(), new Subscriber());
    const failure = await kernel.#answered(START_BOUND);
    if (failure === null) return kernel;
    await kernel.stop();
    throw new KernelError(`cannot start the kernel ${name}: ${failure}`);
  }

  /** Run a cell for `bound` milliseconds at most. */
  async execute(code: string, bound: number): Promise<Executed> {
    const outputs: Output[] = [];
    const end = `end of the cell ${randomUUID()}`;
    const failure = await this.#within(bound, (done) => {
      let reply: z.infer<typeof replySchema> | null = null;
      let isIdle = false;
      let drained = this.process.name !== "deno";
      let asked = drained;
      const listen: Listener = ({ type, parent, content }, channel) => {
        if (channel === "shell") reply ??= z.parse(replySchema, content);
        else if (type === "status") isIdle ||= content.execution_state === "idle";
        else if (type === "stream" && String(content.text).includes(end)) drained = true;
        else collect(outputs, { type, parent, content });
        if (reply === null || !isIdle) return;
        if (!asked) this.#request("execute_request", cell(`console.log(${JSON.stringify(end)})`, true), listen);
        asked = true;
        if (drained) done(failureOf(reply, outputs));
      };
      this.#request("execute_request", cell(code, false), listen);
    });
    return { outputs, failure };
  }

  /** End it. */
  async stop(): Promise<void> {
    this.shell.close();
    this.iopub.close();
    await this.process.stop();
  }

  /** Knock until the kernel answers on both channels. */
  async #answered(bound: number): Promise<string | null> {
    const heard = new Set<Channel>();
    let timer: ReturnType<typeof setInterval> | undefined;
    const failure = await this.#within(bound, (done) => {
      const listen: Listener = (_, channel) => {
        if (heard.add(channel).size === 2) done(null);
      };
      timer = setInterval(() => this.#request("kernel_info_request", {}, listen), KNOCK);
    });
    clearInterval(timer);
    return failure;
  }

  /** What `act` calls `done` with, unless the kernel ends or `bound` milliseconds pass before. */
  async #within(bound: number, act: (done: (failure: string | null) => void) => void): Promise<string | null> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`still running after ${bound / 1000} seconds`), bound);
    });
    const failure = await Promise.race([new Promise<string | null>(act), over, this.process.ended]);
    clearTimeout(timer);
    return failure;
  }

  #request(type: string, content: unknown, listener: Listener): void {
    const id = randomUUID();
    this.#listeners.set(id, listener);
    this.shell.send(encode(id, type, this.process.key, content)).catch(
      () => {/* The kernel has ended; that is noticed. */},
    );
  }

  async #listen(socket: Socket, channel: Channel): Promise<void> {
    for await (const frames of socket) {
      const message = decode(frames, this.process.key);
      if (message?.parent !== undefined) this.#listeners.get(message.parent)?.(message, channel);
    }
  }
}

function cell(code: string, silent: boolean) {
  return { code, silent, store_history: !silent, user_expressions: {}, allow_stdin: false, stop_on_error: true };
}

/** Why a cell failed: what it says itself, or else what the kernel answered. */
function failureOf({ status, ename, evalue }: z.infer<typeof replySchema>, outputs: readonly Output[]): string | null {
  const error = outputs.find((output) => output.output_type === "error");
  if (error !== undefined) return `${error.ename}: ${error.evalue}`;
  if (status === "ok") return null;
  if (ename !== undefined) return `${ename}: ${evalue ?? ""}`;
  const said = outputs.flatMap((output) =>
    output.output_type === "stream" && output.name === "stderr" ? output.text : []
  );
  return said.join("").trim() || `the kernel answered "${status}"`;
}
