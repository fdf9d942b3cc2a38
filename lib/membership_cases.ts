/** What every world must do where the configuration changes (paper §6). */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import type { ClusterOptions } from "./cluster_options.ts";
import { put } from "./cluster_cases.ts";
import {
  type ConfChange,
  type ConfChangeSingle,
  type ConfState,
  type Index,
  isMember,
  newConfState,
  type NodeId,
  RaftError,
} from "./raft/mod.ts";
import { type Runtime, type RuntimeOptions, runUntil } from "./runtime/runtime.ts";
import { losingDisks } from "./storage/disk.ts";
import type { Trace } from "./trace/trace.ts";
import { restart, runtimeTest } from "./world_cases.ts";

const learner = (node: NodeId): ConfChangeSingle => ({ type: "addLearnerNode", node });
const voter = (node: NodeId): ConfChangeSingle => ({ type: "addNode", node });
const removal = (node: NodeId): ConfChangeSingle => ({ type: "removeNode", node });
const auto = (...changes: readonly ConfChangeSingle[]): ConfChange => ({ transition: "auto", changes });

/** Run until somebody leads the latest term, and all members have applied the leader's log. */
async function settle(runtime: Runtime): Promise<NodeId> {
  await runUntil(runtime, "all members have applied the leader's log", () => {
    const leader = runtime.leader();
    const members = runtime.nodes().filter(({ id }) => leader !== null && isMember(leader.configuration, id));
    return members.length > 0 &&
      members.every((node) =>
        node.status().ss.leaderId === leader?.id && node.status().applied === leader.status().lastIndex
      );
  });
  return runtime.leader()?.id ?? 0;
}

/** Ask for a change, and wait until these nodes, by default all, have applied it. */
async function change(runtime: Runtime, asked: ConfChange, expected: ConfState, ids = runtime.ids): Promise<void> {
  runtime.confChange(asked, await settle(runtime));
  await runUntil(
    runtime,
    "the change is applied",
    () => ids.every((id) => `${JSON.stringify(runtime.node(id).configuration)}` === JSON.stringify(expected)),
  );
}

/** A world in which it is known at once throws the refusal, too. */
function ask(change: () => void): void {
  try {
    change();
  } catch (error) {
    if (!(error instanceof RaftError)) throw error;
  }
}

const asked = (trace: Trace) => trace.of("confChange").map(({ node, result }) => [node, result]);

/** Register the suite for one kind of world. */
export function membershipCases(name: string, start: (options: RuntimeOptions) => Promise<Runtime>): void {
  const run = (what: string, options: ClusterOptions, body: (runtime: Runtime, trace: Trace) => Promise<void>) =>
    runtimeTest(`${name}: ${what}`, options, body, start);

  run("a node outside the configuration hears nothing, counts nowhere, and never campaigns", {
    nodes: 4,
    spares: 1,
  }, async (runtime, trace) => {
    const leader = await settle(runtime);
    for (const id of runtime.ids) if (id < 4 && id !== leader) runtime.stop(id);
    runtime.propose(put("1"), leader);
    for (let i = 0; i < 60; i++) await runtime.nextTick();
    const { hs: { term }, ss: { raftState }, lastIndex } = runtime.node(4).status();
    deepStrictEqual([term, raftState, lastIndex], [0, "follower", 0]);
    const { hs: { commit }, lastIndex: asked } = runtime.node(leader).status();
    strictEqual(commit, asked - 1);
    throws(() => runtime.campaign(4), { name: "ClusterError", message: /^Cannot campaign: node 4 is no voter/ });
    deepStrictEqual(trace.of("message").filter(({ from, to }) => from === 4 || to === 4), []);
    const founders = newConfState({ voters: [1, 2, 3] });
    const told = trace.of("configuration").map(({ tick, node, configuration }) => [tick, node, configuration]);
    deepStrictEqual(told, runtime.ids.map((id) => [0, id, founders]));
  });

  run("a node is added as a learner, by way of a follower, and promoted; each change is told on every node", {
    nodes: 4,
    spares: 1,
  }, async (runtime, trace) => {
    const leader = await settle(runtime);
    const follower = leader === 1 ? 2 : 1;
    runtime.confChange(auto(learner(4)), follower);
    const joined = newConfState({ voters: [1, 2, 3], learners: [4] });
    await runUntil(runtime, "node 4 is a learner", () => isMember(runtime.node(4).configuration, 4));
    await settle(runtime);
    runtime.propose(put("1"), leader);
    await runUntil(runtime, "it has the write", () => runtime.node(4).store.get("x") === "1");
    const whole = newConfState({ voters: [1, 2, 3, 4] });
    await change(runtime, auto(voter(4)), whole);
    deepStrictEqual(asked(trace), [[follower, "forwarded"], [leader, "appended"]]);
    const forwarded = trace.of("message").find((row) => row.type === "Propose");
    ok(forwarded?.type === "Propose");
    deepStrictEqual(forwarded.change, auto(learner(4)));
    for (const id of runtime.ids) {
      const told = trace.of("configuration").filter(({ tick, node }) => tick > 0 && node === id);
      deepStrictEqual(told.map(({ configuration }) => configuration), [joined, whole]);
    }
  });

  run("while a change is on its way, an empty entry takes the place of another", {
    nodes: 5,
    spares: 2,
  }, async (runtime, trace) => {
    const leader = await settle(runtime);
    runtime.confChange(auto(learner(4)), leader);
    runtime.confChange(auto(learner(5)), leader);
    await runUntil(runtime, "node 4 is a learner", () => isMember(runtime.node(4).configuration, 4));
    await settle(runtime);
    deepStrictEqual(asked(trace), [[leader, "appended"], [leader, "empty"]]);
    deepStrictEqual(runtime.node(4).configuration.learners, [4]);
    const [first, second] = trace.of("confChange").map(({ index }) => index);
    const applied = (at: Index | null) =>
      trace.of("apply").filter(({ index }) => index === at).map(({ outcome }) => outcome.kind);
    deepStrictEqual(applied(first), Array(4).fill("Configuration"));
    deepStrictEqual(applied(second), Array(4).fill("Empty"));
  });

  run(
    "a change that cannot be made is refused, told with the reason, and leaves no entry",
    {},
    async (runtime, trace) => {
      ask(() => runtime.confChange(auto(removal(3)), 2));
      const leader = await settle(runtime);
      const { lastIndex } = runtime.node(leader).status();
      ask(() => runtime.confChange(auto(removal(1), removal(2), removal(3)), leader));
      await runtime.nextTick();
      strictEqual(runtime.node(leader).status().lastIndex, lastIndex);
      throws(() => runtime.confChange(auto(learner(4)), leader), {
        name: "ClusterError",
        message: /node 4: there are/,
      });
      throws(() => runtime.confChange(auto(learner(0)), leader), { name: "RaftError", kind: "ConfChangeInvalid" });
      const [nobody, empty, ...more] = trace.of("confChange");
      deepStrictEqual([nobody.result, empty.result, more], ["dropped", "dropped", []]);
      ok(nobody.why?.includes("it knows no leader") && empty.why?.includes("no voter would be left"));
    },
  );

  run(
    "a leader that removes itself commits that as leader, and steps down; the rest go on",
    {},
    async (runtime, trace) => {
      const old = await settle(runtime);
      const rest = runtime.ids.filter((id) => id !== old);
      const before = runtime.node(old).status();
      runtime.confChange(auto(removal(old)), old);
      await runUntil(runtime, "another leads", () => rest.includes(runtime.leader()?.id ?? 0));
      await settle(runtime);
      const commits = trace.of("commit").filter(({ node, index }) => node === old && index > before.lastIndex);
      deepStrictEqual(commits.map(({ role }) => role), ["leader"]);
      for (let i = 0; i < 60; i++) await runtime.nextTick();
      const { ss: { raftState }, hs: { term }, lastIndex } = runtime.node(old).status();
      deepStrictEqual([raftState, term, lastIndex], ["follower", before.hs.term, before.lastIndex + 1]);
      deepStrictEqual(runtime.node(old).configuration.voters, rest);
    },
  );

  for (const compacts of [false, true]) {
    const what = compacts ? "a snapshot" : "the log alone";
    run(`${what} on disk brings back a joint configuration, all of it, and it can be left`, {
      nodes: 5,
      spares: 2,
      diskOf: losingDisks(),
    }, async (runtime, trace) => {
      const changes = [voter(4), learner(3), removal(2), learner(5)];
      const outgoing = { votersOutgoing: [1, 2, 3], learnersNext: [3] };
      const joint = newConfState({ voters: [1, 4], learners: [5], ...outgoing, autoLeave: false });
      await change(runtime, { transition: "explicit", changes }, joint);
      await settle(runtime);
      if (compacts) { for (const id of runtime.ids) runtime.compact(id, 1); }
      // With the next entry its commit is on every disk as well.
      runtime.propose(put("1"), await settle(runtime));
      await runUntil(runtime, "all have it", () => runtime.nodes().every((node) => node.store.get("x") === "1"));
      for (const id of runtime.ids) runtime.stop(id);
      await restart(runtime, ...runtime.ids);
      for (const id of runtime.ids) deepStrictEqual(runtime.node(id).configuration, joint, `node ${id}`);
      await settle(runtime);
      await change(runtime, auto(), newConfState({ voters: [1, 4], learners: [3, 5] }), [1, 3, 4, 5]);
      strictEqual(trace.of("confChange").at(-1)?.result, "appended");
    });
  }

  run("where the log is compacted, a snapshot brings the configuration to a node that joins", {
    nodes: 4,
    spares: 1,
  }, async (runtime, trace) => {
    const leader = await settle(runtime);
    runtime.propose(put("1"), leader);
    await runtime.nextTick();
    await settle(runtime);
    for (const id of [1, 2, 3]) runtime.compact(id, 0);
    await change(runtime, auto(learner(4)), newConfState({ voters: [1, 2, 3], learners: [4] }));
    deepStrictEqual(runtime.node(4).store.pairs(), [["x", "1"]]);
    deepStrictEqual(trace.of("restore").map(({ node, pairs }) => [node, pairs]), [[4, [["x", "1"]]]]);
    await restart(runtime, 4);
    deepStrictEqual(runtime.node(4).configuration.learners, [4]);
  });
}
