/**
 * Seeded bugs in what the thesis adds: reads, leases, changes of the configuration.
 */
import type { DemoNode } from "../node.ts";
import type { Leader, Raft } from "../raft/state.ts";
import { findsMutation, type Mutation } from "./fuzz_cases.ts";

type Verb = "readIndex" | "confChange" | "step";

/** Nodes that do something before they do what `verb` says, and something after it. */
function around(verb: Verb, before: (node: DemoNode) => () => void): (node: DemoNode) => void {
  return (node) => {
    const act: (argument: never) => void = node[verb].bind(node);
    Object.assign(node, {
      [verb](argument: never) {
        const after = before(node);
        try {
          act(argument);
        } finally {
          after();
        }
      },
    });
  };
}

/** The same, of a leader alone. */
function asLeader(verb: Verb, before: (leader: Leader, raft: Raft) => (() => void) | void): (node: DemoNode) => void {
  return around(verb, ({ raft }) => raft.role.kind === "leader" && before(raft.role, raft) || (() => {}));
}

const MUTATIONS: readonly Mutation[] = [
  {
    name: "a leader answers reads without asking anybody",
    onStart(node) {
      const { readIndex, raft } = { readIndex: node.readIndex.bind(node), raft: node.raft };
      node.readIndex = (context) => {
        if (raft.role.kind === "leader") raft.readStates.push({ index: raft.log.committed, context });
        else readIndex(context);
      };
    },
    invariant: /^A read index is at least what was committed/,
  },
  {
    name: "a lease never ends",
    onStart: asLeader("readIndex", (leader) => {
      leader.timeoutNowSent = false;
      for (const progress of leader.tracker.values()) progress.answeredAt = leader.ticks;
    }),
    invariant: /^A read index is at least what was committed/,
  },
  {
    name: "a new leader answers reads before it has committed anything",
    onStart: asLeader("readIndex", (_, { log }) => {
      const { matchTerm } = log;
      log.matchTerm = () => true;
      return () => void (log.matchTerm = matchTerm);
    }),
    invariant: /^A read index is at least what was committed/,
  },
  {
    name: "a joint configuration counts its new half alone",
    onStart: around("step", ({ raft }) => {
      const { confState } = raft;
      const half = { ...confState, votersOutgoing: [] };
      raft.confState = half;
      return () => void (raft.confState === half && (raft.confState = confState));
    }),
    invariant: /^(A leader commits only what a quorum holds|A leader was elected by a majority)/,
  },
  {
    name: "a leader takes a change while another is on its way",
    onStart: asLeader("confChange", (leader) => void (leader.pendingConfIndex = 0)),
    invariant: /^At most one change of the configuration is on its way/,
  },
  {
    name: "a leader does not end a joint configuration",
    onStart({ raft, raft: { log } }) {
      const appliedTo = log.appliedTo.bind(log);
      log.appliedTo = (index) => {
        if (raft.role.kind === "leader" && raft.confState.autoLeave) raft.role.pendingConfIndex = Infinity;
        appliedTo(index);
      };
    },
    invariant: /^Liveness: a mended cluster goes on/,
  },
  {
    name: "a configuration is forgotten at a restart",
    onStart({ raft }) {
      if (raft.log.applied > 0) raft.confState = { ...raft.confState, learners: [], voters: [1] };
    },
    invariant: /^A node's configuration is the fold/,
  },
  {
    name: "a leader that leaves counts itself",
    onStart({ raft: { log } }) {
      log.firstConfChange = () => undefined;
    },
    invariant: /^A leader that leaves commits that by a majority of those that stay/,
  },
];

for (const mutation of MUTATIONS) findsMutation(mutation, 300);
