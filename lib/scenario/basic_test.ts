import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Trace } from "../trace/trace.ts";
import { basic } from "./basic.ts";
import { playOut } from "./play_out.ts";

function play(nodes: number, seed: number, key = "x", value = "1"): Trace {
  const trace = new Trace();
  playOut(basic, { nodes, seed, key, value }, trace.record);
  return trace;
}

for (let nodes = 1; nodes <= 9; nodes++) {
  Deno.test(`basic with ${nodes} ${nodes === 1 ? "node" : "nodes"} ends with one leader, and the value on all`, () => {
    for (let seed = 0; seed < 20; seed++) {
      const trace = play(nodes, seed);
      const last = trace.at(trace.lastTick());
      strictEqual(last.length, nodes);
      const leaders = last.filter(({ role }) => role === "leader");
      strictEqual(leaders.length, 1, `seed ${seed}`);
      for (const { node, leader, term, commit, applied } of last) {
        deepStrictEqual([leader, term], [leaders[0].node, leaders[0].term], `seed ${seed}, node ${node}`);
        deepStrictEqual([trace.value(node, "x"), commit, applied], ["1", 2, 2], `seed ${seed}, node ${node}`);
      }
    }
  });
}

Deno.test("basic loses no message and stops no node", () => {
  const trace = play(5, 1);
  deepStrictEqual(trace.of("nodeFault"), []);
  deepStrictEqual(trace.of("message").filter(({ event }) => event === "dropped"), []);
});

Deno.test("basic writes the key and the value it is told, whatever they are", () => {
  for (const [key, value] of [["__proto__", ""], [" ", "\n"], ["é\ud83d\ude00", "null"]]) {
    const trace = play(3, 1, key, value);
    deepStrictEqual([1, 2, 3].map((node) => trace.value(node, key)), [value, value, value]);
  }
});

Deno.test("the same seed plays the same story; the seed decides who leads", () => {
  strictEqual(play(3, 7).toJsonLines(), play(3, 7).toJsonLines());
  const leaders = [1, 2, 3, 4, 5, 6].map((seed) => {
    const trace = play(3, seed);
    return trace.at(trace.lastTick()).find(({ role }) => role === "leader")?.node;
  });
  ok(new Set(leaders).size > 1, leaders.join());
});
