import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { conditionOf } from "../trace/fold.ts";
import type { Trace } from "../trace/trace.ts";
import { commandText } from "../trace/words.ts";
import { visible } from "../trace/text.ts";
import { dataOf } from "./data.ts";
import { momentsOf } from "./moments.ts";
import { decode, type Frame } from "./page_script.js";
import { compacted, eventful, slow } from "./player_cases.ts";

const RUNS: Record<string, () => Trace> = {
  "an eventful run of five nodes": () => eventful(5, 100),
  "a run of nine": () => eventful(9, 60),
  "a run of one": () => eventful(1, 40),
  "slow messages, held and cut links, logs to start from": slow,
  "a snapshot": compacted,
};

/** What the page's own script makes of what it is told of `trace`, as JSON. */
function framesOf(trace: Trace, first = 0): Frame[] {
  const data = dataOf("t", momentsOf(trace.scenes()).slice(first));
  return decode(JSON.parse(JSON.stringify(data)));
}

for (const [name, run] of Object.entries(RUNS)) {
  for (const first of [0, 17]) {
    Deno.test(`the page decodes every tick as the trace tells it: ${name}, from scene ${first}`, () => {
      const trace = run();
      const scenes = trace.scenes().slice(first);
      const frames = framesOf(trace, first);
      deepStrictEqual(frames.map(({ tick }) => tick), scenes.map(({ tick }) => tick));
      for (const [i, { nodes, links }] of frames.entries()) {
        const { state } = scenes[i];
        deepStrictEqual(
          nodes.map(({ height: _height, badge: _badge, log, first, ...node }) => ({
            ...node,
            first,
            log: log.slice(first).map(([term, command]) => [term, command]),
          })),
          [...state.nodes.values()].map((node) => {
            const { node: id, clockPaused, term, vote, firstIndex, lastIndex, commit, applied, log } = node;
            const entries = log.entries().map(({ term, command }) => [term, visible(commandText(command))]);
            const indices = { first: firstIndex, last: lastIndex, commit, applied };
            return { id, condition: conditionOf(node), clockPaused, term, vote, ...indices, log: entries };
          }),
        );
        const broken = [...state.links].filter(([, link]) => link.state !== "open");
        deepStrictEqual(links, Object.fromEntries(broken.map(([way, link]) => [way, link.state])));
      }
    });
  }
}

Deno.test("a message is seen from the tick after its sending to the one in which it ends, and goes on all the time", () => {
  for (const trace of [eventful(5, 80), slow()]) {
    const frames = framesOf(trace);
    const rows = trace.of("message").filter(({ tick }) => tick <= trace.lastTick());
    for (const [event, fate] of [["delivered", "delivered"], ["dropped", "lost"]] as const) {
      const seen = frames.flatMap(({ messages }) => messages.filter((message) => message.fate === fate));
      const ends = [seen, rows.filter((row) => row.event === event)].map((messages) =>
        messages.map(({ from, to }) => `${from} ${to}`).sort()
      );
      deepStrictEqual(ends[0], ends[1]);
    }
    for (const { start, part } of frames.flatMap(({ messages }) => messages)) {
      ok(start >= 0 && start < part && part <= 1, `${start} to ${part}`);
    }
  }
});

Deno.test("a message of three ticks is seen three times, a third of the way further each time", () => {
  for (const first of [0, 1]) {
    const asked = framesOf(slow(), first).slice(0, 3 - first).map(({ messages }) =>
      messages.find(({ label, to }) => label === "RequestVote" && to === 2)
    );
    deepStrictEqual(asked.map((message) => message?.part.toFixed(2)), ["0.33", "0.67", "1.00"].slice(first));
    deepStrictEqual(asked.map((message) => message?.fate), ["on-its-way", "on-its-way", "delivered"].slice(first));
  }
});

Deno.test("messages say what they are about and carry, and whether they refuse; a stopped node has no letter", () => {
  const frames = framesOf(eventful());
  const topics = new Map(frames.flatMap(({ messages }) => messages.map(({ label, topic }) => [label, topic])));
  for (const [label, topic] of [["RequestVote", "vote"], ["Append +1", "append"], ["AppendResponse (no)", "append"]]) {
    strictEqual(topics.get(label), topic);
  }
  const badges = new Set(frames.flatMap(({ nodes }) => nodes.map(({ badge }) => badge)));
  for (const badge of ["F0", "C1", "L1", "stopped"]) ok(badges.has(badge), badge);
});

Deno.test("a part goes on until the next one, and one that began before the first frame is told", () => {
  const parts = framesOf(eventful()).map(({ part }) => part);
  deepStrictEqual([parts[0], parts[19], parts[20], parts[44], parts[45]], [
    "Everybody is well",
    "Everybody is well",
    "Cut off: 4 and 5",
    "Cut off: 4 and 5",
    "Everybody can be reached again",
  ]);
  deepStrictEqual(framesOf(eventful(), 30).map(({ part }) => part), parts.slice(30));
});
