/**
 * A cluster that follows the reader's rules in place of the library's.
 *
 * The core has no switch for this. The hook sits between a node and its core: where it can, it lets the core ask the
 * reader's rule; else it lets the core act, and then makes so what the reader's rule says.
 *
 * @module
 */
import { fuzz, FuzzFailure } from "../check/fuzz.ts";
import type { DemoNode } from "../node.ts";
import type { Append, Entry, Index, Leader, Message, Raft, RequestVote, Term } from "../raft/mod.ts";
import { withoutLeaver } from "../raft/conf_change.ts";
import { broadcastAppend } from "../raft/replication.ts";
import { acceptLeader, becomeFollower } from "../raft/roles.ts";
import { logAfter, type ReceiveAppend } from "./append.ts";
import { range } from "./cases.ts";
import type { CommitRule } from "./commit_rule.ts";
import type { QuorumRule } from "./joint_quorum.ts";
import { TIMED, type TimerEvent, type TimerRule } from "./timer.ts";
import type { IsUpToDate } from "./up_to_date.ts";
import type { VoteRule } from "./vote.ts";

/** The reader's rules. What is left out, or `null`, is the library's. */
export interface Rules {
  /** Whose log is at least as up-to-date; not asked if `vote` decides. */
  readonly isUpToDate?: IsUpToDate | null;
  /** What a voter answers. */
  readonly vote?: VoteRule | null;
  /** What a follower does with an Append. */
  readonly receiveAppend?: ReceiveAppend | null;
  /** How far a leader commits. */
  readonly commitIndex?: CommitRule | null;
  /** What a quorum holds, by which a leader commits; not asked if `commitIndex` decides. */
  readonly quorum?: QuorumRule | null;
  /** What restarts the election timer. */
  readonly resetsTimer?: TimerRule | null;
}

/**
 * A hook that makes a node follow `rules`: for `onStart` of a cluster, or `mutation` of a scenario.
 *
 * @example The written rule runs, and a node leads by it.
 * ```ts
 * import { Cluster, followRules, type IsUpToDate } from "hello-raft";
 *
 * const isUpToDate: IsUpToDate = (candidate, voter) =>
 *   candidate.term > voter.term || (candidate.term === voter.term && candidate.index >= voter.index);
 * const cluster = new Cluster({ nodes: 3, seed: 1, onStart: followRules({ isUpToDate }) });
 * cluster.runUntil("a leader is elected", () => cluster.leader() !== null);
 * ```
 */
export function followRules(rules: Rules): (node: DemoNode) => void {
  return (node) => {
    if (rules.commitIndex) commitBy(node, commitIndexBy(rules.commitIndex));
    else if (rules.quorum) commitBy(node, quorumBy(rules.quorum));
    const step = node.step.bind(node);
    const take = (message: Message) => {
      if (message.type === "RequestVote" && rules.vote) vote(node.raft, message, rules.vote, step);
      else if (message.type === "RequestVote" && rules.isUpToDate) compare(node.raft, message, rules.isUpToDate, step);
      else if (message.type === "Append" && rules.receiveAppend) append(node.raft, message, rules.receiveAppend, step);
      else step(message);
    };
    node.step = rules.resetsTimer ? timed(node.raft, rules.resetsTimer, take) : take;
    if (rules.resetsTimer) followTimerRule(node, rules.resetsTimer);
  };
}

/**
 * Let clusters follow `rules` in fuzz runs, in which messages are lost and nodes crash: which invariant breaks first, and
 * where, as a sentence; `null` if none does.
 *
 * @param seeds How many runs.
 *
 * @example
 * ```ts
 * import { whatBreaks } from "hello-raft";
 *
 * const vote = ({ term }: { term: number }, request: { term: number; candidateId: number }) => ({
 *   term: Math.max(term, request.term),
 *   votedFor: request.candidateId,
 *   granted: true,
 * });
 * console.log(whatBreaks({ vote })); // who votes for everybody may elect two leaders in a term
 * ```
 */
export function whatBreaks(rules: Rules, seeds = 20): string | null {
  for (const seed of range(1, seeds)) {
    try {
      fuzz(seed, { mix: "fundamentals", onStart: followRules(rules) });
    } catch (error) {
      if (error instanceof FuzzFailure) return `With seed ${seed}: ${error.message}`;
      throw error;
    }
  }
  return null;
}

type Step = (message: Message) => void;

/** The core compares last terms first: so it decides as the rule does. */
function compare({ log }: Raft, message: RequestVote, isUpToDate: IsUpToDate, step: Step): void {
  const voter = { index: log.lastIndex(), term: log.lastTerm() };
  const grants = isUpToDate({ index: message.lastLogIndex, term: message.lastLogTerm }, voter);
  const { lastTerm } = log;
  log.lastTerm = () => message.lastLogTerm + (grants ? -1 : 1);
  try {
    step(message);
  } finally {
    log.lastTerm = lastTerm;
  }
}

/** The core answers; where the rule answers otherwise, its answer takes the place of that. */
function vote(raft: Raft, message: RequestVote, rule: VoteRule, step: Step): void {
  const { term, vote, role, electionElapsed } = raft;
  const { from, to, term: asked, lastLogIndex, lastLogTerm } = message;
  const voter = { term, votedFor: vote, log: { index: raft.log.lastIndex(), term: raft.log.lastTerm() } };
  const said = rule(voter, { term: asked, candidateId: from, lastLogIndex, lastLogTerm });
  const waiting = raft.messages.length;
  step(message);
  const granted = raft.messages.slice(waiting).some((answer) => "voteGranted" in answer && answer.voteGranted);
  const votedFor = said.votedFor ?? null;
  if (said.granted === granted && said.term === raft.term && votedFor === raft.vote) return;
  if (said.term === term) raft.role = role;
  raft.electionElapsed = said.granted ? 0 : electionElapsed;
  Object.assign(raft, { term: said.term, vote: votedFor });
  raft.messages.length = waiting;
  const answer = { type: "RequestVoteResponse", from: to, to: from, term: said.term } as const;
  if (said.granted) raft.messages.push({ ...answer, voteGranted: true });
  else if (asked >= term) raft.messages.push({ ...answer, voteGranted: false, ...raft.log.commitInfo() });
}

/** Where the rule does as the core would, the core does it; else the log becomes what the rule says. */
function append(raft: Raft, message: Append, rule: ReceiveAppend, step: Step): void {
  const { log } = raft;
  const { from, to, term, prevLogIndex, prevLogTerm, entries, leaderCommit } = message;
  // What a snapshot stands for is committed: nothing in it is compared.
  if (term < raft.term || prevLogIndex < log.firstIndex() - 1) return step(message);
  const terms = termsIn(raft);
  const view = () => ({ prevLogIndex, prevLogTerm, entries: entries.map((entry) => entry.term) });
  const said = rule([...terms], view());
  if (JSON.stringify(said) === JSON.stringify(logAfter(terms, view()))) return step(message);
  if (term > raft.term) becomeFollower(raft, term, from);
  acceptLeader(raft, from);
  const answer = { type: "AppendResponse", from: to, to: from, term } as const;
  if (said === null) {
    const at = log.findConflictByTerm(Math.min(prevLogIndex, log.lastIndex()), prevLogTerm);
    const hint = { index: at.index, term: at.term ?? 0 };
    raft.messages.push({ ...answer, success: false, prevLogIndex, hint, commit: log.committed });
    return;
  }
  const same = terms.findIndex((entryTerm, i) => entryTerm !== said[i]);
  if (same >= 0) log.truncate(same + 1);
  const isThere = (entryTerm: Term, index: number) =>
    entries.find((entry) => entry.index === index && entry.term === entryTerm);
  const added = said.slice(log.lastIndex()).map((entryTerm, i): Entry => {
    const index = log.lastIndex() + 1 + i;
    return isThere(entryTerm, index) ?? { type: "empty", term: entryTerm, index, data: new Uint8Array() };
  });
  log.append(added);
  const matchIndex = prevLogIndex + entries.length;
  log.commitTo(Math.min(leaderCommit, matchIndex));
  raft.messages.push({ ...answer, success: true, matchIndex, commit: log.committed });
}

/** The terms in a node's log, from index 1 on; what is compacted is committed, and counts as of the snapshot's term. */
function termsIn({ log }: Raft): Term[] {
  const before = log.term(log.firstIndex() - 1) ?? 0;
  return range(1, log.lastIndex()).map((index) => log.term(index) ?? before);
}

/** How far a leader commits. */
type CommitBy = (raft: Raft, leader: Leader) => Index;

const commitIndexBy = (rule: CommitRule): CommitBy => (raft, { tracker }) => {
  const ownFirst = [...tracker.values()].sort((a, b) => Number(b.id === raft.id) - Number(a.id === raft.id));
  const matchIndex = ownFirst.map((progress) => progress.matchIndex);
  return rule({ term: raft.term, log: termsIn(raft), matchIndex, commit: raft.log.committed });
};

/** The rule says what a quorum holds; of which term that must be, and who is about to leave, is the core's affair. */
const quorumBy = (rule: QuorumRule): CommitBy => (raft, { tracker }) => {
  const { log, term, confState: { voters, votersOutgoing } } = raft;
  const matchIndex = Object.fromEntries([...tracker.values()].map((progress) => [progress.id, progress.matchIndex]));
  const held = rule({ voters: [...voters], votersOutgoing: [...votersOutgoing], matchIndex });
  const index = held > log.committed ? withoutLeaver(raft, tracker, Math.min(held, log.lastIndex())) : 0;
  return index > log.committed && log.term(index) === term ? index : log.committed;
};

/** A leader compares a term with its log only to commit: there, the rule is asked. */
function commitBy(node: DemoNode, rule: CommitBy): void {
  const { raft, raft: { log } } = node;
  const [matchTerm, commitTo, step] = [log.matchTerm.bind(log), log.commitTo.bind(log), node.step.bind(node)];
  const ask = () => raft.role.kind === "leader" ? rule(raft, raft.role) : 0;
  const leads = () => raft.role.kind === "leader";
  const decides = (index: Index) => leads() && index > log.committed;
  log.matchTerm = (index, term) => decides(index) ? ask() > log.committed : matchTerm(index, term);
  log.commitTo = (index) => commitTo(leads() ? ask() : index);
  node.step = (message) => {
    step(message);
    // Below what a majority holds, the core does not ask.
    if (raft.role.kind !== "leader" || ask() <= log.committed) return;
    log.commitTo(ask());
    broadcastAppend(raft, raft.role);
  };
}

/** A step after which the timer stands where the rule says. */
function timed(raft: Raft, rule: TimerRule, step: Step): Step {
  return (message) => {
    const what = TIMED.find((type) => type === message.type);
    if (what === undefined || !("term" in message)) return step(message);
    const { term: currentTerm, messages: { length } } = raft;
    const before = timerOf(raft);
    step(message);
    const answer = raft.messages.slice(length).find(({ to }) => to === message.from);
    const { term } = message;
    setTimer(raft, rule({ what, term, currentTerm, says: saysOf(message, answer) }), before);
  };
}

function saysOf({ type }: Message, answer: Message | undefined): TimerEvent["says"] {
  if (answer?.type === "RequestVoteResponse" && type === "RequestVote") return answer.voteGranted ? "yes" : "no";
  if (answer?.type === "AppendResponse" && type === "Append") return answer.success ? "yes" : "no";
  return null;
}

const timerOf = ({ electionElapsed, randomizedElectionTimeout }: Raft) => ({
  electionElapsed,
  randomizedElectionTimeout,
});

function setTimer(raft: Raft, restarts: boolean, before: ReturnType<typeof timerOf>): void {
  if (restarts) raft.electionElapsed = 0;
  else Object.assign(raft, before);
}

/** An election that a node begins is an event, too. */
function followTimerRule(node: DemoNode, rule: TimerRule): void {
  const { raft } = node;
  for (const name of ["tick", "campaign"] as const) {
    const act = node[name].bind(node);
    node[name] = () => {
      const { term: currentTerm } = raft;
      const before = timerOf(raft);
      act();
      if (raft.term === currentTerm) return;
      setTimer(raft, rule({ what: "campaign", term: raft.term, currentTerm, says: null }), before);
    };
  }
}
