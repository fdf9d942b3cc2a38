/**
 * Things to try in the page: each has a beginning, a check that says how far one has come, and a way that can be shown.
 *
 * @module
 */
import type { Act } from "../scenario/perform.ts";
import { conditionOf, type NodeState, type Scene } from "../trace/fold.ts";
import { configurationText } from "../trace/words.ts";
import type { ReadRow } from "../trace/rows.ts";
import { operationsOf } from "../trace/operations.ts";
import { count, list } from "../trace/text.ts";
import { type Double, ruleOut } from "./doubles.ts";
import type { Setting } from "../scenario/schema.ts";
import type { Branch, Plan } from "./session.ts";
import { configurationOf, majorityText } from "./places.ts";
import { sandboxOf } from "./share.ts";
import { at, type Touch } from "./touch.ts";

/** How far one has come. */
export interface Judgement {
  readonly done: boolean;
  readonly text: string;
}

/** A thing to try. */
export interface Mission {
  readonly name: string;
  /** What to do. */
  readonly task: string;
  /** Where it begins, without touches. */
  readonly plan: Plan;
  /** A way to do it, and the tick at which it is done. */
  readonly way: readonly Touch[];
  readonly until: number;
  /** What is to be said of the run so far. */
  readonly judge: (branch: Branch) => Judgement;
}

/** Steps that only lose messages. */
const DROPS: ReadonlySet<Act["do"]> = new Set<Act["do"]>(["dropMessages", "dropNext"]);

/** How long three nodes are to be without a leader, and how many messages may be lost for it. */
const LEADERLESS = { ticks: 60, drops: 6 } as const;

const lose = (id: number): Act => ({ do: "dropMessages", id });

function leadersIn({ state }: Scene): number {
  return [...state.nodes.values()].filter((node) => conditionOf(node) === "leader").length;
}

/** The first read whose answer was old when it was asked for: elsewhere more was applied by then, with another value. */
function staleRead(scenes: readonly Scene[]): ReadRow | undefined {
  const before = new Map<number, NodeState | undefined>();
  for (const { rows, before: { nodes }, state } of scenes) {
    for (const row of rows) {
      if (row.kind !== "read") continue;
      const [most] = [...nodes.values()].sort((a, b) => b.applied - a.applied);
      const known = before.get(row.number) ?? most;
      before.set(row.number, known);
      const behind = (state.nodes.get(row.node)?.applied ?? 0) < (known?.applied ?? 0);
      if (row.event === "answered" && behind && row.value !== (known?.store.get(row.key) ?? null)) return row;
    }
  }
  return undefined;
}

function sandboxPlan(nodes: number, seed: number, setting?: Setting, double: Double | null = null): Plan {
  const options = { nodes, seed, key: "x", value: "a" };
  return { scenario: sandboxOf(setting, options), options, double, touches: [] };
}

/** It is done once there is such a thing; `no` and `yes` say how it stands. */
function judged<T>(found: T | undefined, no: string, yes: (found: T) => string): Judgement {
  return found === undefined ? { done: false, text: no } : { done: true, text: yes(found) };
}

const CUT_OFF: Act = { do: "cut", from: "leader", to: "all" };

/** The missions that keep the rules, the easier first. */
export const MISSIONS: readonly Mission[] = [
  {
    name: "Two leaders",
    task: "Make two nodes lead at the same time.",
    plan: sandboxPlan(5, 7),
    way: at(15, CUT_OFF),
    until: 40,
    judge: ({ scenes }) =>
      judged(
        scenes.find((scene) => leadersIn(scene) > 1),
        "At most one has led at a time. What does a leader notice that no longer hears from anybody?",
        ({ tick }) => `Two lead at tick ${tick}, in two terms. Ask both to write: only one of them can commit.`,
      ),
  },
  {
    name: "A write that is taken back",
    task: "Let a leader append a client's write, and see to it that another entry takes its place.",
    plan: sandboxPlan(5, 7),
    way: [...at(15, CUT_OFF, { do: "propose", to: 3 }), ...at(45, { do: "heal" })],
    until: 55,
    judge: ({ scenes }) =>
      judged(
        scenes.flatMap(({ answers }) => answers).find(({ outcome }) => outcome === "replaced"),
        "No write has been replaced. Only what is not committed can be.",
        ({ tick, index }) => `Tick ${tick}: index ${index} holds another entry now, and the client is told so.`,
      ),
  },
  {
    name: "An old value",
    task: "Let a client read an old value: one that was replaced, by a committed write, before the client asked.",
    plan: sandboxPlan(5, 7),
    way: [
      ...at(15, { do: "propose", to: 3 }),
      ...at(20, CUT_OFF),
      ...at(45, { do: "propose", command: { kind: "Put", key: "x", value: "b" } }),
      ...at(50, { do: "read", way: "store", to: 3 }),
    ],
    until: 55,
    judge: ({ scenes }) =>
      judged(
        staleRead(scenes),
        "No read was answered with an old value. Which node does not learn what the others commit?",
        ({ tick, node, key, value }) =>
          `Tick ${tick}: node ${node} answers ${key} = ${
            value ?? "nothing"
          }, which is old. Ask it again in another way.`,
      ),
  },
  {
    name: "Written twice",
    task: "Client 1 asks again until it is answered. Let one Put of it be applied twice.",
    plan: sandboxPlan(3, 1),
    way: at(20, { do: "loseAnswer", client: 1, count: 1 }, { do: "request", client: 1, sessions: false }),
    until: 50,
    judge: ({ scenes }) =>
      judged(
        operationsOf(scenes).find(({ effects }) => effects.length > 1),
        "Each request was applied once at most. Why would a client send one again? How could a store know it again?",
        ({ request, effects }) =>
          `Request ${request} was applied at the ticks ${list(effects)}. With its number in the log, it is not.`,
      ),
  },
  {
    name: "Nobody leads",
    task: `Keep three nodes without a leader up to tick ${LEADERLESS.ticks}. You may lose ${
      count(LEADERLESS.drops, "message")
    }, and do nothing else.`,
    plan: sandboxPlan(3, 4),
    way: [
      ...at(15, lose(4), lose(3)),
      ...at(30, lose(10)),
      ...at(43, lose(19)),
      ...at(52, lose(22)),
      ...at(53, lose(23)),
    ],
    until: LEADERLESS.ticks,
    judge({ scenes, touches, trace, now }) {
      if (touches.some(({ step }) => !DROPS.has(step.do))) {
        return { done: false, text: "Something else was done than losing a message: go back to before it." };
      }
      const { length: lost } = trace.of("message").filter(({ event }) => event === "dropped");
      if (lost > LEADERLESS.drops) {
        return { done: false, text: `${count(lost, "message")} were lost: that is too many.` };
      }
      const first = scenes.find((scene) => leadersIn(scene) > 0)?.tick ?? Infinity;
      const done = Math.min(first, now + 1) > LEADERLESS.ticks;
      const who = first <= now ? `A node leads at tick ${first}` : `Nobody leads up to tick ${now}`;
      return { done, text: `${who}; ${count(lost, "message")} of ${LEADERLESS.drops} lost.` };
    },
  },
  {
    name: "Move house",
    task: "Nodes 1 to 3 vote. Let nodes 4 to 6 vote in their place, and then let a client write.",
    plan: sandboxPlan(6, 2, { spares: 3 }),
    way: [
      ...at(20, { do: "propose" }, { do: "confChange", addLearners: [4, 5, 6] }),
      ...at(40, { do: "confChange", addVoters: [4, 5, 6], remove: [1, 2, 3] }),
      ...at(90, { do: "propose", command: { kind: "Put", key: "x", value: "b" } }),
    ],
    until: 95,
    judge: ({ scenes }) =>
      judged(
        scenes.find(({ state, answers }) =>
          configurationText(configurationOf(state)) === "voters 4, 5 and 6" &&
          answers.some(({ outcome }) => outcome === "applied")
        ),
        `A majority is ${majorityText(configurationOf(scenes[scenes.length - 1].state))}. ` +
          "Ask the leader to change that, below or in a node's menu; then ask it to write.",
        ({ tick }) => `Tick ${tick}: a write is done, and nodes 1 to 3 have no say in it.`,
      ),
  },
  breaking("new-half", "Two majorities", "Replace two of the three voters at once, and let both sides decide alone."),
  breaking("old-terms", "Lose a committed write", "Let a leader commit a write, and a later leader lack it."),
];

/** To break an invariant where a rule is taken out. */
export function breaking(double: Double, name = "Break an invariant", task?: string): Mission {
  const { nodes, setting, way, what } = ruleOut(double);
  return {
    name,
    task: `${what} ${task ?? "Show what the rule is for: make an invariant break."}`,
    plan: sandboxPlan(nodes, 1, setting, double),
    way,
    until: (way.at(-1)?.tick ?? 0) + 5,
    judge: ({ broken }) =>
      judged(
        broken ?? undefined,
        "Every invariant holds so far.",
        ({ tick, violation }) => `Tick ${tick}: this is broken: ${violation.invariant.split(":")[0]}.`,
      ),
  };
}
