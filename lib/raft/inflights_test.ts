import { strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { Inflights, InvariantViolation } from "./mod.ts";

/** A window of `capacity` with messages that end at these indices. */
function windowOf(capacity: number, ...lasts: number[]): Inflights {
  const inflights = new Inflights(capacity);
  for (const last of lasts) inflights.add(last);
  return inflights;
}

/** How many more messages fit in. */
function room(inflights: Inflights): number {
  let count = 0;
  for (; !inflights.full(); count++) inflights.add(1000 + count);
  return count;
}

Deno.test("Inflights is full when as many messages are on their way as it has room for", () => {
  const inflights = windowOf(2);
  strictEqual(inflights.full(), false);
  inflights.add(1);
  strictEqual(inflights.full(), false);
  inflights.add(2);
  strictEqual(inflights.full(), true);
  throws(() => inflights.add(3), InvariantViolation);
});

Deno.test("Inflights frees every message that ends at or before the acknowledged index", () => {
  const cases: [acknowledged: number, free: number][] = [[2, 0], [3, 1], [5, 1], [6, 2], [8, 2], [9, 3], [100, 3]];
  for (const [acknowledged, free] of cases) {
    const inflights = windowOf(3, 3, 6, 9);
    inflights.freeTo(acknowledged);
    strictEqual(room(inflights), free, `acknowledged up to ${acknowledged}`);
  }
});

Deno.test("Inflights gives up the oldest message and no other", () => {
  const inflights = windowOf(3, 3, 6, 9);
  inflights.freeFirstOne();
  strictEqual(inflights.full(), false);
  inflights.freeTo(3);
  inflights.add(12);
  strictEqual(inflights.full(), true, "the message that ended at 3 is no longer there to be freed");
  inflights.freeTo(6);
  strictEqual(room(inflights), 1);
});

Deno.test("Inflights forgets nothing and invents nothing, however long it goes round", () => {
  const steps = fc.array(fc.record({ add: fc.nat(4), acknowledged: fc.nat(3), lose: fc.nat(3) }), { maxLength: 30 });
  fc.assert(fc.property(fc.integer({ min: 1, max: 5 }), steps, (capacity, steps) => {
    const inflights = new Inflights(capacity);
    const list: number[] = [];
    let last = 0;
    for (const { add, acknowledged, lose } of steps) {
      for (let i = 0; i < add && list.length < capacity; i++) {
        inflights.add(++last);
        list.push(last);
      }
      strictEqual(inflights.full(), list.length === capacity);
      inflights.freeTo((list[0] ?? 1) - 1 + acknowledged);
      list.splice(0, acknowledged);
      if (lose === 0) {
        inflights.freeFirstOne();
        list.shift();
      }
    }
    strictEqual(room(inflights), capacity - list.length);
  }));
});
