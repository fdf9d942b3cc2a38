/**
 * The shape of a scenario's steps, for zod.
 *
 * What each of them means is said in `step.ts`; what fits together, in `fitting.ts`.
 *
 * @module
 */
import * as z from "zod/mini";
import type { MessageType } from "../raft/mod.ts";
import { NODE_FAULTS } from "../trace/rows.ts";
import type { Condition, Nodes, NodeWord, Step } from "./step.ts";

/** Says that something is missing, that it knows not a field, or that it must be `what`; of other data, an object. */
export function must(what: string, otherwise: string = what) {
  return {
    error(issue: { readonly code?: string; readonly input?: unknown; readonly keys?: readonly string[] }): string {
      if (issue.code === "unrecognized_keys") {
        const { keys = [] } = issue;
        return `has ${keys.join(" and ")}, which ${keys.length === 1 ? "means" : "mean"} nothing here`;
      }
      if (issue.input === undefined) return "is missing";
      return `must be ${issue.code === "invalid_type" ? otherwise : what}`;
    },
  };
}

/** A whole number. */
export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER, what = "a whole number") {
  const isOne = (data: unknown) => Number.isSafeInteger(data) && Number(data) >= least && Number(data) <= most;
  const from = least < 0 ? "" : ` from ${least}`;
  return z.custom<number>(isOne, must(`${what}${from}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ""}`));
}

/** Whether `word` can be a word for nodes. */
export function isNodeWord(word: unknown): word is NodeWord {
  return typeof word === "string" ? word !== "" : Number.isInteger(word) && Number(word) >= 1;
}

const NODE = 'a node (2, "leader")';
const nodes = z.custom<Nodes>(
  (data) => Array.isArray(data) || isNodeWord(data),
  must(`${NODE} or a list of nodes ([2, "leader"])`),
).check(z.check(({ value, issues }) => {
  if (!Array.isArray(value)) return;
  if (value.length === 0) issues.push({ code: "custom", input: value, message: "must not be empty" });
  for (const [i, input] of value.entries()) {
    if (!isNodeWord(input)) issues.push({ code: "custom", input, path: [i], message: `must be ${NODE}` });
  }
}));
/** Text. */
export const text = z.string(must("text"));
/** Text that a reader sees. */
export const sentence = text.check(z.regex(/\S/, "must not be blank"));
/** Text of at least one character. */
export const nonEmpty = text.check(z.minLength(1, "must not be empty"));
const name = text.check(z.regex(/^\p{L}/u, "must begin with a letter"));
const ticks = whole(1, 100_000, "a whole number of ticks");
const count = whole(0);
const what = z.enum(["term", "commit", "applied", "lastIndex"], must("term, commit, applied or lastIndex"));

/** An object of one tag, with these fields and no others. */
function tagged<T extends Record<string, z.ZodMiniType>>(fields: T) {
  return z.strictObject(fields, must("an object"));
}

const conditionSchema: z.ZodMiniType<Condition> = z.discriminatedUnion(
  "is",
  [
    tagged({ is: z.literal("leader"), by: z.optional(nodes) }),
    tagged({ is: z.literal("leaders"), count }),
    tagged({
      is: z.literal("role"),
      nodes,
      role: z.enum(["follower", "candidate", "leader"], must("follower, candidate or leader")),
    }),
    tagged({
      is: z.literal("number"),
      nodes,
      what,
      equals: z.optional(count),
      atLeast: z.optional(count),
      atMost: z.optional(count),
    }),
    tagged({ is: z.literal(["unchanged", "grown"]), nodes, what, since: name }),
    tagged({ is: z.literal("value"), nodes, key: z.optional(nonEmpty), value: z.optional(z.nullable(text)) }),
    tagged({ is: z.literal("log"), nodes, terms: z.array(count, must("a list of terms")) }),
    tagged({ is: z.literal("agreed"), nodes: z.optional(nodes) }),
  ],
  must("leader, leaders, role, number, unchanged, grown, value, log or agreed", 'an object, such as {"is": "leader"}'),
);

const MESSAGE_TYPES = [
  "RequestVote",
  "RequestVoteResponse",
  "Append",
  "AppendResponse",
  "Heartbeat",
  "HeartbeatResponse",
  "Snapshot",
  "Propose",
] as const satisfies readonly MessageType[];

const title = z.optional(sentence);
const filter = {
  type: z.optional(z.enum(MESSAGE_TYPES, must(`one of ${MESSAGE_TYPES.join(", ")}`))),
  from: z.optional(nodes),
  to: z.optional(nodes),
  index: z.optional(count),
};
const links = { from: nodes, to: nodes, oneWay: z.optional(z.boolean(must("true or false"))) };
const command = z.discriminatedUnion("kind", [
  tagged({ kind: z.literal("Put"), key: nonEmpty, value: text }),
  tagged({ kind: z.literal("Delete"), key: nonEmpty }),
  tagged({ kind: z.literal("Get"), key: nonEmpty }),
], must("Put, Delete or Get", 'an object, such as {"kind": "Get", "key": "x"}'));

const [NODE_ACTIONS, LINK_ACTIONS, MESSAGE_ACTIONS] = [
  ["campaign", ...NODE_FAULTS],
  ["cut", "hold", "mend"],
  ["dropMessages", "holdMessages", "releaseMessages", "duplicateMessages"],
] as const;
const ACTIONS: readonly Step["do"][] = [
  ...[
    "name",
    "mark",
    "run",
    "runUntil",
    "propose",
    "crashAfter",
    "fixTimeout",
    "compact",
    "delay",
    "partition",
    "heal",
  ] as const,
  ...NODE_ACTIONS,
  ...LINK_ACTIONS,
  ...MESSAGE_ACTIONS,
  ...["dropNext", "expect"] as const,
];

/** One step. */
export const stepSchema: z.ZodMiniType<Step> = z.discriminatedUnion("do", [
  tagged({ do: z.literal("name"), title, as: name, nodes: z.optional(nodes), except: z.optional(nodes) }),
  tagged({ do: z.literal("mark"), title, as: name }),
  tagged({ do: z.literal("run"), title, ticks }),
  tagged({ do: z.literal("runUntil"), title, until: conditionSchema, within: z.optional(ticks) }),
  tagged({ do: z.literal("propose"), title, to: z.optional(nodes), command: z.optional(command) }),
  tagged({ do: z.literal(NODE_ACTIONS), title, nodes }),
  tagged({
    do: z.literal("crashAfter"),
    title,
    nodes,
    step: z.literal([1, 2, 3, 4, 5, 6, 7], must("a step of the ready loop, 1 to 7")),
  }),
  tagged({ do: z.literal("fixTimeout"), title, nodes, ticks: z.nullable(ticks) }),
  tagged({ do: z.literal("compact"), title, nodes, keep: count }),
  tagged({ do: z.literal(LINK_ACTIONS), title, ...links }),
  tagged({ do: z.literal("delay"), title, ticks, ...links }),
  tagged({ do: z.literal("partition"), title, groups: z.array(nodes, must("a list of groups of nodes")) }),
  tagged({ do: z.literal("heal"), title }),
  tagged({ do: z.literal(MESSAGE_ACTIONS), title, ...filter }),
  tagged({ do: z.literal("dropNext"), title, count, ...filter }),
  tagged({ do: z.literal("expect"), title, that: conditionSchema, text: z.optional(sentence) }),
], must(`one of ${ACTIONS.join(", ")}`, 'an object, such as {"do": "heal"}'));
