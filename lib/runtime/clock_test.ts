import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { realClock, VirtualClock } from "./clock.ts";

Deno.test("virtual timers end in the order of their time, then in that in which they began", async () => {
  const clock = new VirtualClock();
  const ends: string[] = [];
  const timer = async (name: string, ms: number) => {
    await clock.sleep(ms);
    ends.push(`${name} ${clock.now()}`);
  };
  await Promise.all([timer("a", 20), timer("b", 10), timer("c", 20), timer("d", 0), timer("e", 10)]);
  deepStrictEqual(ends, ["d 0", "b 10", "e 10", "a 20", "c 20"]);
});

Deno.test("virtual time goes on only when every task waits", async () => {
  const clock = new VirtualClock();
  const times: number[] = [];
  const busy = async () => {
    await clock.sleep(1);
    for (let i = 0; i < 1000; i++) await Promise.resolve();
    times.push(clock.now());
  };
  await Promise.all([busy(), clock.sleep(2), clock.sleep(3)]);
  deepStrictEqual([times, clock.now()], [[1], 3]);
});

for (
  const { name, clock } of [{ name: "a virtual", clock: new VirtualClock() }, { name: "the real", clock: realClock() }]
) {
  Deno.test({
    name: `a wait on ${name} clock ends early if its signal aborts, and leaves nothing behind`,
    sanitizeOps: true,
    sanitizeResources: true,
    async fn() {
      const ending = new AbortController();
      const start = clock.now();
      const wait = clock.sleep(3_600_000, ending.signal);
      ending.abort();
      await wait;
      await clock.sleep(3_600_000, ending.signal);
      ok(clock.now() - start < 3_600_000);
    },
  });
}

Deno.test("a wait on the real clock takes its time, and none if it is 0", async () => {
  const clock = realClock();
  await clock.sleep(5);
  ok(clock.now() >= 4, `${clock.now()}`);
  await clock.sleep(0);
  strictEqual(clock.onDemand, false);
});
