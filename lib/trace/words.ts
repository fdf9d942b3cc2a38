/**
 * What everything is called: messages, roles, faults, commands.
 *
 * Each kind stands here once, in a record that must be complete: a new kind of message, role or fault does not compile
 * until it has a name.
 *
 * @module
 */
import type { Command, RequestId } from "../command.ts";
import type { LinkFault, MessageFault } from "../network.ts";
import type { ConfChange, ConfChangeSingle, ConfState, MessageType, NodeId, StateRole, Term } from "../raft/mod.ts";
import { isJoint } from "../raft/mod.ts";
import type { EntryOutcome } from "../state_machine.ts";
import type { NodeFault, TracedMessage } from "./rows.ts";
import { groupBy } from "./group.ts";
import { clauses, list, nodeList, word } from "./text.ts";

/** How something is called, or what it does: of one, and of several. */
export interface Words {
  /** Of one. */
  readonly one: string;
  /** Of several. */
  readonly many: string;
}

/** What a message is about. */
export type Topic = "vote" | "append" | "heartbeat" | "snapshot" | "proposal" | "transfer" | "read";

/** What is to be known of a kind of message. */
export interface MessageWords extends Words {
  /** What it is about. */
  readonly topic: Topic;
  /** Whether it answers another. */
  readonly isAnswer?: true;
}

/** Every kind of message. */
export const MESSAGES: Readonly<Record<MessageType, MessageWords>> = {
  RequestVote: { one: "request for a vote", many: "requests for votes", topic: "vote" },
  RequestVoteResponse: { one: "vote", many: "votes", topic: "vote", isAnswer: true },
  RequestPreVote: { one: "request for a pre-vote", many: "requests for pre-votes", topic: "vote" },
  RequestPreVoteResponse: { one: "pre-vote", many: "pre-votes", topic: "vote", isAnswer: true },
  Append: { one: "append", many: "appends", topic: "append" },
  AppendResponse: { one: "answer to an append", many: "answers to appends", topic: "append", isAnswer: true },
  Heartbeat: { one: "heartbeat", many: "heartbeats", topic: "heartbeat" },
  HeartbeatResponse: {
    one: "answer to a heartbeat",
    many: "answers to heartbeats",
    topic: "heartbeat",
    isAnswer: true,
  },
  Snapshot: { one: "snapshot", many: "snapshots", topic: "snapshot" },
  Propose: { one: "proposal", many: "proposals", topic: "proposal" },
  TimeoutNow: { one: "order to campaign", many: "orders to campaign", topic: "transfer" },
  TransferLeader: { one: "request for a transfer", many: "requests for transfers", topic: "transfer" },
  ReadIndex: { one: "request for a read index", many: "requests for read indices", topic: "read" },
  ReadIndexResp: { one: "read index", many: "read indices", topic: "read", isAnswer: true },
};

/** Those that say no. */
const REFUSALS: Readonly<Record<Rejection["type"], Words>> = {
  RequestVoteResponse: { one: "refusal of a vote", many: "refusals of votes" },
  RequestPreVoteResponse: { one: "refusal of a pre-vote", many: "refusals of pre-votes" },
  AppendResponse: { one: "refusal of an append", many: "refusals of appends" },
};

/** What a node is at a tick: its role, or stopped. */
export type NodeCondition = StateRole | "stopped";

/** Every condition, and the letter that stands for it in figures; none for a stopped node. */
export const CONDITIONS: Readonly<Record<NodeCondition, Words & { readonly letter: string }>> = {
  follower: { one: "follower", many: "followers", letter: "F" },
  preCandidate: { one: "pre-candidate", many: "pre-candidates", letter: "P" },
  candidate: { one: "candidate", many: "candidates", letter: "C" },
  leader: { one: "leader", many: "leaders", letter: "L" },
  stopped: { one: "stopped", many: "stopped", letter: "" },
};

/** What is done to nodes, to the whole of one or to its clock. */
export const NODE_FAULT_WORDS: Readonly<Record<NodeFault, Words & { readonly of: "node" | "clock" }>> = {
  stop: { of: "node", one: "is stopped", many: "are stopped" },
  restart: { of: "node", one: "is restarted", many: "are restarted" },
  pauseClock: { of: "clock", one: "has its clock paused", many: "have their clocks paused" },
  resumeClock: { of: "clock", one: "has its clock running again", many: "have their clocks running again" },
};

/** What is done to links. */
export const LINK_FAULT_WORDS: Readonly<Record<LinkFault, Words>> = {
  cut: { one: "is cut", many: "are cut" },
  hold: { one: "is held: messages wait", many: "are held: messages wait" },
  mend: { one: "is mended", many: "are mended" },
  delay: { one: "is slowed down", many: "are slowed down" },
};

/** What is done to messages in flight, to one itself or through its link. */
export const MESSAGE_FAULT_WORDS: Readonly<Record<MessageFault, Words & { readonly by: "message" | "link" }>> = {
  hold: { by: "message", one: "is held back", many: "are held back" },
  release: { by: "message", one: "arrives next", many: "arrive next" },
  duplicate: { by: "message", one: "is sent a second time", many: "are sent a second time" },
  resume: { by: "link", one: "goes on its way", many: "go on their way" },
};

/** What becomes of messages that do not arrive. */
export const LOSS: Words = { one: "is lost", many: "are lost" };

/** A message that says no. */
type Rejection = Extract<TracedMessage, { voteGranted: false } | { success: false }>;

/** Whether `message` says no. */
export function isRejection(message: TracedMessage): message is Rejection {
  return "voteGranted" in message && !message.voteGranted || "success" in message && !message.success;
}

/** How many entries, or proposals, `message` carries. */
export function entryCount(message: TracedMessage): number {
  return message.type === "Append" ? message.entries.length : message.type === "Propose" ? message.commands.length : 0;
}

/** How messages like `message` are called. */
export function messageWords(message: TracedMessage): Words {
  return isRejection(message) ? REFUSALS[message.type] : MESSAGES[message.type];
}

/** A command; an entry without one is empty. */
export function commandText(command: Command | null): string {
  if (command === null) return "(empty)";
  const key = word(command.key);
  return command.kind === "Put" ? `Put ${key} = ${word(command.value)}` : `${command.kind} ${key}`;
}

/** What is done with nodes of a configuration: how it is asked for, and what they are then. */
const CHANGES: Readonly<
  Record<ConfChangeSingle["type"], { readonly verb: string; readonly as: Words; readonly then: Words }>
> = {
  addNode: {
    verb: "add",
    as: { one: " as a voter", many: " as voters" },
    then: { one: "is a voter now", many: "are voters now" },
  },
  addLearnerNode: {
    verb: "add",
    as: { one: " as a learner", many: " as learners" },
    then: { one: "is a learner now", many: "are learners now" },
  },
  removeNode: {
    verb: "remove",
    as: { one: "", many: "" },
    then: { one: "is no member any more", many: "are no members any more" },
  },
};

/** The nodes of a change, by what is done with them. */
function partsOf({ changes }: ConfChange) {
  return [...groupBy(changes, ({ type }) => type)].map(([type, some]) => {
    const nodes = some.map(({ node }) => node);
    const form = nodes.length === 1 ? "one" : "many";
    return {
      verb: CHANGES[type].verb,
      who: nodeList(nodes),
      as: CHANGES[type].as[form],
      then: CHANGES[type].then[form],
    };
  });
}

/** A change of the configuration, as one asks for it: `add node 4 as a learner`. */
export function changeText(change: ConfChange): string {
  return clauses(partsOf(change).map(({ verb, who, as }) => `${verb} ${who}${as}`)) || "leave the joint configuration";
}

const SIGNS = { addNode: ["+", ""], addLearnerNode: ["+", " learner"], removeNode: ["–", ""] } as const;

/** A change of the configuration in few words, `+4 learner`, `–2 –3 +4 +5`, `leave joint`, or in still fewer. */
export function changeTexts({ changes }: ConfChange): string[] {
  if (changes.length === 0) return ["leave joint", "leave"];
  const texts = ["", " "].map((long) =>
    changes.map(({ type, node }) => `${SIGNS[type][0]}${node}${long && SIGNS[type][1]}`).join(" ")
  ).reverse();
  return changes.length === 1 ? texts : [...texts, texts[1].replaceAll(" ", ""), "change", "conf"];
}

/** The parts of a configuration. */
const PARTS = {
  voters: "voter",
  votersOutgoing: "outgoing voter",
  learners: "learner",
  learnersNext: "next learner",
} as const;

/** A part of a configuration: `voters 1, 2 and 3`, `no learner`. */
export function partText(part: keyof typeof PARTS, nodes: readonly NodeId[]): string {
  if (nodes.length === 0) return `no ${PARTS[part]}`;
  return `${PARTS[part]}${nodes.length === 1 ? "" : "s"} ${list(nodes)}`;
}

/** A configuration: `voters 1, 2 and 3, learner 4`. */
export function configurationText(configuration: ConfState): string {
  const parts = Object.keys(PARTS) as (keyof typeof PARTS)[];
  return parts.filter((part) => part === "voters" || configuration[part].length > 0)
    .map((part) => partText(part, configuration[part])).join(", ");
}

/** What decides in a configuration: `a majority of 1, 2, 3 and one of 1, 4, 5`. */
export function quorumText({ voters, votersOutgoing }: ConfState): string {
  const [old, other] = [votersOutgoing, voters].map((nodes) => nodes.join(", "));
  return votersOutgoing.length === 0 ? `a majority of ${other}` : `a majority of ${old} and one of ${other}`;
}

/** What a change has made of a configuration. */
function changedText(change: ConfChange, configuration: ConfState): string {
  if (isJoint(configuration)) return `the configuration is joint: ${quorumText(configuration)}`;
  if (change.changes.length === 0) return `the configuration is joint no more: ${configurationText(configuration)}`;
  return clauses(partsOf(change).map(({ who, then }) => `${who} ${then}`));
}

/** A client's request. */
export function requestText({ client, request }: RequestId): string {
  return `request ${request} of client ${client}`;
}

/** An empty entry, by its term and that of the entry before it: a leader's first one, or one that stands in for a change. */
export function emptyText(term: Term, before: Term | undefined): string {
  return before === term ? "an empty entry in place of a change" : "the empty entry that opens the term";
}

/** What applying an entry did, if it did anything. */
export function outcomeText(outcome: Exclude<EntryOutcome, { kind: "Empty" }>): string {
  switch (outcome.kind) {
    case "Put":
    case "Delete":
      return commandText(outcome);
    case "Get":
      return `${commandText(outcome)}: ${outcome.value === null ? "nothing there" : word(outcome.value)}`;
    case "Repeated":
      return `${requestText(outcome.by)}, which was applied before, and is not again`;
    case "Configuration":
      return changedText(outcome.change, outcome.configuration);
    case "Rejected":
      return "rejected, for it cannot be carried out";
  }
}
