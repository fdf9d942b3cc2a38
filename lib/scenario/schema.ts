/**
 * What a scenario may say: its fields, steps and conditions, as schemas for zod. The types are taken from them.
 *
 * Only the shape is checked here. Whether the parts fit together, and names mean something, is checked in `validate.ts`.
 *
 * @module
 */
import * as z from "zod/mini";
import { READ_ONLY } from "../cluster_options.ts";
import { LINK_FAULTS, MESSAGE_FAULTS } from "../network.ts";
import { isBetween, MOST, MOST_TICKS, wholeText } from "../arguments.ts";
import type { ConfChangeTransition, MessageType, NodeId } from "../raft/mod.ts";
import { NODE_FAULTS, READ_WAYS } from "../trace/rows.ts";
import { CONDITIONS, MESSAGES, type NodeCondition } from "../trace/words.ts";

/**
 * A node or several: an id; `"all"`; of the members that run: `"leader"`, `"followers"` (all that do not lead the latest term),
 * `"follower 1"`, `"follower 2"`, … by their ids; or a name given by a `name` step.
 */
export type NodeWord = NodeId | string;

/** Nodes, by one word or several. */
export type Nodes = NodeWord | readonly NodeWord[];

/** What is wanted, where `validate.ts` cannot tell from the schema alone. Other checks are made nevertheless. */
function must(what: string | ((input: unknown) => string)) {
  const text = typeof what === "string" ? () => what : what;
  const error = ({ input }: { readonly input?: unknown }) => input === undefined ? undefined : `must be ${text(input)}`;
  return { error, abort: false };
}

function whole(least: number, most: number = MOST, what = "a whole number") {
  const text = (input: unknown) => wholeText(input, least, most).replace("a whole number", what);
  return z.custom<number>((data) => isBetween(data, least, most), must(text));
}

/** Whether `word` can be a word for nodes. */
export function isNodeWord(word: unknown): word is NodeWord {
  return typeof word === "string" ? word !== "" : isBetween(word, 1);
}

const NODE = 'a node (2, "leader")';
const nodes = z.union([
  z.custom<NodeWord>(isNodeWord),
  z.array(z.custom<NodeWord>(isNodeWord, must(NODE))).check(z.minLength(1, "must not be empty")),
], must(`${NODE} or a list of nodes ([2, "leader"])`));
/** Nodes, or nobody. */
const anyNodes = z.union([
  z.custom<NodeWord>(isNodeWord),
  z.array(z.custom<NodeWord>(isNodeWord, must(NODE))),
], must(`${NODE} or a list of nodes ([2, "leader"]), which may be empty`));
const text = z.string();
const sentence = text.check(z.regex(/\S/, "must not be blank"));
const sentences = z.optional(z.array(sentence));
const nonEmpty = text.check(z.minLength(1, "must not be empty"));
const name = text.check(z.regex(/^\p{L}/u, "must begin with a letter"));
const ticks = whole(1, 100_000, "a whole number of ticks");
const count = whole(0);
const bound = z.optional(count);
const title = z.optional(sentence);

/** An object with these fields and no others. */
const only = z.strictObject;

/** A check of parts against each other. It is made whatever else is wrong, and nothing is wrong with the parts themselves. */
function fitting<T>(fits: (value: T) => boolean, message: string) {
  return z.refine<T>(fits, { error: message, when: () => true, params: { isOfParts: true } });
}

const ROLES = (Object.keys(CONDITIONS) as NodeCondition[]).filter((condition) => condition !== "stopped");

const client = whole(1, 9);

const quantity = z.enum(["term", "commit", "applied", "firstIndex", "lastIndex"]);

const value = z.optional(z.nullable(text));

const answeredIfValue = fitting(
  ({ answered, value }: { answered: boolean; value?: string | null | undefined }) => answered || value === undefined,
  "must have no value, for there is no answer",
);

const condition = z.discriminatedUnion("is", [
  /** One of `by` (default: any) leads the latest term. */
  only({ is: z.literal("leader"), by: z.optional(nodes) }),
  /** This many running nodes take themselves for a leader. */
  only({ is: z.literal("leaders"), count }),
  /** These nodes have this role. */
  only({ is: z.literal("role"), nodes, role: z.enum(ROLES) }),
  /** This number of these nodes `equals` that, or is `atLeast`, `atMost`, or between both. */
  only({ is: z.literal("number"), nodes, what: quantity, equals: bound, atLeast: bound, atMost: bound }).check(fitting(
    ({ equals, atLeast, atMost }) => (equals === undefined) !== (atLeast === undefined && atMost === undefined),
    "must have either equals, or atLeast, or atMost, or the last two",
  )),
  /** This number of these nodes is what it was at the mark `since`. */
  only({ is: z.literal("unchanged"), nodes, what: quantity, since: name }),
  /** This number of these nodes is greater than at the mark `since`. */
  only({ is: z.literal("grown"), nodes, what: quantity, since: name }),
  /** In the stores of these nodes this key has this value; `null`: none. Default: the key and value of the options. */
  only({ is: z.literal("value"), nodes, key: z.optional(nonEmpty), value }),
  /** The logs of these nodes, from index 1 on, are entries of these terms. */
  only({ is: z.literal("log"), nodes, terms: z.array(count) }),
  /** The last read, by a step `read`, is answered with `value` (default: that of the options; `null`: nothing), or not at all. */
  only({ is: z.literal("read"), answered: z.boolean(), value }).check(answeredIfValue),
  /** The last request of this client is answered (if it reads, with `value`; `null`: nothing), or not at all. */
  only({ is: z.literal("request"), client, answered: z.boolean(), value }).check(answeredIfValue),
  /** The configuration of these nodes (default: all members that run) has these voters, learners and outgoing voters; or any. */
  only({
    is: z.literal("configuration"),
    nodes: z.optional(nodes),
    voters: z.optional(anyNodes),
    learners: z.optional(anyNodes),
    outgoing: z.optional(anyNodes),
  }).check(fitting(
    ({ voters, learners, outgoing }) => voters !== undefined || learners !== undefined || outgoing !== undefined,
    "must have voters, learners or outgoing",
  )),
  /** These nodes (default: all members that run) follow one leader, and all have applied all of its log. */
  only({ is: z.literal("agreed"), nodes: z.optional(nodes) }),
]);

/** Messages, by what they are and between whom; what is left out may be anything. */
const filter = {
  type: z.optional(z.enum(Object.keys(MESSAGES) as MessageType[])),
  from: z.optional(nodes),
  to: z.optional(nodes),
  /** The index they speak of; of an `Append`, the one before its entries. */
  index: z.optional(count),
};

/** Links, both ways unless `oneWay`. */
const links = { from: nodes, to: nodes, oneWay: z.optional(z.boolean()) };

const command = z.discriminatedUnion("kind", [
  only({ kind: z.literal("Put"), key: nonEmpty, value: text }),
  only({ kind: z.literal("Delete"), key: nonEmpty }),
  only({ kind: z.literal("Get"), key: nonEmpty }),
]);

/** How a configuration becomes another. */
const TRANSITIONS = ["auto", "implicit", "explicit"] as const satisfies readonly ConfChangeTransition[];

/** What is done to messages in flight; a held message resumes when its link is mended. */
const MESSAGE_VERBS = ["drop", ...MESSAGE_FAULTS.filter((fault) => fault !== "resume")] as const;

/** With a title, a new part of the story begins. */
const step = z.discriminatedUnion("do", [
  /** From here on `as` means `nodes` (default: all), without those of `except`. */
  only({ do: z.literal("name"), title, as: name, nodes: z.optional(nodes), except: z.optional(nodes) }),
  /** Remember the numbers of all nodes as they are here. */
  only({ do: z.literal("mark"), title, as: name }),
  /** Let ticks pass. */
  only({ do: z.literal("run"), title, ticks }),
  /** Let ticks pass until it holds; at most `within` (default 400), else the scenario has failed. */
  only({ do: z.literal("runUntil"), title, until: condition, within: z.optional(ticks) }),
  /** A client asks `to` (default: the leader) for `command` (default: Put the key and value of the options). */
  only({ do: z.literal("propose"), title, to: z.optional(nodes), command: z.optional(command) }),
  /**
   * Somebody asks `to` (default: the leader) for another configuration. If no node is named it is to leave the joint one. By
   * default one node is changed at once, and several through a joint configuration, which the leader leaves by itself.
   */
  only({
    do: z.literal("confChange"),
    title,
    to: z.optional(nodes),
    addVoters: z.optional(nodes),
    addLearners: z.optional(nodes),
    remove: z.optional(nodes),
    transition: z.optional(z.enum(TRANSITIONS)),
  }).check(fitting(
    ({ addVoters, addLearners, remove, transition = "auto" }) =>
      transition === "auto" || addVoters !== undefined || addLearners !== undefined || remove !== undefined,
    "must have the transition auto, or none, if it changes no node",
  )),
  /** A client reads at `to` (default: the leader) `key` (default: that of the options), without an entry in the log. */
  only({
    do: z.literal("read"),
    title,
    way: z.enum(READ_WAYS.filter((way) => way !== "log")),
    to: z.optional(nodes),
    key: z.optional(nonEmpty),
  }),
  /**
   * A client that tries again asks for `command` (default: Put the key and value of the options): `to` first (default: who answered
   * it last), another node after `timeout` ticks (default 20) without an answer. `way`: how a Get reads (default: through the log).
   * `sessions` (default: true): its request has a number, and is applied once.
   */
  only({
    do: z.literal("request"),
    title,
    client,
    command: z.optional(command),
    to: z.optional(nodes),
    way: z.optional(z.enum(READ_WAYS)),
    sessions: z.optional(z.boolean()),
    timeout: z.optional(ticks),
  }).check(fitting(
    ({ command, way = "log" }) => command?.kind === "Get" || way === "log",
    "must have the way log, or none, if it writes",
  )),
  /** Lose the next `count` answers to this client on their way. */
  only({ do: z.literal("loseAnswer"), title, client, count: whole(1) }),
  /** Somebody asks `from` (default: the leader) for `to` to lead. */
  only({ do: z.literal("transfer"), title, to: nodes, from: z.optional(nodes) }),
  /** Crash nodes after this step of their ready loop, the next time they have something to sync. */
  only({ do: z.literal("crashAfter"), title, nodes, step: z.literal([1, 2, 3, 4, 5, 6, 7]) }),
  /** Make every election timeout this long; `null`: random again. */
  only({ do: z.literal("fixTimeout"), title, nodes, ticks: z.nullable(ticks) }),
  /** Snapshot the store, and discard the log but for the last `keep` applied entries. */
  only({ do: z.literal("compact"), title, nodes, keep: count }),
  /** Let messages take this long on these links. */
  only({ do: z.literal("delay"), title, ticks, ...links }),
  /** Cut every link between different groups. */
  only({ do: z.literal("partition"), title, groups: z.array(nodes) }),
  /** Mend every link. */
  only({ do: z.literal("heal"), title }),
  /** Start an election. */
  only({ do: z.literal("campaign"), title, nodes }),
  /** Crash nodes, start them again on what they stored, pause their clocks, let them run again. */
  only({ do: z.literal(NODE_FAULTS), title, nodes }),
  /** Lose what is on these links; let it wait; let it pass again. */
  only({ do: z.literal(LINK_FAULTS.filter((fault) => fault !== "delay")), title, ...links }),
  /** Of what is in flight now, or of the message `id` alone: lose it, let it wait, let it arrive next, send it a second time. */
  only({
    do: z.literal(MESSAGE_VERBS.map((verb) => `${verb}Messages` as const)),
    title,
    ...filter,
    id: z.optional(whole(1)),
  }),
  /** Lose the next `count` such messages that are sent. */
  only({ do: z.literal("dropNext"), title, count, ...filter }),
  /** From here on lose so many of a hundred messages on these links (default: all), by chance, which the seed decides. */
  only({ do: z.literal("loss"), title, percent: whole(0, 100), from: z.optional(nodes), to: z.optional(nodes) }),
  /** It must hold here, or the scenario has failed. */
  only({ do: z.literal("expect"), title, that: condition, text: z.optional(sentence) }),
]);

/** The steps of a scenario. */
export const stepsSchema = z.array(step).check(z.minLength(1, "must not be empty"));

/** How many nodes there are. */
export const nodeCountSchema = whole(1, 9);

const log = z.array(whole(1)).check(fitting((terms) => {
  const numbers = [terms].flat().filter(Number.isSafeInteger); // other terms are wrong by themselves
  return numbers.every((term, i) => i === 0 || term >= numbers[i - 1]);
}, "must be terms that never become less"));

const setting = only({
  /** How many of the nodes, the last ones, are no members of the cluster at first. */
  spares: z.exactOptional(whole(0, 8)),
  /** Ticks a message takes. */
  latency: z.exactOptional(whole(1, MOST_TICKS, "a whole number of ticks")),
  /** The least election timeout. */
  electionTick: z.exactOptional(whole(1, MOST_TICKS, "a whole number of ticks")),
  /** Ticks between heartbeats. */
  heartbeatTick: z.exactOptional(whole(1, MOST_TICKS, "a whole number of ticks")),
  /** The most bytes of entries a message carries. */
  maxSizePerMsg: z.exactOptional(whole(0)),
  /** The most messages with entries on their way to one follower. */
  maxInflightMsgs: z.exactOptional(whole(1)),
  /** Whether a node asks whether it could win before it campaigns. */
  preVote: z.exactOptional(z.boolean("must be true or false")),
  /** Whether a leader that hears from no majority steps down. */
  checkQuorum: z.exactOptional(z.boolean("must be true or false")),
  /** Whether a leader asks a majority before it answers a read, or trusts its lease, which takes `checkQuorum`. */
  readOnlyOption: z.exactOptional(z.enum(READ_ONLY)),
  /** After so many applied entries a node makes a snapshot by itself, and keeps the last half of them. */
  snapshotEvery: z.exactOptional(whole(1)),
  /** Logs to start from: for node 1, 2, 3, … the term of each entry. */
  logs: z.exactOptional(z.array(log)),
});

/** What a scenario is called. */
export const nameSchema = text.check(
  z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be words of small letters and digits, joined by hyphens"),
);

/** A scenario as it may stand in a file. */
export const scenarioSchema = only({
  /** Its name on the command line. */
  name: nameSchema,
  /** What it shows, in a line. */
  summary: z.optional(sentence),
  /** What is about to be broken, as sentences. */
  premise: sentences,
  /** How many nodes, if nothing is said; 3 if this is left out. */
  nodes: z.optional(nodeCountSchema),
  /** The cluster it needs. */
  setting: z.optional(setting),
  /** Where the logs are: in memory, where a crash loses nothing (the default), or in files that lose what was not synced. */
  disks: z.optional(z.enum(["memory", "files"])),
  /** What is done, in order. */
  steps: stepsSchema,
  /** What it shows, as sentences, if all is as expected. */
  shows: sentences,
  /** The title of its figure: the finding. */
  finding: z.optional(sentence),
  /** The chart that shows it; `logStages` are the logs as each titled part leaves them. */
  chart: z.optional(z.enum(["timeline", "roleLanes", "termStaircase", "logStages", "operations"])),
  /** What to try after it, a command or an idea a line. */
  next: sentences,
});

function aFunction(what: string) {
  return z.optional(z.custom((data) => typeof data === "function", must(`a function ${what}`)));
}

/** A scenario as a program may write it. Its steps may be a function, and are checked when they are known. */
export const programSchema = z.extend(scenarioSchema, {
  steps: z.optional(z.unknown()),
  refuse: aFunction("that gives the reason as text, or null if it can be played"),
  mutation: aFunction("that is given every node when it starts"),
  sequel: z.optional(z.looseObject({})),
});

/** What every scenario can be told. */
export const optionsSchema = only({
  /** How many nodes, 1 to 9. */
  nodes: z.exactOptional(nodeCountSchema),
  /** Decides every election timeout. */
  seed: z.exactOptional(z.custom<number>(Number.isSafeInteger, must("a whole number"))),
  /** What the client writes … */
  key: z.exactOptional(nonEmpty),
  /** … and its value; of several writes, the first one's. */
  value: z.exactOptional(text),
});

/** Data that nobody changes. */
type Immutable<T> = { readonly [K in keyof T]: Immutable<T[K]> };

/**
 * What the schemas describe.
 *
 * @internal
 */
export interface Shapes {
  readonly condition: Immutable<z.infer<typeof condition>>;
  readonly step: Immutable<z.infer<typeof step>>;
  readonly setting: Immutable<z.infer<typeof setting>>;
  readonly scenario: Immutable<z.infer<typeof scenarioSchema>>;
  readonly options: Immutable<z.infer<typeof optionsSchema>>;
}

/** A number that every node has. */
export type Quantity = Extract<Condition, { is: "number" }>["what"];

/** Something that holds of a cluster, or does not. It cannot be asked of no node at all. */
export type Condition = Shapes["condition"];

/** A step of a scenario: what is done. With a title, a new part of the story begins. */
export type Step = Shapes["step"];

/** The cluster that a scenario needs, apart from what it can be told. */
export type Setting = Shapes["setting"];

/** What every scenario can be told: nodes, 1 to 9; the seed that decides every election timeout; a key and its first value. */
export type ScenarioOptions = Required<Shapes["options"]>;

/** Messages, by what they are and between whom; what is left out may be anything. */
export type MessageFilter = Omit<Extract<Step, { do: "dropNext" }>, "do" | "title" | "count">;
