/**
 * The notebook kernel this runs in: Deno's, tslab on Node, or none.
 *
 * The only file below the command line that knows either of them. Everywhere the same cell leaves the same outputs,
 * in the order in which it made them.
 *
 * @module
 */
import { Console } from "node:console";
import process from "node:process";
import { Writable } from "node:stream";

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
 * goes the way of what is displayed, and a console of Node's writes it: groups, tables and counts are what tslab prints.
 */
function inDeno(jupyter: DenoJupyter): Display {
  let printed = "";
  const flush = async (): Promise<void> => {
    const text = printed;
    printed = "";
    if (text !== "") await send(jupyter, "stream", { name: "stdout", text });
  };
  const stdout = streamTo((text) => {
    if (printed === "") queueMicrotask(flush);
    printed += text;
  });
  const stderr = streamTo((text) => {
    flush();
    send(jupyter, "stream", { name: "stderr", text });
  });
  Object.assign(console, new Console({ stdout, stderr }));
  Object.assign(process.stdout, { write: stdout.write.bind(stdout) });
  return async (html) => {
    await flush();
    await send(jupyter, "display_data", { data: { "text/html": html }, metadata: {}, transient: {} });
  };
}

/** A stream that gives every text to `print`, at once. */
function streamTo(print: (text: string) => void): Writable {
  return new Writable({
    decodeStrings: false,
    write: (text, _, done) => {
      print(String(text));
      done();
    },
  });
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
