/**
 * The notebook kernel this runs in: Deno's, tslab on Node, or none.
 *
 * The only file below the command line that knows either of them. Everywhere the same cell leaves the same outputs,
 * in the order in which it made them.
 *
 * @module
 */
import { format } from "node:util";

/** What Deno's kernel offers. */
interface DenoJupyter {
  broadcast(messageType: string, content: unknown): Promise<void>;
}

/** What tslab offers to the code it runs. */
interface Tslab {
  require(name: "tslab"): { readonly display: { html(html: string): void } };
  require(name: "zeromq"): { readonly Publisher: { readonly prototype: Publisher } };
}

/** The socket on which a tslab kernel sends its outputs. */
interface Publisher {
  sendTimeout: number;
  send(message: unknown): Promise<void>;
}

const host = globalThis as unknown as {
  readonly Deno?: { readonly jupyter?: DenoJupyter };
  readonly __tslab__?: Tslab;
};

/** Puts a piece of HTML below the cell that runs. */
export type Display = (html: string) => Promise<void>;

/** How to display HTML here; `null` where there is no notebook. */
export const display: Display | null = displayHere();

function displayHere(): Display | null {
  if (host.__tslab__ !== undefined) return inTslab(host.__tslab__);
  try {
    const jupyter = host.Deno?.jupyter;
    return jupyter === undefined ? null : inDeno(jupyter);
  } catch {
    // Outside of its kernel, Deno throws where it is asked for `jupyter`.
    return null;
  }
}

const PAUSES = 8;
const PAUSE_MS = 3;

/**
 * In Deno's kernel, what is printed and what is displayed reach the reader on two ways, and in any order. So what is printed
 * goes the way of what is displayed, and is written as Node writes it.
 */
function inDeno(jupyter: DenoJupyter): Display {
  let printed = "";
  const flush = async (): Promise<void> => {
    const text = printed;
    printed = "";
    if (text !== "") await send(jupyter, "stream", { name: "stdout", text });
  };
  const print = (...values: unknown[]): void => {
    if (printed === "") queueMicrotask(flush);
    printed += `${format(...values)}\n`;
  };
  const complain = (...values: unknown[]): void => {
    flush();
    send(jupyter, "stream", { name: "stderr", text: `${format(...values)}\n` });
  };
  Object.assign(console, { log: print, info: print, debug: print, error: complain, warn: complain });
  return async (html) => {
    await flush();
    await send(jupyter, "display_data", { data: { "text/html": html }, metadata: {}, transient: {} });
  };
}

/**
 * The kernel's other thread sends, and nothing tells when it has. It is given a moment, so that no cell ends before its last
 * output is on its way: several short ones, for a machine that stands still makes one long pause short.
 */
function send(jupyter: DenoJupyter, messageType: string, content: unknown): Promise<void> {
  const sent = jupyter.broadcast(messageType, content);
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  for (let pause = 0; pause < PAUSES; pause++) Atomics.wait(nothing, 0, 0, PAUSE_MS);
  return sent;
}

/** tslab sends on one way, in order. It would lose what comes after 512 messages at once, unless its socket may not wait. */
function inTslab(tslab: Tslab): Display {
  const socket = tslab.require("zeromq").Publisher.prototype;
  const { send } = socket;
  const value = function (this: Publisher, message: unknown): Promise<void> {
    if (this.sendTimeout !== 0) this.sendTimeout = 0;
    return send.call(this, message);
  };
  Object.defineProperty(socket, "send", { value });
  const { display } = tslab.require("tslab");
  return (html) => Promise.resolve(display.html(html));
}
