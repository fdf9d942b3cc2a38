/**
 * Messages of Jupyter's protocol, and the sockets they go through.
 *
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html, version 5.3.
 *
 * @module
 */
import type { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import * as z from "zod/mini";
import { load } from "./packages.ts";

/** A socket of ZeroMQ, as far as it is used here. */
export interface Socket extends AsyncIterable<Buffer[]> {
  connect(address: string): void;
  close(): void;
}

/** A socket that requests are sent through. */
export interface Dealer extends Socket {
  send(frames: string[]): Promise<void>;
}

/** A socket on which a kernel tells everyone what it does. */
export interface Subscriber extends Socket {
  subscribe(): void;
}

/** The package `zeromq`, as far as it is used here. */
export async function sockets(): Promise<
  { readonly Dealer: new () => Dealer; readonly Subscriber: new () => Subscriber }
> {
  return await load("zeromq") as Awaited<ReturnType<typeof sockets>>;
}

/** A message from a kernel. */
export interface Received {
  readonly type: string;
  /** The request that it answers; `undefined` if none. */
  readonly parent: string | undefined;
  readonly content: Readonly<Record<string, unknown>>;
}

const DELIMITER = "<IDS|MSG>";

/** Nobody reads it, and nothing here knows the time. */
const DATE = "1970-01-01T00:00:00Z";

const header = z.object({ msg_type: z.string() });
const parentHeader = z.object({ msg_id: z.optional(z.string()) });
const content = z.record(z.string(), z.unknown());

/** A request as frames, signed with `key`. */
export function encode(id: string, type: string, key: string, content: unknown): string[] {
  const header = { msg_id: id, msg_type: type, username: "reader", session: key, date: DATE, version: "5.3" };
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  return [DELIMITER, signature(parts, key), ...parts];
}

/** What came as frames; `null` if it is not signed with `key`. */
export function decode(frames: readonly { toString(): string }[], key: string): Received | null {
  const texts = frames.map(String);
  const start = texts.indexOf(DELIMITER);
  const [signed, ...parts] = texts.slice(start + 1, start + 6);
  if (start < 0 || signed !== signature(parts, key)) return null;
  const [head, parent, , body] = parts.map((part): unknown => JSON.parse(part));
  return {
    type: z.parse(header, head).msg_type,
    parent: z.parse(parentHeader, parent).msg_id,
    content: z.parse(content, body),
  };
}

function signature(parts: readonly string[], key: string): string {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}
