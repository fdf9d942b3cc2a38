/**
 * Why a vote is written before it is sent: a node that does it the other way round votes twice (paper §5.2, Figure 2).
 *
 * Played on tasks with a virtual clock, and a disk that takes its time; what is lost in a crash is what was on its
 * way there.
 *
 * @module
 */
import type { DemoNode } from "../node.ts";
import { VirtualClock } from "../runtime/clock.ts";
import { SimulatedDisk } from "../runtime/simulated_disk.ts";
import type { Observer } from "../trace/rows.ts";
import { playInTasks } from "./play_in_tasks.ts";
import type { Scenario } from "./scenario.ts";

/** A node that sends first and writes then: whatever it says, it may have forgotten tomorrow. */
export function sendBeforeTheWrite(node: DemoNode): void {
  const takeTurn = node.takeTurn.bind(node);
  const persisted = node.persisted.bind(node);
  node.takeTurn = () => {
    const turn = takeTurn();
    return turn === null ? null : { ...turn, messages: [...turn.messages, ...turn.ready.persistedMessages] };
  };
  node.persisted = (number) => ({ ...persisted(number), messages: [] });
}

const steps: Scenario["steps"] = [
  { do: "pauseClock", nodes: "all", title: "Node 1 asks node 3 for its vote; node 2 hears nothing of it" },
  { do: "cut", from: 1, to: 2 },
  { do: "campaign", nodes: 1 },
  { do: "run", ticks: 3 },
  { do: "stop", nodes: 3, title: "Node 3 crashes while its disk still writes, and starts again" },
  { do: "cut", from: 1, to: 3 },
  { do: "restart", nodes: 3 },
  { do: "campaign", nodes: 2, title: "Node 2 asks it for its vote, in the same term" },
  { do: "run", ticks: 20 },
  { do: "expect", that: { is: "number", nodes: [1, 2], what: "term", equals: 1 } },
];

/** With the rule: the crash came before node 3 had said anything. */
export const lostVote: Scenario = {
  name: "lost-vote",
  summary: "a node crashes while it writes its vote; it has told nobody, and votes again",
  finding: "A vote that was lost in a crash had not been sent: one leader in term 1",
  nodes: 3,
  steps: [
    ...steps,
    { do: "expect", that: { is: "role", nodes: 1, role: "candidate" } },
    { do: "expect", that: { is: "leaders", count: 1 } },
  ],
};

/** Without it: node 1 leads by a vote that node 3 knows nothing of. */
export const lostVoteWithoutTheRule: Scenario = {
  name: "lost-vote-without-the-rule",
  summary: "the same with nodes that send first and write then: two leaders in one term",
  finding: "A vote that was sent before it was written was given twice: two leaders in term 1",
  nodes: 3,
  mutation: sendBeforeTheWrite,
  steps: [...steps, { do: "expect", that: { is: "leaders", count: 2 } }],
};

/** Ticks that node 3's disk takes, as milliseconds: a tick takes one. The others write at once. */
const SLOW_MS = 10;

/**
 * Play one of the two: whether all was as expected.
 *
 * @example
 * ```ts
 * import { lostVote, lostVoteWithoutTheRule, playLostVote } from "hello-raft";
 * import { ok } from "node:assert/strict";
 *
 * ok(await playLostVote(lostVote, () => {}));
 * ok(await playLostVote(lostVoteWithoutTheRule, () => {}));
 * ```
 */
export async function playLostVote(scenario: Scenario, observer: Observer): Promise<boolean> {
  const clock = new VirtualClock();
  return await playInTasks(scenario, {}, observer, {
    clock,
    tickMs: 1,
    diskOf: (id, initial) => new SimulatedDisk(initial, clock, { delay: () => (id === 3 ? SLOW_MS : 0) }),
  });
}
