import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { strictTest } from "../world_cases.ts";
import { realClock, VirtualClock } from "./clock.ts";

Deno.test("virtual timers end in order of time, then of beginning, and only when every task waits", async () => {
  const clock = new VirtualClock();
  const ends: string[] = [];
  const timer = async (name: string, ms: number) => {
    await clock.sleep(ms);
    for (let i = 0; i < 1000; i++) await Promise.resolve();
    ends.push(`${name} ${clock.now()}`);
  };
  await Promise.all([timer("a", 20), timer("b", 10), timer("c", 20), timer("d", 0), timer("e", 10)]);
  deepStrictEqual(ends, ["d 0", "b 10", "e 10", "a 20", "c 20"]);
});

for (const [name, clock] of [["a virtual", new VirtualClock()], ["the real", realClock()]] as const) {
  strictTest(`a wait on ${name} clock ends early if its signal aborts, and leaves nothing behind`, async () => {
    const ending = new AbortController();
    const start = clock.now();
    const wait = clock.sleep(3_600_000, ending.signal);
    ending.abort();
    await wait;
    await clock.sleep(3_600_000, ending.signal);
    ok(clock.now() - start < 3_600_000);
  });
}

Deno.test("a wait on the real clock takes its time, and none if it is 0", async () => {
  const clock = realClock();
  await clock.sleep(5);
  ok(clock.now() >= 4, `${clock.now()}`);
  await clock.sleep(0);
  strictEqual(clock.onDemand, false);
});
