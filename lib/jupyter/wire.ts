/**
 * Messages of Jupyter's protocol, and the sockets they go through.
 *
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html, version 5.3.
 *
 * @module
 */
import { createHmac } from "node:crypto";
import * as z from "zod/mini";

/** A socket of the package `zeromq`, as far as it is used here. A message on it is a list of frames. */
export interface Socket extends AsyncIterable<readonly { toString(): string }[]> {
  connect(address: string): void;
  close(): void;
}

/** The package `zeromq`: requests go through a dealer, a subscriber hears what a kernel tells everyone. */
export interface Sockets {
  readonly Dealer: new () => Socket & { send(frames: string[]): Promise<void> };
  readonly Subscriber: new () => Socket & { subscribe(): void };
}

/** A message from a kernel. Its parent is the request that it answers; `undefined` if none. */
export type Received = NonNullable<ReturnType<typeof decode>>;

const DELIMITER = "<IDS|MSG>";

/** Nobody reads it, and nothing here knows the time. */
const DATE = "1970-01-01T00:00:00Z";

/** A message's header, the header it answers, its metadata and its content. */
const partsSchema = z.tuple([
  z.object({ msg_type: z.string() }),
  z.object({ msg_id: z.optional(z.string()) }),
  z.unknown(),
  z.record(z.string(), z.unknown()),
]);

/** A request as frames, signed with `key`. */
export function encode(id: string, type: string, key: string, content: unknown): string[] {
  const header = { msg_id: id, msg_type: type, username: "reader", session: key, date: DATE, version: "5.3" };
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  return [DELIMITER, signature(parts, key), ...parts];
}

/** What came as frames; `null` if it is not signed with `key`. */
export function decode(frames: readonly { toString(): string }[], key: string) {
  const texts = frames.map(String);
  const start = texts.indexOf(DELIMITER);
  const [signed, ...parts] = texts.slice(start + 1, start + 6);
  if (start < 0 || signed !== signature(parts, key)) return null;
  const [{ msg_type }, { msg_id }, , content] = z.parse(partsSchema, parts.map((part) => JSON.parse(part)));
  return { type: msg_type, parent: msg_id, content };
}

function signature(parts: readonly string[], key: string): string {
  return createHmac("sha256", key).update(parts.join("")).digest("hex");
}
