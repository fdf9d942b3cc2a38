/**
 * Rules of Raft that a reader can take out, to see what breaks.
 *
 * The invariant that only says the rule again is not checked then: what is to be seen is what the rule is for.
 *
 * @module
 */
import { commitsByQuorum, type Invariant, INVARIANTS, termAndVoteStay } from "../check/invariants.ts";
import { followRules } from "../exercises/follow_rules.ts";
import type { DemoNode } from "../node.ts";
import { type ConfState, newConfState, type Raft } from "../raft/mod.ts";
import type { Act } from "../scenario/perform.ts";
import type { Setting } from "../scenario/schema.ts";
import { at, type Touch } from "./touch.ts";

/** A rule that is taken out. */
interface RuleOut {
  /** In few words. */
  readonly label: string;
  /** What the nodes do otherwise. */
  readonly what: string;
  /** What makes a node break it. */
  readonly breaks: (node: DemoNode) => void;
  /** The invariant that says the rule again. */
  readonly restates: readonly Invariant[];
  /** The cluster that a short way to a broken invariant begins with, and the way. */
  readonly nodes: number;
  readonly setting?: Setting;
  readonly way: readonly Touch[];
}

const put = (to: number, value: string): Act => ({ do: "propose", to, command: { kind: "Put", key: "x", value } });
const campaign = (...nodes: number[]): Act => ({ do: "campaign", nodes });
/** Nobody times out; so one campaigns when told to. */
const quiet: Act = { do: "pauseClock", nodes: "all" };

/** The paper's Figure 8, with one entry a message. */
const FIGURE_8: Touch[] = [
  ...at(0, quiet, campaign(2)),
  ...at(5, campaign(1)),
  ...at(10, { do: "cut", from: 1, to: [3, 4, 5] }, put(1, "a")),
  ...at(11, { do: "stop", nodes: 1 }, { do: "heal" }, campaign(5)),
  ...at(13, { do: "cut", from: 5, to: "all" }, put(5, "b")),
  ...at(14, { do: "stop", nodes: 5 }, { do: "heal" }, { do: "restart", nodes: 1 }, campaign(1)),
  ...at(16, campaign(1)),
  ...at(18, { do: "cut", from: 1, to: 4 }),
  ...at(22, { do: "dropMessages", from: 1 }, { do: "stop", nodes: 1 }, { do: "heal" }, { do: "restart", nodes: 5 }),
  ...at(22, campaign(5)),
  ...at(24, campaign(5)),
];

/** Let a node `act` as if its configuration were another. */
function under(raft: Raft, another: (there: ConfState) => ConfState, act: () => void): void {
  const { confState } = raft;
  const seen = raft.confState = another(confState);
  try {
    act();
  } finally {
    // A snapshot brings one of its own.
    if (raft.confState === seen) raft.confState = confState;
  }
}

/** Every rule that can be taken out. */
export const DOUBLES = {
  "old-terms": {
    label: "Entries of old terms",
    what: "A leader commits entries of earlier terms, too, once a majority holds them (against §5.4.2).",
    breaks: followRules({
      commitIndex: ({ matchIndex, commit }) =>
        Math.max(commit, [...matchIndex].sort((a, b) => b - a)[Math.floor(matchIndex.length / 2)]),
    }),
    restates: [commitsByQuorum],
    nodes: 5,
    setting: { maxSizePerMsg: 0 },
    way: FIGURE_8,
  },
  "votes-twice": {
    label: "Votes twice",
    what: "A node forgets whom it has voted for (against §5.2).",
    breaks: followRules({
      vote({ term, votedFor, log }, { term: asked, candidateId, lastLogIndex, lastLogTerm }) {
        const isUpToDate = lastLogTerm > log.term || lastLogTerm === log.term && lastLogIndex >= log.index;
        const granted = asked >= term && isUpToDate;
        const kept = asked > term ? null : votedFor;
        return { term: Math.max(term, asked), votedFor: granted ? candidateId : kept, granted };
      },
    }),
    restates: [termAndVoteStay],
    nodes: 3,
    way: [...at(0, quiet, { do: "cut", from: 1, to: 2 }, campaign(1)), ...at(1, campaign(2))],
  },
  "any-log": {
    label: "Votes for any log",
    what: "A node votes for a candidate whose log is older than its own (against §5.4.1).",
    breaks: followRules({ isUpToDate: () => true }),
    restates: [],
    nodes: 3,
    way: [
      ...at(0, quiet, campaign(1)),
      ...at(4, { do: "cut", from: 3, to: "all" }, put(1, "a")),
      ...at(7, { do: "heal" }, { do: "stop", nodes: 1 }, campaign(3)),
    ],
  },
  "no-check": {
    label: "No check of an Append",
    what: "A follower takes the entries of every Append, whatever it holds before them (against §5.3).",
    breaks: followRules({
      receiveAppend: (log, { prevLogIndex, entries }) => [...log.slice(0, prevLogIndex), ...entries],
    }),
    restates: [],
    nodes: 3,
    way: [
      ...at(0, quiet, campaign(1)),
      ...at(4, put(1, "a"), { do: "dropMessages", from: 1, to: 3 }, put(1, "b")),
    ],
  },
  "one-holder": {
    label: "One other holder is enough",
    what: "A leader commits what one other node holds, without a majority (against §5.3).",
    breaks: followRules({
      commitIndex: ({ matchIndex, log, term, commit }) => {
        const held = Math.max(0, ...matchIndex.slice(1));
        return log[held - 1] === term ? Math.max(commit, held) : commit;
      },
    }),
    restates: [commitsByQuorum],
    nodes: 5,
    way: [
      ...at(0, quiet, campaign(1)),
      ...at(4, { do: "cut", from: 1, to: [3, 4, 5] }, put(1, "a")),
      ...at(7, { do: "stop", nodes: 1 }, campaign(3)),
    ],
  },
  "new-half": {
    label: "Only the new half counts",
    what: "A leader counts only the new half of a joint configuration, without the old one (against §6).",
    breaks(node) {
      const step = node.step.bind(node);
      node.step = (message) => under(node.raft, (there) => ({ ...there, votersOutgoing: [] }), () => step(message));
    },
    restates: [commitsByQuorum],
    nodes: 5,
    setting: { spares: 2 },
    way: [
      ...at(0, quiet, campaign(1)),
      ...at(4, { do: "confChange", to: 1, addVoters: [4, 5], remove: [2, 3] }),
      ...at(5, { do: "cut", from: 1, to: [2, 3], oneWay: true }),
      ...at(14, put(1, "a")),
      ...at(17, campaign(2)),
    ],
  },
  "reads-alone": {
    label: "Reads that ask nobody",
    what: "A leader answers reads by ReadIndex at once, without asking whether it still leads (against §8).",
    breaks(node) {
      const [step, readIndex] = [node.step.bind(node), node.readIndex.bind(node)];
      const alone = () => newConfState({ voters: [node.id] });
      node.readIndex = (context) => under(node.raft, alone, () => readIndex(context));
      node.step = (message) =>
        message.type === "ReadIndex" ? under(node.raft, alone, () => step(message)) : step(message);
    },
    restates: [],
    nodes: 5,
    way: [
      ...at(0, quiet, campaign(1)),
      ...at(4, put(1, "a")),
      ...at(8, { do: "cut", from: 1, to: "all" }, campaign(2)),
      ...at(10, put(2, "b")),
      ...at(13, { do: "read", way: "readIndex", to: 1 }),
    ],
  },
} as const satisfies Readonly<Record<string, RuleOut>>;

/** The name of a rule that is taken out. */
export type Double = keyof typeof DOUBLES;

/** The rule of this name, as it is taken out. */
export function ruleOut(double: Double): RuleOut {
  return DOUBLES[double];
}

/** What is checked in spite of it. */
export function invariantsOf(double: Double | null): readonly Invariant[] {
  return double === null ? INVARIANTS : INVARIANTS.filter((each) => !ruleOut(double).restates.includes(each));
}

/** Whether `name` is a double. */
export function isDouble(name: unknown): name is Double {
  return typeof name === "string" && Object.hasOwn(DOUBLES, name);
}
