/**
 * Seeded bugs: what the tests of fuzz runs have in common.
 *
 * @module
 */
import { match } from "node:assert/strict";
import type { DemoNode } from "../node.ts";
import type { Leader, Raft } from "../raft/state.ts";
import { fuzz, FuzzFailure, type FuzzOptions } from "./fuzz.ts";

/** A bug, and the invariant that breaks by it. */
export interface Mutation extends Pick<FuzzOptions, "mix" | "mutation" | "onStart"> {
  /** What is wrong, as a clause. */
  readonly name: string;
  readonly invariant: RegExp;
}

/** How a run broke. */
export function catching(run: () => unknown): FuzzFailure {
  try {
    run();
  } catch (error) {
    if (error instanceof FuzzFailure) return error;
    throw error;
  }
  throw new Error("nothing broke");
}

/** The first of `seeds` runs in which something breaks. */
export function firstFailure(seeds: number, options: FuzzOptions, invariant = /./): FuzzFailure {
  const others = new Set<string>();
  for (let seed = 0; seed < seeds; seed++) {
    try {
      fuzz(seed, options);
    } catch (error) {
      if (!(error instanceof FuzzFailure)) throw error;
      if (invariant.test(error.message)) return error;
      others.add(error.message);
    }
  }
  throw new Error(`found only: ${[...others].join("; ") || "nothing"}`);
}

/** Register the test that `mutation` is found in the first `seeds` runs. */
export function findsMutation({ name, invariant, ...options }: Mutation, seeds = 100): void {
  Deno.test(`the fuzz runs find it if ${name}, and say where`, () => {
    match(firstFailure(seeds, options, invariant).message, /\((node|expected) .*found/);
  });
}

type Verb = "readIndex" | "confChange" | "step" | "compact";

/** Nodes that do something before they do what `verb` says, and something after it. */
function around(verb: Verb, before: (node: DemoNode) => () => void): (node: DemoNode) => void {
  return (node) => {
    const act: (argument: never) => unknown = node[verb].bind(node);
    Object.assign(node, {
      [verb](argument: never) {
        const after = before(node);
        try {
          return act(argument);
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

/** Bugs in what the thesis adds: reads, leases, changes of the configuration, sessions. */
export const THESIS_MUTATIONS: readonly Mutation[] = [
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
    name: "a follower reads as soon as it is answered, whatever index the leader names",
    onStart(node) {
      const step = node.step.bind(node);
      node.step = (message) => step(message.type === "ReadIndexResp" ? { ...message, index: 0 } : message);
    },
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
  {
    name: "a store knows no requests, and carries them out whenever they come",
    onStart({ store }) {
      const apply = store.apply.bind(store);
      store.apply = ({ by: _, ...command }) => apply(command);
    },
    invariant: /^A request is carried out at most once/,
  },
  {
    name: "snapshots forget the requests",
    onStart: around("compact", ({ store }) => {
      const { sessions } = store;
      store.sessions = () => [];
      return () => void (store.sessions = sessions);
    }),
    invariant: /^(A request is carried out at most once|State Machine Safety)/,
  },
];
