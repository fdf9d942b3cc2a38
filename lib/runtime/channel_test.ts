import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Channel } from "./channel.ts";

/** What a promise has become once everything else waits. */
async function settled<T>(promise: Promise<T>): Promise<T | "waits"> {
  await new Promise((resolve) => setImmediate(resolve));
  return await Promise.race([promise, Promise.resolve("waits" as const)]);
}

/** What the reader gets next; `null` once it is closed. */
async function next<T>(channel: Channel<T>): Promise<T[] | null> {
  return await channel.isFilled() ? channel.takeAll() : null;
}

Deno.test("what is put in is taken out in the same order, all at once; a reader waits for it", async () => {
  const channel = new Channel<number>(3);
  const taken = next(channel);
  strictEqual(await settled(taken), "waits");
  deepStrictEqual([channel.offer(1), await channel.put(2), channel.offer(3)], [true, true, true]);
  strictEqual(channel.isEmpty, false);
  deepStrictEqual([await taken, channel.isEmpty], [[1, 2, 3], true]);
});

Deno.test("when it is full, an offer is lost, and a put waits for room; nothing overtakes what waits", async () => {
  const channel = new Channel<number>(1);
  channel.offer(1);
  const puts = [channel.put(2), channel.put(3)];
  strictEqual(await settled(puts[0]), "waits");
  deepStrictEqual([channel.takeAll(), channel.isEmpty, channel.offer(9)], [[1], false, false]);
  puts.push(channel.put(4));
  deepStrictEqual([await puts[0], await settled(puts[1])], [true, "waits"]);
  const later = [await next(channel), await next(channel), await next(channel)];
  deepStrictEqual([later, await Promise.all(puts)], [[[2], [3], [4]], [true, true, true]]);
});

Deno.test("closing it wakes everybody: the reader gets nothing, writers have lost their item", async () => {
  const empty = new Channel<number>(1);
  const taken = next(empty);
  deepStrictEqual(empty.close(), []);
  strictEqual(await taken, null);
  const full = new Channel<number>(1);
  full.offer(1);
  const put = full.put(2);
  deepStrictEqual(full.close(), [1]);
  deepStrictEqual([await put, full.offer(3), await full.put(4), await next(full)], [false, false, false, null]);
  strictEqual(full.isClosed, true);
});
