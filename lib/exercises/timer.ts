/**
 * The reader says what restarts the election timer (paper §5.2; Figure 2, Followers and Candidates).
 *
 * @module
 */
import { type Message, newConfState, type Term } from "../raft/mod.ts";
import { firstDifferenceOf, isYesOrNo, range, server } from "./cases.ts";

/** Something that happens to a node. */
export interface TimerEvent {
  /** The node begins an election, or a message of this type arrives. */
  readonly what:
    | "campaign"
    | "Append"
    | "Heartbeat"
    | "Snapshot"
    | "RequestVote"
    | "RequestVoteResponse"
    | "AppendResponse"
    | "HeartbeatResponse";
  /** The message's term; of a campaign, the term that begins. */
  readonly term: Term;
  /** The node's own term, before. */
  readonly currentTerm: Term;
  /** What the node answers: it gives its vote or accepts the entries, or it does not. `null`: neither was asked. */
  readonly says: "yes" | "no" | null;
}

type TimedMessage = Exclude<TimerEvent["what"], "campaign">;

/** The messages that the rule is asked about. */
export const TIMED: readonly TimedMessage[] = [
  "Append",
  "Heartbeat",
  "Snapshot",
  "RequestVote",
  "RequestVoteResponse",
  "AppendResponse",
  "HeartbeatResponse",
];

/** Whether the election timer starts anew. */
export type TimerRule = (event: TimerEvent) => boolean;

/**
 * Compare a rule for the election timer with the library's.
 *
 * In a higher term the library, as the crate, restarts the timer whatever the message is. The paper does not, so a refused
 * vote or an answer of a higher term is not asked about.
 *
 * @returns The first case in which it differs; `null` if there is none.
 *
 * @example
 * ```ts
 * import { checkTimer, exercise } from "hello-raft";
 *
 * exercise("the timer", ({ term, currentTerm }) => term >= currentTerm, checkTimer); // not yet, and why
 * ```
 */
export function checkTimer(attempt: TimerRule): string | null {
  return firstDifferenceOf(attempt, {
    cases: cases(),
    right: restarts,
    kind: "true or false",
    isAnswer: isYesOrNo,
    told,
    does: (starts) => starts ? "restarts the timer" : "lets the timer run on",
    why: ({ what, term, currentTerm }) => {
      if (what === "campaign") return "who begins an election waits for it, and then tries again";
      if (term < currentTerm) return "a message of an older term is dropped";
      if (what === "RequestVote") return "only a vote that is given restarts the timer, for then another may win";
      if (isFromLeader(what)) return "the leader of the term is alive, whatever the answer";
      return "an answer says nothing of a leader";
    },
  });
}

/** Whether only a leader sends such messages. */
function isFromLeader(what: TimerEvent["what"]): boolean {
  return what === "Append" || what === "Heartbeat" || what === "Snapshot";
}

function told({ what, term, currentTerm, says }: TimerEvent): string {
  if (what === "campaign") return `A node in term ${currentTerm} begins an election, in term ${term}.`;
  const asked = what === "RequestVote" ? "for its vote" : "to hold entries";
  const answer = says === null ? "" : `; asked ${asked}, it says ${says}`;
  return `In a node of term ${currentTerm} a message arrives: ${what} of term ${term}${answer}.`;
}

function* cases(): Iterable<TimerEvent> {
  for (const currentTerm of range(1, 30)) {
    yield { what: "campaign", term: currentTerm + 1, currentTerm, says: null };
    for (const term of range(Math.max(1, currentTerm - 2), currentTerm + 1)) {
      for (const what of TIMED) {
        for (const says of answersTo(what, term - currentTerm)) yield { what, term, currentTerm, says };
      }
    }
  }
}

/** What may be answered to a message that is so many terms ahead; where paper and library differ, nothing is asked. */
function answersTo(what: TimerEvent["what"], ahead: number): readonly TimerEvent["says"][] {
  if (ahead < 0) return [null];
  if (what === "Append") return ["yes", "no"];
  if (what === "RequestVote") return ahead > 0 ? ["yes"] : ["yes", "no"];
  return ahead > 0 && !isFromLeader(what) ? [] : [null];
}

/** Whether a follower of the library restarts its timer. */
function restarts(event: TimerEvent): boolean {
  const { what, currentTerm, says } = event;
  const vote = what === "RequestVote" && says === "no" ? 3 : null;
  const { node } = server({ nodes: 5, log: [1], term: currentTerm, vote });
  range(1, 5).forEach(() => node.tick());
  if (what === "campaign") node.campaign();
  else node.step(messageFor(what, event));
  return node.raft.electionElapsed === 0;
}

function messageFor(
  what: TimedMessage,
  { term, says }: TimerEvent,
): Message {
  const header = { from: 2, to: 1, term };
  switch (what) {
    case "Append": {
      const prevLogIndex = says === "no" ? 7 : 1;
      return { type: what, ...header, prevLogIndex, prevLogTerm: 1, entries: [], leaderCommit: 0 };
    }
    case "Heartbeat":
      return { type: what, ...header, leaderCommit: 0 };
    case "Snapshot": {
      const metadata = { index: 1, term: 1, confState: newConfState({ voters: [1, 2, 3, 4, 5] }) };
      return { type: what, ...header, snapshot: { metadata, data: new Uint8Array() } };
    }
    case "RequestVote":
      return { type: what, ...header, lastLogIndex: 1, lastLogTerm: 1, commit: 0, commitTerm: 0 };
    case "RequestVoteResponse":
      return { type: what, ...header, voteGranted: true };
    case "AppendResponse":
      return { type: what, ...header, success: true, matchIndex: 1, commit: 0 };
    case "HeartbeatResponse":
      return { type: what, ...header, commit: 0 };
  }
}
