/**
 * Conditions: whether they hold, in words, and what was found where they do not.
 *
 * They look at a stage and change nothing.
 *
 * @module
 */
import type { NodeId, StateRole } from "../raft/mod.ts";
import { entriesText, nodeList } from "../trace/text.ts";
import { configurationText, partText } from "../trace/words.ts";
import { ScenarioError } from "./scenario.ts";
import type { Condition, Nodes, Quantity } from "./schema.ts";
import type { Judgement, Stage } from "./stage.ts";

/** The condition of this kind. */
type Of<K extends Condition["is"]> = Extract<Condition, { is: K }>;

const QUANTITIES: Readonly<Record<Quantity, string>> = {
  term: "term",
  commit: "commit index",
  applied: "applied index",
  firstIndex: "first index",
  lastIndex: "last index",
};

const JUDGES: { readonly [K in Condition["is"]]: (condition: Of<K>, stage: Stage) => Judgement } = {
  leader({ by }, stage) {
    const leader = stage.cluster.leader();
    const among = by === undefined ? stage.cluster.ids : stage.find(by);
    const text = by === undefined ? "there is a leader" : `the latest term is led by ${nodeList(among, "or")}`;
    const found = leader === null ? "nobody leads" : `node ${leader.id} leads term ${leader.status().hs.term}`;
    return judgement(text, leader !== null && among.includes(leader.id), found);
  },
  leaders({ count }, stage) {
    const leaders = stage.cluster.nodes().map(({ id }) => id).filter((id) => roleOf(stage, id) === "leader");
    const who = ["no node takes itself", "one node takes itself"][count] ?? `${count} nodes take themselves`;
    const found = leaders.length === 0 ? "none does" : nodeList(leaders);
    return judgement(`${who} for the leader`, leaders.length === count, found);
  },
  role({ nodes, role }, stage) {
    const text = (who: string, isOne: boolean) => `${who} ${isOne ? `is a ${role}` : `are ${role}s`}`;
    return judgeEach(nodes, stage, text, (id) => roleOf(stage, id) === role ? null : roleOf(stage, id));
  },
  number({ nodes, what, equals, atLeast = equals ?? -Infinity, atMost = equals ?? Infinity }, stage) {
    const bounds = [atLeast > -Infinity ? `at least ${atLeast}` : "", atMost < Infinity ? `at most ${atMost}` : ""];
    const range = equals ?? bounds.filter((bound) => bound !== "").join(" and ");
    return judgeEach(nodes, stage, (who) => `the ${QUANTITIES[what]} of ${who} is ${range}`, (id) => {
      const number = stage.numbers(id)[what];
      return number >= atLeast && number <= atMost ? null : `${number}`;
    });
  },
  unchanged: judgeChange,
  grown: judgeChange,
  value(condition, stage) {
    const { nodes, key = stage.options.key, value = stage.options.value } = condition;
    const pair = (found: string | null) => found === null ? `no ${key}` : `${key} = ${found}`;
    const text = (who: string, isOne: boolean) => `${who} ${isOne ? "has" : "have"} ${pair(value)}`;
    return judgeEach(nodes, stage, text, (id) => {
      const found = stage.cluster.node(id).store.get(key);
      return found === value ? null : pair(found);
    });
  },
  log({ nodes, terms }, stage) {
    const text = (who: string, isOne: boolean) => `${who} ${isOne ? "holds" : "hold"} ${entriesText(terms)}`;
    return judgeEach(nodes, stage, text, (id) => {
      const stored = stage.cluster.node(id).terms().join(" ");
      return stored === terms.join(" ") ? null : stored || "no entry";
    });
  },
  read({ answered, value: wanted }, stage) {
    const value = wanted === undefined ? stage.options.value : wanted;
    const read = stage.cluster.lastRead();
    if (read === null) throw new ScenarioError("nobody has read yet; take a step read first");
    const pair = (found: string | null) => found === null ? `no ${read.key}` : `${read.key} = ${found}`;
    const isAnswered = read.event === "answered";
    const text = answered ? `the client is answered ${pair(value)}` : "the client is not answered";
    const found = isAnswered ? `it is answered ${pair(read.value)}` : "it is not answered";
    return judgement(text, isAnswered === answered && (!answered || read.value === value), found);
  },
  request({ client, answered, value }, stage) {
    const { last } = stage.client(client);
    if (last === null) throw new ScenarioError(`client ${client} has asked for nothing yet; take a step request first`);
    const pair = (found: string | null) => found === null ? `no ${last.command.key}` : `${last.command.key} = ${found}`;
    const isAnswered = last.event === "answered";
    const isRight = value === undefined || last.value === value;
    const what = value === undefined ? "" : ` ${pair(value)}`;
    const text = answered ? `client ${client} is answered${what}` : `client ${client} is not answered`;
    const found = isAnswered ? `it is answered ${pair(last.value)}` : "it is not answered";
    return judgement(text, isAnswered === answered && (!answered || isRight), found);
  },
  configuration({ nodes, voters, learners, outgoing }, stage) {
    const named = ([["voters", voters], ["learners", learners], ["votersOutgoing", outgoing]] as const)
      .flatMap(([part, some]) => some === undefined ? [] : [{ part, ids: stage.find(some) }]);
    const what = named.map(({ part, ids }) => partText(part, ids)).join(", ");
    const text = (who: string, isOne: boolean) => `${who} ${isOne ? "has" : "have"} the configuration: ${what}`;
    return judgeEach(nodes ?? stage.members(), stage, text, (id) => {
      const { configuration } = stage.cluster.node(id);
      const isSo = named.every(({ part, ids }) => `${configuration[part]}` === `${ids}`);
      return isSo ? null : configurationText(configuration);
    });
  },
  agreed({ nodes }, stage) {
    const leader = stage.cluster.leader()?.status();
    const text = (who: string, isOne: boolean) =>
      `${who} ${isOne ? "follows one leader, and has" : "follow one leader, and have"} applied all of its log`;
    return judgeEach(nodes ?? stage.members(), stage, text, (id) => {
      const { ss: { leaderId }, hs: { term }, applied, lastIndex } = stage.cluster.node(id).status();
      if (leader === undefined || leaderId !== leader.id || term !== leader.hs.term) {
        return `it follows ${leaderId === null ? "nobody" : `node ${leaderId}`} in term ${term}`;
      }
      const isThere = applied === leader.lastIndex && lastIndex === leader.lastIndex;
      return isThere ? null : `it has applied ${applied} of ${leader.lastIndex}`;
    });
  },
};

/**
 * Judge `condition` as things are on `stage`.
 *
 * @throws {ScenarioError} naming a word or a mark that means nothing yet, or if it speaks of no node.
 */
export function judge<K extends Condition["is"]>(condition: Of<K>, stage: Stage): Judgement {
  const { is }: { is: K } = condition;
  return JUDGES[is](condition, stage);
}

function judgement(text: string, holds: boolean, found: string): Judgement {
  return { text, holds, found: holds ? "" : found };
}

/**
 * Every node must be right: `found` says what is wrong with one, or `null`. Of no node anything could be said, so there
 * must be one.
 */
function judgeEach(
  nodes: Nodes,
  stage: Stage,
  text: (who: string, isOne: boolean) => string,
  found: (id: NodeId) => string | null,
): Judgement {
  const ids = stage.find(nodes);
  if (ids.length === 0) throw new ScenarioError(`it speaks of no node at tick ${stage.cluster.now}`);
  const wrong = ids.map((id) => ({ id, what: found(id) })).filter(({ what }) => what !== null);
  const all = wrong.map(({ id, what }) => `node ${id}: ${what}`).join("; ");
  return judgement(text(nodeList(ids), ids.length === 1), wrong.length === 0, all);
}

function judgeChange({ is, nodes, what, since }: Of<"unchanged" | "grown">, stage: Stage): Judgement {
  const verb = is === "grown" ? "has grown" : "has not moved";
  return judgeEach(nodes, stage, (who) => `the ${QUANTITIES[what]} of ${who} ${verb} since ${since}`, (id) => {
    const [before, now] = [stage.numbersAt(since, id)[what], stage.numbers(id)[what]];
    const holds = is === "grown" ? now > before : now === before;
    return holds ? null : `${before} then, ${now} now`;
  });
}

function roleOf(stage: Stage, id: NodeId): StateRole {
  return stage.cluster.node(id).status().ss.raftState;
}
