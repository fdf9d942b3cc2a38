import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Channel } from "./channel.ts";

/** What a promise has become once everything else waits. */
async function settled<T>(promise: Promise<T>): Promise<T | "waits"> {
  await new Promise((resolve) => setImmediate(resolve));
  return await Promise.race([promise, Promise.resolve("waits" as const)]);
}

Deno.test("what is put in is taken out in the same order, all at once", async () => {
  const channel = new Channel<number>(3);
  deepStrictEqual([channel.offer(1), await channel.put(2), channel.offer(3), channel.size], [true, true, true, 3]);
  deepStrictEqual(await channel.takeAll(), [1, 2, 3]);
  strictEqual(channel.size, 0);
});

Deno.test("a reader waits until something is there", async () => {
  const channel = new Channel<string>(1);
  const taken = channel.takeAll();
  strictEqual(await settled(taken), "waits");
  channel.offer("a");
  deepStrictEqual(await taken, ["a"]);
});

Deno.test("when it is full, an offer is lost, and a put waits for room, in the order of coming", async () => {
  const channel = new Channel<number>(1);
  channel.offer(1);
  strictEqual(channel.offer(2), false);
  const puts = [channel.put(3), channel.put(4)];
  strictEqual(await settled(puts[0]), "waits");
  deepStrictEqual(await channel.takeAll(), [1]);
  strictEqual(await puts[0], true);
  strictEqual(await settled(puts[1]), "waits");
  deepStrictEqual(await channel.takeAll(), [3]);
  deepStrictEqual(await channel.takeAll(), [4]);
});

Deno.test("an offer does not overtake a put that waits", async () => {
  const channel = new Channel<number>(1);
  channel.offer(1);
  const put = channel.put(2);
  const taken = channel.takeAll();
  strictEqual(channel.offer(3), false);
  deepStrictEqual([await taken, await put, await channel.takeAll()], [[1], true, [2]]);
});

Deno.test("a put does not overtake one that waits, not even one that is just being woken", async () => {
  const channel = new Channel<number>(1);
  channel.offer(1);
  const puts = [channel.put(2), channel.put(3)];
  const taken = channel.takeAll();
  puts.push(channel.put(4));
  deepStrictEqual(await taken, [1]);
  const later = [await channel.takeAll(), await channel.takeAll(), await channel.takeAll()];
  deepStrictEqual([later, await Promise.all(puts)], [[[2], [3], [4]], [true, true, true]]);
});

Deno.test("closing it wakes everybody: the reader gets nothing, writers have lost their item", async () => {
  const empty = new Channel<number>(1);
  const taken = empty.takeAll();
  deepStrictEqual(empty.close(), []);
  strictEqual(await taken, null);
  const full = new Channel<number>(1);
  full.offer(1);
  const put = full.put(2);
  deepStrictEqual(full.close(), [1]);
  deepStrictEqual([await put, full.offer(3), await full.put(4), await full.takeAll()], [false, false, false, null]);
  strictEqual(full.closed, true);
});

Deno.test("a capacity that makes no sense is refused", () => {
  for (const capacity of [0, -1, 1.5, NaN, Infinity]) {
    throws(() => new Channel(capacity), { name: "RangeError", message: new RegExp(`for ${capacity} items`) });
  }
});
