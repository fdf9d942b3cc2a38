/**
 * "Lose a write" (notebook 03): a double of a node that forgets what a client was told of.
 *
 * @module
 */
import type { Command } from "../command.ts";
import type { DemoNode } from "../node.ts";
import type { Ticks } from "../raft/mod.ts";
import { RuntimeError, runUntil } from "../runtime/runtime.ts";
import type { Trace } from "../trace/trace.ts";
import { agreed, diskLab } from "./disk_lab.ts";

/** What turns a node into its double: called with each of them when it starts. */
export type Double = (node: DemoNode) => void;

/** How the story ended. */
export interface CrashStory {
  /** What happened. */
  readonly trace: Trace;
  /** Whether the leader had applied the Put before the crash: its client was told "done". */
  readonly isTold: boolean;
  /** Whether the cluster still has the Put. */
  readonly isKept: boolean;
}

/** How long the disks take: a quick one, and that of a follower that writes the Put. */
const [QUICK, SLOW]: readonly Ticks[] = [2, 20];

/**
 * The story of the exercise: node 1 leads and takes a Put while the disks of the other two need 20 ticks. After four ticks all
 * three crash. Nodes 2 and 3 start again and elect one of them.
 *
 * @example Nodes as they should be: nobody was told, so nothing is lost that was promised.
 * ```ts
 * import { crashStory } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const { isTold } = await crashStory(() => {});
 * strictEqual(isTold, false);
 * ```
 */
export async function crashStory(double: Double): Promise<CrashStory> {
  let ofOthers = QUICK;
  const { runtime, trace } = await diskLab((id) => id === 1 ? QUICK : ofOthers, { onStart: double });
  try {
    // Whoever the doubles would elect: only node 1 campaigns.
    for (const id of runtime.ids) runtime.pauseClock(id);
    runtime.campaign(1);
    await runUntil(runtime, "node 1 leads, and all agree", () => runtime.leader()?.id === 1 && agreed(runtime), 100);
    ofOthers = SLOW;
    const put: Command = { kind: "Put", key: "x", value: "a" };
    await runtime.submit(put, 1);
    for (let i = 0; i < 4; i++) await runtime.nextTick();
    const isTold = runtime.node(1).store.get("x") === "a";
    for (const id of runtime.ids) runtime.stop(id);
    ofOthers = QUICK;
    for (const id of [2, 3]) {
      runtime.restart(id);
      runtime.resumeClock(id);
    }
    await runUntil(runtime, "nodes 2 and 3 elect one of them, and agree", () => agreed(runtime), 500);
    return { trace, isTold, isKept: runtime.nodes().some(({ store }) => store.get("x") === "a") };
  } finally {
    await runtime.close();
  }
}

/**
 * Whether a double lets its votes wait for the disk, and forgets a Put that a client was told of.
 *
 * @returns What is wrong with it; `null` if nothing is.
 *
 * @example
 * ```ts
 * import { checkLostWrite } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * match(await checkLostWrite(() => {}) ?? "", /nobody was told/);
 * ```
 */
export async function checkLostWrite(double: Double): Promise<string | null> {
  let story: CrashStory;
  try {
    story = await crashStory(double);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    return `The story does not come to its end with this double. ${error.message}.`;
  }
  const { trace, isTold, isKept } = story;
  const messages = trace.of("message");
  const asked = messages.filter(({ type, event }) => type === "RequestVote" && event === "delivered");
  const requests = messages.filter(({ type, event }) => type === "RequestVote" && event === "sent");
  const votes = messages.filter(({ type, event }) => type === "RequestVoteResponse" && event === "sent");
  // A write takes two ticks, so a vote that leaves in the tick in which its request arrived has not been written.
  const isEarly = votes.some((vote) => asked.some(({ to, tick }) => to === vote.from && tick === vote.tick));
  if (isEarly) return "A vote leaves before it is written. Let votes wait.";
  // A candidate's request says that its own vote is written.
  const campaigns = trace.of("node").filter(({ role }) => role === "candidate");
  const isFirst = (at: { node: number; term: number; tick: Ticks }, i: number) =>
    campaigns.findIndex(({ node, term }) => node === at.node && term === at.term) === i;
  const begun = campaigns.filter(isFirst);
  const isAskedEarly = requests.some((request) =>
    begun.some(({ node, tick }) => node === request.from && tick === request.tick)
  );
  if (isAskedEarly) return "A candidate asks for votes before its own is written. Let its RequestVote wait.";
  if (!isTold) return "Node 1 has not applied the Put before the crash: nobody was told, no promise is broken.";
  return isKept ? "The Put is still there." : null;
}
