import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { flightsOf } from "../charts/messages.ts";
import { logsAt } from "../charts/logs.ts";
import type { Trace } from "../trace/trace.ts";
import { dataOf } from "./data.ts";
import { compacted, eventful, slow } from "./player_cases.ts";
import { decoded } from "./script_cases.ts";
import { scenesOf } from "./scenes.ts";
import { commandText } from "./words.ts";

const RUNS: Record<string, () => Trace> = {
  "an eventful run of five nodes": () => eventful(5, 120),
  "a run of nine": () => eventful(9, 60),
  "a run of one": () => eventful(1, 40),
  "slow messages, held and cut links, logs to start from": slow,
  "a snapshot": compacted,
};

for (const [name, run] of Object.entries(RUNS)) {
  for (const first of [0, 17]) {
    Deno.test(`every tick is decoded as the trace tells it: ${name}, from scene ${first}`, () => {
      const trace = run();
      const scenes = scenesOf(trace);
      const frames = decoded(dataOf("t", scenes, first));
      strictEqual(frames.length, scenes.length - first);
      for (const frame of frames) {
        deepStrictEqual(frame.nodes.map(({ log: _log, muted: _muted, ...node }) => node), nodesOf(trace, frame.tick));
        deepStrictEqual(frame.nodes.map(({ log }) => log), logsOf(trace, frame.tick));
      }
    });
  }
}

/** The nodes at the end of a tick. */
function nodesOf(trace: Trace, tick: number): unknown[] {
  return trace.at(tick).map(({ node: id, running, role, term, vote, firstIndex, lastIndex, commit, applied }) => {
    const condition = running ? role : "stopped";
    return { id, running, role, condition, term, vote, first: firstIndex, last: lastIndex, commit, applied };
  });
}

/** The logs at the end of a tick. */
function logsOf(trace: Trace, tick: number): unknown[] {
  return logsAt(trace, tick).map(({ entries }) =>
    [...entries.values()].map(({ term, command }) => ({ term, command: commandText(command) }))
  );
}

Deno.test("muted clocks and broken links are those of the rows", () => {
  const frames = decoded(dataOf("t", scenesOf(eventful(5, 100)), 0));
  const muted = frames.filter(({ nodes }) => nodes[0].muted).map(({ tick }) => tick);
  deepStrictEqual([muted[0], muted.at(-1)], [66, 80]);
  ok(frames.every(({ nodes }) => nodes.slice(1).every((node) => !node.muted)));
  const cut = frames.filter(({ links }) => Object.keys(links).length > 0);
  deepStrictEqual([cut[0].tick, cut.at(-1)?.tick, Object.keys(cut[0].links).length], [21, 45, 12]);
  deepStrictEqual(new Set(cut.flatMap(({ links }) => Object.values(links))), new Set(["cut"]));
});

Deno.test("every message is seen from the tick after its sending to the one in which it ends, and goes on all the time", () => {
  for (const trace of [eventful(5, 80), slow()]) {
    const frames = decoded(dataOf("t", scenesOf(trace), 0));
    const flights = flightsOf(trace, 0, trace.lastTick());
    const ended = flights.filter(({ ended }) => ended !== null && ended <= trace.lastTick());
    const arrivals = frames.flatMap(({ tick, messages }) =>
      messages.filter(({ fate }) => fate === "delivered").map((
        { type, from, to, part },
      ) => [tick, type, from, to, part])
    );
    const delivered = ended.filter(({ fate }) => fate === "delivered");
    deepStrictEqual(
      arrivals.map(String).sort(),
      delivered.map(({ ended, message: { type, from, to } }) => String([ended, type, from, to, 1])).sort(),
    );
    const lost = frames.flatMap(({ messages }) => messages.filter(({ fate }) => fate === "lost"));
    strictEqual(lost.length, ended.filter(({ fate }) => fate === "lost").length);
    for (const { messages } of frames) {
      for (const { start, part } of messages) ok(start >= 0 && start < part && part <= 1, `${start} to ${part}`);
    }
  }
});

Deno.test("a message of three ticks is seen three times, a third of the way further each time", () => {
  const frames = decoded(dataOf("t", scenesOf(slow()), 0));
  const asked = frames.slice(0, 3).map(({ messages }) =>
    messages.find(({ type, to }) => type === "RequestVote" && to === 2)
  );
  deepStrictEqual(asked.map((message) => message?.part.toFixed(2)), ["0.33", "0.67", "1.00"]);
  deepStrictEqual(asked.map((message) => message?.fate), ["on its way", "on its way", "delivered"]);
});

Deno.test("a part goes on until the next one, and one that began before the first frame is told", () => {
  const scenes = scenesOf(eventful(5, 100));
  const titles = (first: number) => decoded(dataOf("t", scenes, first)).map(({ part }) => part);
  const all = titles(0);
  deepStrictEqual([all[0], all[19], all[20], all[44], all[45]], [
    "Everybody is well",
    "Everybody is well",
    "Cut off: 4 and 5",
    "Cut off: 4 and 5",
    "Everybody can be reached again",
  ]);
  deepStrictEqual(titles(30), all.slice(30));
});
