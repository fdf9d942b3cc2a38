/**
 * Conditions: whether they hold, in words, and what was found where they do not.
 *
 * They look at a stage and change nothing.
 *
 * @module
 */
import type { ExpectationRow } from "../trace/rows.ts";
import { type NodeId, type StateRole, unreachable } from "../raft/mod.ts";
import { ScenarioError, type Stage } from "./stage.ts";
import type { Condition, Nodes, Quantity } from "./step.ts";
import { entriesText, nodeList } from "./words.ts";

/** A condition, judged. */
export type Judgement = Pick<ExpectationRow, "text" | "holds" | "found">;

const QUANTITIES: Readonly<Record<Quantity, string>> = {
  term: "term",
  commit: "commit index",
  applied: "applied index",
  lastIndex: "last index",
};

/**
 * Judge `condition` as things are on `stage`.
 *
 * @throws {ScenarioError} naming a word or a mark that means nothing yet, or if it speaks of no node.
 */
export function judge(condition: Condition, stage: Stage): Judgement {
  switch (condition.is) {
    case "leader":
      return judgeLeader(condition, stage);
    case "leaders":
      return judgeLeaders(condition, stage);
    case "role":
      return judgeRole(condition, stage);
    case "number":
      return judgeNumber(condition, stage);
    case "unchanged":
    case "grown":
      return judgeChange(condition, stage);
    case "value":
      return judgeValue(condition, stage);
    case "log":
      return judgeLog(condition, stage);
    case "agreed":
      return judgeAgreement(condition, stage);
    default:
      return unreachable(condition);
  }
}

type Of<K extends Condition["is"]> = Extract<Condition, { is: K }>;

/** The nodes that are meant. Of none anything could be said, so there must be one. */
function some(nodes: Nodes, stage: Stage): NodeId[] {
  const ids = stage.find(nodes);
  if (ids.length === 0) throw new ScenarioError(`it speaks of no node at tick ${stage.cluster.now}`);
  return ids;
}

function judgement(text: string, holds: boolean, found: string): Judgement {
  return { text, holds, found: holds ? "" : found };
}

/** Every one of `ids` must be right: `found` says what is wrong with one, or `null`. */
function judgeEach(text: string, ids: readonly NodeId[], found: (id: NodeId) => string | null): Judgement {
  const wrong = ids.flatMap((id) => {
    const what = found(id);
    return what === null ? [] : [`node ${id}: ${what}`];
  });
  return judgement(text, wrong.length === 0, wrong.join("; "));
}

function judgeLeader({ by }: Of<"leader">, stage: Stage): Judgement {
  const leader = stage.cluster.leader();
  const among = by === undefined ? stage.cluster.ids : stage.find(by);
  const text = by === undefined ? "there is a leader" : `the latest term is led by ${nodeList(among, "or")}`;
  const found = leader === null ? "nobody leads" : `node ${leader.id} leads term ${leader.status().hs.term}`;
  return judgement(text, leader !== null && among.includes(leader.id), found);
}

function judgeLeaders({ count }: Of<"leaders">, stage: Stage): Judgement {
  const leaders = stage.cluster.nodes().filter(({ id }) => roleOf(stage, id) === "leader").map(({ id }) => id);
  const text = count === 0
    ? "no node takes itself for the leader"
    : count === 1
    ? "one node takes itself for the leader"
    : `${count} nodes take themselves for the leader`;
  return judgement(text, leaders.length === count, leaders.length === 0 ? "none does" : nodeList(leaders));
}

function judgeRole({ nodes, role }: Of<"role">, stage: Stage): Judgement {
  const ids = some(nodes, stage);
  const text = `${nodeList(ids)} ${ids.length === 1 ? `is a ${role}` : `are ${role}s`}`;
  return judgeEach(text, ids, (id) => roleOf(stage, id) === role ? null : roleOf(stage, id));
}

function judgeNumber(condition: Of<"number">, stage: Stage): Judgement {
  const { nodes, what, equals, atLeast = equals ?? -Infinity, atMost = equals ?? Infinity } = condition;
  const ids = some(nodes, stage);
  const range = equals !== undefined
    ? `${equals}`
    : [atLeast > -Infinity ? `at least ${atLeast}` : "", atMost < Infinity ? `at most ${atMost}` : ""]
      .filter((part) => part !== "").join(" and ");
  return judgeEach(`the ${QUANTITIES[what]} of ${nodeList(ids)} is ${range}`, ids, (id) => {
    const number = stage.numbers(id)[what];
    return number >= atLeast && number <= atMost ? null : `${number}`;
  });
}

function judgeChange({ is, nodes, what, since }: Of<"unchanged" | "grown">, stage: Stage): Judgement {
  const ids = some(nodes, stage);
  const verb = is === "grown" ? "has grown since" : "has not moved since";
  return judgeEach(`the ${QUANTITIES[what]} of ${nodeList(ids)} ${verb} ${since}`, ids, (id) => {
    const [before, now] = [stage.numbersAt(since, id)[what], stage.numbers(id)[what]];
    return (is === "grown" ? now > before : now === before) ? null : `${before} then, ${now} now`;
  });
}

function judgeValue(condition: Of<"value">, stage: Stage): Judgement {
  const { nodes, key = stage.options.key, value = stage.options.value } = condition;
  const ids = some(nodes, stage);
  const has = ids.length === 1 ? "has" : "have";
  const text = value === null ? `${has} no ${key}` : `${has} ${key} = ${value}`;
  return judgeEach(`${nodeList(ids)} ${text}`, ids, (id) => {
    const found = stage.cluster.node(id).store.get(key);
    return found === value ? null : found === null ? `no ${key}` : `${key} = ${found}`;
  });
}

function judgeLog({ nodes, terms }: Of<"log">, stage: Stage): Judgement {
  const ids = some(nodes, stage);
  const holds = ids.length === 1 ? "holds" : "hold";
  const text = `${nodeList(ids)} ${holds} ${entriesText(terms)}`;
  return judgeEach(text, ids, (id) => {
    const stored = stage.cluster.node(id).terms();
    return stored.join() === terms.join() ? null : stored.length === 0 ? "no entry" : stored.join(" ");
  });
}

function judgeAgreement({ nodes }: Of<"agreed">, stage: Stage): Judgement {
  const ids = some(nodes ?? stage.cluster.nodes().map(({ id }) => id), stage);
  const leader = stage.cluster.leader()?.status();
  const [follow, have] = ids.length === 1 ? ["follows", "has"] : ["follow", "have"];
  const text = `${nodeList(ids)} ${follow} one leader, and ${have} applied all of its log`;
  return judgeEach(text, ids, (id) => {
    const { ss: { leaderId }, hs: { term }, applied, lastIndex } = stage.cluster.node(id).status();
    if (leader === undefined || leaderId !== leader.id || term !== leader.hs.term) {
      return `it follows ${leaderId === null ? "nobody" : `node ${leaderId}`} in term ${term}`;
    }
    const isThere = applied === leader.lastIndex && lastIndex === leader.lastIndex;
    return isThere ? null : `it has applied ${applied} of ${leader.lastIndex}`;
  });
}

function roleOf(stage: Stage, id: NodeId): StateRole {
  return stage.cluster.node(id).status().ss.raftState;
}
