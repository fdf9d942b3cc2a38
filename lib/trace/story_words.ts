/**
 * What a node does, and what several do, in words: the sentences of a story, without their subjects.
 *
 * @module
 */
import type { ConfChange, ConfState, Index, NodeId, Term } from "../raft/mod.ts";
import { isJoint, isMember, isVoter, majority, votersOf } from "../raft/mod.ts";
import type { Command } from "../command.ts";
import type { EntryOutcome } from "../state_machine.ts";
import type { Change, NodeState, Scene } from "./fold.ts";
import { groupBy } from "./group.ts";
import type {
  ApplyRow,
  CommitRow,
  ConfChangeRow,
  EntrySummary,
  NodeFaultRow,
  ProposalRow,
  ReadRow,
  ReadWay,
  RequestRow,
  TraceRow,
  TransferRow,
} from "./rows.ts";
import { count, indicesText, list, nodeList, word } from "./text.ts";
import { changeText, commandText, emptyText, NODE_FAULT_WORDS, outcomeText, quorumText, type Words } from "./words.ts";

/** A longer list of what was applied is not told. */
const LONGEST_LIST = 100;

/** The seven steps of the ready loop. */
const READY_STEPS = [
  "send",
  "restore the snapshot",
  "apply",
  "append",
  "hard state",
  "send what had to wait",
  "advance",
];

const termOf = ({ term }: EntrySummary) => term;

/** How an election stands for a candidate, or its question for a pre-candidate. */
export interface Score {
  readonly what: "vote" | "pre-vote";
  readonly term: Term;
  readonly votes: number;
  /** Who votes, and what a majority is. */
  readonly configuration: ConfState;
}

/** What is applied, in words, and whether a client is told that it is done. */
export type Applied = ApplyRow & { readonly text: string; readonly isAnswered: boolean };

/** The same of one and of several, but for the verb. */
export function verb(one: string, many: string, what: string): Words {
  return { one: `${one} ${what}`, many: `${many} ${what}` };
}

export function campaignWords(term: Term, candidate: NodeState | undefined, isOrdered: boolean): Words {
  const after = candidate?.timer == null || candidate.term >= term ? "" : ` after ${candidate.timer.timeout} ticks`;
  const [one, many] = isOrdered
    ? ["is told to campaign: it does so", "are told to campaign: they do so"]
    : [`times out${after}: it campaigns`, `time out${after}: they campaign`];
  return { one: `${one} in term ${term}`, many: `${many} in term ${term}` };
}

/** `has 1 of 5 votes in term 2, and needs 3`. */
function scoreWords({ what, term, votes, configuration }: Score): Words {
  const part = `${votes} of ${count(votersOf(configuration).length, what)}`;
  const needs = isJoint(configuration) ? quorumText(configuration) : majority(configuration.voters.length);
  const where = `${what === "vote" ? "in" : "for"} term ${term}`;
  return {
    one: `has ${part} ${where}, and needs ${needs}`,
    many: `have ${part} each ${where}, and need ${needs}`,
  };
}

export function campaignAgainWords(term: Term, score: Score, isOrdered: boolean): Words {
  const { one, many } = scoreWords(score);
  const [it, they] = isOrdered
    ? ["it is told to campaign again", "they are told to campaign again"]
    : ["it campaigns again", "they campaign again"];
  return { one: `${one}: ${it}, in term ${term}`, many: `${many}: ${they}, in term ${term}` };
}

/** A node asks whether it could win `term`; `score`: of its last question. */
export function askWords(term: Term, node: NodeState | undefined, isOrdered: boolean, score: Score | null): Words {
  const question = `whether it could win term ${term}`;
  if (score !== null) {
    const { one, many } = scoreWords(score);
    return { one: `${one}: it asks again ${question}`, many: `${many}: each asks again ${question}` };
  }
  const after = node?.timer == null ? "" : ` after ${node.timer.timeout} ticks`;
  const [one, many] = isOrdered
    ? ["is told to campaign", "are told to campaign"]
    : [`times out${after}`, `time out${after}`];
  return { one: `${one}: it asks ${question}`, many: `${many}: each asks ${question}` };
}

/** A node that campaigns because a majority would vote for it. */
export function couldWinWords(term: Term, voters: readonly NodeId[], configuration: ConfState): Words {
  const answers = `${voters.length} of ${count(votersOf(configuration).length, "pre-vote")} (${nodeList(voters)})`;
  return {
    one: `has ${answers}: it campaigns in term ${term}`,
    many: `have ${answers}: they campaign in term ${term}`,
  };
}

/** A node that does not campaign, for too many would not vote for it. */
export function couldNotWinWords(score: Score): Words {
  const { one, many } = scoreWords(score);
  return {
    one: `${one}: too many refuse, so it stays in its term, a follower`,
    many: `${many}: too many refuse, so they stay in their terms, followers`,
  };
}

/** A node under the lease of its leader does not even answer (thesis §4.2.3). */
export function ignoredVoteWords(candidate: NodeId, what: "vote" | "pre-vote", { role, leader }: NodeState): Words {
  const request = `node ${candidate}'s request for a ${what}`;
  return role === "leader"
    ? { one: `ignores ${request}: it leads`, many: `ignore ${request}: they lead` }
    : verb("ignores", "ignore", `${request}: node ${leader} leads, and was heard within an election timeout`);
}

/** A candidate to whom a majority can no longer give its votes. */
export function lostWords(score: Score): Words {
  const { one, many } = scoreWords(score);
  return {
    one: `${one}: too many refuse, so here it is a follower again`,
    many: `${many}: too many refuse, so here they are followers again`,
  };
}

/** Why a node refuses its vote to a candidate that asked for it (§5.2, §5.4.1), if that can be seen. */
export function refusedVoteWords(candidate: NodeId, term: Term, { rows, state }: Change, voter: NodeId): Words {
  const node = state.nodes.get(voter);
  const request = rows.find((row) =>
    row.kind === "message" && row.event === "delivered" && row.from === candidate && row.to === voter &&
    row.type === "RequestVote" && row.term === term
  );
  return refusedWords(`node ${candidate} its vote in term ${term}`, request, node);
}

/** Why a node says that it would not vote, if that can be seen. */
export function refusedPreVoteWords(candidate: NodeId, { rows, state }: Change, voter: NodeId): Words {
  const request = rows.find((row) =>
    row.kind === "message" && row.event === "delivered" && row.from === candidate && row.to === voter &&
    row.type === "RequestPreVote"
  );
  return refusedWords(`node ${candidate} its pre-vote`, request, state.nodes.get(voter), "no vote");
}

function refusedWords(
  refused: string,
  request: TraceRow | undefined,
  node: NodeState | undefined,
  given: "a vote" | "no vote" = "a vote",
): Words {
  const [one, many] = [`refuses ${refused}`, `refuse ${refused}`];
  if (node === undefined || request === undefined || !("lastLogTerm" in request)) return { one, many };
  const lastTerm = node.log.entry(node.log.lastIndex)?.term ?? 0;
  const isAhead = lastTerm > request.lastLogTerm ||
    lastTerm === request.lastLogTerm && node.log.lastIndex > request.lastLogIndex;
  if (isAhead) return { one: `${one}: its log is more up-to-date`, many: `${many}: their logs are more up-to-date` };
  if (node.vote === null || given === "no vote") return { one, many };
  return { one: `${one}: it has voted already`, many: `${many}: they have voted already` };
}

export function electedWords(term: Term, voters: readonly NodeId[], configuration: ConfState): Words {
  const votes = `${voters.length} of ${count(votersOf(configuration).length, "vote")}: ${nodeList(voters)}`;
  const halves = isJoint(configuration) ? `, ${quorumText(configuration)}` : "";
  return verb("is", "are", `elected leader of term ${term} by ${votes}${halves}`);
}

/** The rule of §5.4.2 in full: a majority holds an entry of the leader's own term. `before`: the leader as it was. */
export function commitWords(
  { previous, index, term }: CommitRow,
  leader: NodeState | undefined,
  before: NodeState | undefined,
): Words {
  const holders = before !== undefined && isJoint(before.configuration) ? "a majority of each half" : "a majority";
  const indices = indicesText(previous + 1, index);
  const of = leader?.log.entry(index)?.term ?? term;
  const age = of === term ? "of its own term" : `of the older term ${of}`;
  if (index === previous + 1) return verb("commits", "commit", `${indices}, ${age}: ${holders} holds it`);
  return verb("commits", "commit", `${indices}: ${holders} holds index ${index}, ${age}`);
}

/** Why a follower refuses an append. */
export function refusalWords(prevLogIndex: Index, follower: NodeState | undefined): Words {
  const term = follower?.log.entry(prevLogIndex)?.term;
  return term === undefined
    ? {
      one: `refuses the append: it has no entry at index ${prevLogIndex}`,
      many: `refuse the append: they have no entry at index ${prevLogIndex}`,
    }
    : {
      one: `refuses the append: its entry at index ${prevLogIndex} is of term ${term}`,
      many: `refuse the append: their entries at index ${prevLogIndex} are of term ${term}`,
    };
}

/** Where a leader goes back after a refusal. */
export function nextIndexWords(before: NodeState, { progress }: NodeState): Words | null {
  const earlier = new Map(before.progress.map(({ id, nextIndex }) => [id, nextIndex]));
  const back = progress.filter(({ id, nextIndex }) => nextIndex < (earlier.get(id) ?? 0));
  if (back.length === 0) return null;
  const byIndex = groupBy(back, ({ nextIndex }) => nextIndex);
  const where = list([...byIndex].map(([index, some]) => `${index} for ${nodeList(some.map(({ id }) => id))}`));
  return verb("sets", "set", `nextIndex back to ${where}`);
}

export function hasNewTimeout({ timer: before }: NodeState, { timer }: NodeState): boolean {
  return before !== null && timer !== null && before.timeout !== timer.timeout;
}

/** Whether a node has discarded entries of its own accord. */
export function hasCompacted(before: NodeState, now: NodeState, rows: readonly TraceRow[]): boolean {
  return now.firstIndex > before.firstIndex && !rows.some(({ kind }) => kind === "restore");
}

export function compactWords({ firstIndex }: NodeState): Words {
  const upTo = `entries up to index ${firstIndex - 1}`;
  return {
    one: `discards its ${upTo}: its snapshot stands for them`,
    many: `discard their ${upTo}: their snapshots stand for them`,
  };
}

export function newTimeoutWords({ timer }: NodeState): Words {
  const ticks = count(timer?.timeout ?? 0, "tick");
  return { one: `now waits ${ticks} before it campaigns`, many: `now wait ${ticks} before they campaign` };
}

/** The election timeouts that were drawn at the start, if nodes will wait for them; else nothing. */
export function drawnTimeouts({ passing, state }: Scene): string[] {
  const nodes = [...passing.state.nodes.values()].map((node) => ({ node, now: state.nodes.get(node.node) ?? node }));
  if (nodes.some(({ node, now }) => node.role !== now.role)) return [];
  const waits = ({ clockPaused, timer, configuration, node }: NodeState) =>
    !clockPaused && timer !== null && isVoter(configuration, node);
  const waiting = nodes.filter(({ node, now }) => waits(now) && !hasNewTimeout(node, now));
  const timeouts = waiting.map(({ now }) => now.timer?.timeout ?? 0);
  if (timeouts.length === 0) return [];
  const whose = nodeList(waiting.map(({ now }) => now.node));
  return new Set(timeouts).size === 1
    ? [`the election timeout of ${whose} is ${count(timeouts[0], "tick")}`]
    : [`the election timeouts of ${whose} are ${list(timeouts)} ticks`];
}

/** CheckQuorum: a leader that nobody answers. */
export function noQuorumWords(term: Term): Words {
  const heard = "from no majority for an election timeout";
  return {
    one: `has heard ${heard}, and steps down in term ${term}`,
    many: `have heard ${heard}, and step down in term ${term}`,
  };
}

/** A leader that has applied a change after which it has no vote. */
export function leaverWords(node: NodeId, configuration: ConfState): Words {
  const [one, many] = isMember(configuration, node)
    ? ["has no vote any more", "have no votes any more"]
    : ["is no member any more", "are no members any more"];
  return { one: `${one}, and steps down`, many: `${many}, and step down` };
}

/** `score`: of a candidate that gives way. */
export function stepDownWords(term: Term, leader: NodeId | null, score?: Score): Words {
  const { one, many } = leader === null
    ? verb("steps down, for it hears", "step down, for they hear", `of term ${term}`)
    : verb("steps down and follows", "step down and follow", `node ${leader} in term ${term}`);
  if (score === undefined) return { one, many };
  const had = scoreWords(score);
  return { one: `${had.one}: it ${one}`, many: `${had.many}: they ${many}` };
}

export function proposalWords({ command, result, index }: ProposalRow, node: NodeState | undefined): Words {
  const why = node?.transferee === undefined ? "it knows no leader" : "it is handing over its lead";
  const outcome = {
    appended: `appended at index ${index}`,
    forwarded: "passed on to the leader",
    dropped: `refused, for ${why}`,
  }[result];
  return verb("is", "are", `asked to ${commandText(command)}: ${outcome}`);
}

export function confChangeWords({ change, result, index }: ConfChangeRow, node: NodeState | undefined): Words {
  const outcome = {
    appended: `appended at index ${index}`,
    empty: `an empty entry is appended in its place, at index ${index}, for ${whyEmpty(change, node)}`,
    forwarded: "passed on to the leader",
    dropped: "refused",
  }[result];
  return verb("is", "are", `asked to ${changeText(change)}: ${outcome}`);
}

/** Why a leader takes no change now (`takesChange` of `raft/membership.ts`). */
function whyEmpty({ changes }: ConfChange, node: NodeState | undefined): string {
  const joint = node !== undefined && isJoint(node.configuration);
  if (joint === (changes.length === 0)) return "another change is on its way";
  return joint ? "the joint configuration must end first" : "the configuration is not joint";
}

export function readWords({ key, way, event, index, value }: ReadRow): Words {
  const what = value === null ? `no ${word(key)}` : `${word(key)} = ${word(value)}`;
  const by = way === "lease" ? "by its lease" : "by ReadIndex";
  switch (event) {
    case "asked":
      return verb("is", "are", `asked for ${word(key)} ${by}`);
    case "forwarded":
      return verb("is", "are", `asked for ${word(key)} ${by}, and asks the leader`);
    case "refused":
      return verb("is", "are", `asked for ${word(key)} ${by}: no leader is known that could answer`);
    case "answered":
      return way === "store"
        ? { one: `answers from its store: ${what}`, many: `answer from their stores: ${what}` }
        : verb("answers", "answer", `the read: ${what}, having applied index ${index}`);
  }
}

/** What a client that tries again does, or is told. */
export function requestText(row: RequestRow): string {
  const { client, request, event, attempt, node, command, way, value, leader } = row;
  const which = `its request ${request}${attempt > 1 ? `, attempt ${attempt}` : ""}`;
  const found = `${word(command.key)} = ${word(value ?? "")}`;
  switch (event) {
    case "asked":
      return `client ${client} asks node ${node} ${wantedText(command, way)} (${which})`;
    case "answered": {
      const told = command.kind !== "Get" ? "done" : value === null ? `no ${word(command.key)}` : found;
      return `client ${client} is told by node ${node}: ${told} (request ${request})`;
    }
    case "refused":
      return leader === null || leader === node
        ? `node ${node} refuses request ${request} of client ${client}`
        : `node ${node} tells client ${client} that node ${leader} leads`;
    case "timedOut":
      return `client ${client} has waited too long for node ${node} (request ${request})`;
    case "lost":
      return `node ${node}'s answer to client ${client} is lost on its way (request ${request})`;
  }
}

/** What a client asks for: `to Put x = b`, `for x, by ReadIndex`. */
function wantedText(command: Command, way: ReadWay): string {
  const ways = { log: "", readIndex: "by ReadIndex", lease: "by its lease", store: "from its store" };
  return command.kind === "Get" && way !== "log"
    ? `for ${word(command.key)}, ${ways[way]}`
    : `to ${commandText(command)}`;
}

/** A leader takes what a client asks for. */
export function takesWords(command: Command, index: Index): Words {
  return verb("appends", "append", `${commandText(command)} at index ${index}`);
}

export function transferWords({ node: id, transferee, result }: TransferRow, node: NodeState | undefined): Words {
  const why = transferee === id ? "it leads already" : `node ${transferee} has no vote`;
  const outcome = {
    begun: "it takes no more proposals until that is settled",
    forwarded: "passed on to the leader",
    refused: `refused, for ${node?.role === "leader" ? why : "it knows no leader"}`,
  }[result];
  return verb("is", "are", `asked to let node ${transferee} lead: ${outcome}`);
}

/** What is applied by a node, and is in its log. */
export function appliedText({ outcome, index, term }: ApplyRow, node: NodeState | undefined): string {
  return outcome.kind === "Empty" ? emptyText(term, node?.log.entry(index - 1)?.term) : outcomeText(outcome);
}

/** What is applied, index after index, and which clients are told. */
export function applyWords(rows: readonly Applied[]): Words {
  const [{ index, text }] = rows;
  const all = rows.map((row) => row.outcome.kind === "Empty" ? "an empty entry" : row.text);
  const what = rows.length === 1 ? text : all.join(rows.some(isChange) ? "; " : ", ");
  const rest = what.length > LONGEST_LIST && rows.length > 1 ? ", one after the other" : `: ${what}`;
  const answered = rows.filter(({ isAnswered }) => isAnswered);
  const [first] = answered;
  const one = rows.length === 1 ? "the client" : `the client of index ${first?.index}`;
  const told = answered.length === 0
    ? ""
    : answered.length > 1
    ? `; ${answered.length} clients are told`
    : `; ${one} is told: ${answerText(first.outcome)}`;
  return verb("applies", "apply", `${indicesText(index, index + rows.length - 1)}${rest}${told}`);
}

const isChange = ({ outcome }: ApplyRow) => outcome.kind === "Configuration";

export function restoreWords(index: Index): Words {
  const what = `up to index ${index} from a snapshot`;
  return { one: `restores its store ${what}`, many: `restore their stores ${what}` };
}

function answerText(outcome: EntryOutcome): string {
  return outcome.kind !== "Get" ? "done" : outcome.value === null ? "nothing there" : word(outcome.value);
}

export function replaceWords(before: readonly EntrySummary[], after: readonly EntrySummary[]): Words {
  const [old, fresh] = [before, after].map((entries) =>
    indicesText(entries[0].index, entries[entries.length - 1].index)
  );
  const by = old !== fresh ? fresh : after.length === 1 ? "one" : "those";
  return verb("replaces", "replace", `${old} ${termsText(before)} by ${by} ${termsText(after)}`);
}

/** `of term 1`; `of terms 1, 2 and 4`. */
function termsText(entries: readonly EntrySummary[]): string {
  const terms = [...new Set(entries.map(termOf))];
  return `of ${terms.length === 1 ? "term" : "terms"} ${list(terms)}`;
}

export function nodeFaultWords({ fault, after, why }: NodeFaultRow): Words {
  if (why !== undefined) return verb("stops:", "stop:", why);
  if (after === undefined) return NODE_FAULT_WORDS[fault];
  const where = `after step ${after} (${READY_STEPS[after - 1]}) of`;
  return { one: `crashes ${where} its ready loop`, many: `crash ${where} their ready loops` };
}
