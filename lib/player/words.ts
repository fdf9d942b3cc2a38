/**
 * What happened in a scene, in a few words.
 *
 * @module
 */
import type { Command } from "../command.ts";
import { capital, count, list, nodeList, visible } from "../charts/text.ts";
import type { LinkFaultRow, MessageFaultRow, NodeFaultRow, NodeRow, ProposalRow, TraceRow } from "../trace/rows.ts";
import { groupsOf, type Scene } from "./scenes.ts";

const FAULTS: Readonly<Record<NodeFaultRow["fault"], string>> = {
  stopped: "is stopped",
  restarted: "is restarted on what it had stored",
  muted: "is muted: its clock stands still",
  unmuted: "is no longer muted: its clock goes on",
};

/** A command, in a line. */
export function commandText(command: Command | null): string {
  if (command === null) return "(empty)";
  const key = visible(command.key);
  return command.kind === "Put" ? `${key} = ${visible(command.value)}` : `${command.kind} ${key}`;
}

/** The sentences of a scene, what was done on purpose first; one at least. */
export function happenings(scene: Scene, before: Scene | null): string[] {
  const sentences = [
    ...deeds(scene, before),
    ...changes(scene, before),
    ...commits(scene),
    ...losses(scene),
    ...rowsOf(scene, "expectation").map(({ text, holds, found }) =>
      holds ? `as expected: ${visible(text)}` : `not as expected: ${visible(text)}; found: ${visible(found)}`
    ),
  ];
  return (sentences.length === 0 ? [quiet(scene)] : sentences).map((sentence) => `${capital(sentence)}.`);
}

function rowsOf<K extends TraceRow["kind"]>({ rows }: Scene, kind: K): Extract<TraceRow, { kind: K }>[] {
  return rows.filter((row): row is Extract<TraceRow, { kind: K }> => row.kind === kind);
}

/** What was done on purpose: each kind once, in the order in which it was begun with. */
function deeds(scene: Scene, before: Scene | null): string[] {
  const kinds = {
    fault: rowsOf(scene, "nodeFault").map(({ node, fault, why }) =>
      `node ${node} ${why === undefined ? FAULTS[fault] : `stops: ${visible(why)}`}`
    ),
    link: linkSentences(scene, before),
    interference: interferences(scene),
    proposal: rowsOf(scene, "proposal").map(proposalSentence),
  };
  const firstOf = (kind: string) => scene.rows.findIndex((row) => row.kind === kind);
  return Object.entries(kinds).sort(([a], [b]) => firstOf(a) - firstOf(b)).flatMap(([, sentences]) => sentences);
}

/** A partition is told by its groups, anything smaller by its links. */
function linkSentences(scene: Scene, before: Scene | null): string[] {
  const rows = rowsOf(scene, "linkFault");
  if (rows.length === 0) return [];
  if (scene.broken.size === 0 && (before?.broken.size ?? 0) > 0) return ["every link is open again"];
  const groups = groupsOf(scene);
  if (groups.length > 1 && rows.length > 2) {
    return [`the network is divided: ${groups.map((group) => nodeList(group)).join(" | ")}`];
  }
  const states = { cut: "is cut", held: "is held: messages wait", open: "is open" } as const;
  return (["cut", "held", "open"] as const).flatMap((state) => {
    const changed = rows.filter((row) => row.state === state);
    if (changed.length === 0) return [];
    if (changed.length > 2) return [`${count(changed.length, "link")}: each ${states[state]}`];
    return changed.map((row) => linkSentence(row, states[state]));
  });
}

function linkSentence({ from, to, latency }: LinkFaultRow, state: string): string {
  return `the link ${from} → ${to} ${state}${latency === 1 ? "" : ` (${latency} ticks a message)`}`;
}

const INTERFERENCES: Readonly<Record<MessageFaultRow["what"], readonly [one: string, many: string]>> = {
  held: ["is held back", "are held back"],
  resumed: ["goes on its way", "go on their way"],
  released: ["arrives next", "arrive next"],
  doubled: ["is sent a second time", "are sent a second time"],
};

function interferences(scene: Scene): string[] {
  const rows = rowsOf(scene, "messageFault");
  return [...new Set(rows.map(({ what }) => what))].map((what) => {
    const taken = rows.filter((row) => row.what === what);
    const [one, many] = INTERFERENCES[what];
    return `${count(taken.length, `message ${one}`, `messages ${many}`)} (${
      list([...new Set(taken.map(({ type }) => type))])
    })`;
  });
}

function proposalSentence({ node, command, result, index }: ProposalRow): string {
  const asked = `node ${node} is asked for ${commandText(command)}`;
  if (result === "dropped") return `${asked}, and refuses: it knows no leader`;
  return result === "forwarded" ? `${asked}, and passes it on` : `${asked}, and appends it at index ${index}`;
}

/** Roles, votes and logs. */
function changes(scene: Scene, before: Scene | null): string[] {
  const previous = new Map(before?.nodes.map((row) => [row.node, row]));
  const pairs = scene.nodes.map((now) => [now, previous.get(now.node) ?? null] as const);
  return [
    ...pairs.flatMap(([now, was]) => roleChange(now, was)),
    ...votes(pairs.filter(([now, was]) => isNewVote(now, was)).map(([now]) => now)),
    ...pairs.flatMap(([now, was]) => rewritten(scene, now, was)),
  ];
}

function roleChange({ node, role, term, running }: NodeRow, was: NodeRow | null): string[] {
  if (!running) return [];
  const before = was?.role ?? "follower";
  if (role === "leader" && (before !== "leader" || was?.term !== term)) {
    return [`node ${node} is elected leader of term ${term}`];
  }
  if (role === "candidate" && (before !== "candidate" || was?.term !== term)) {
    return [`node ${node} campaigns in term ${term}`];
  }
  const restarted = was?.running === false;
  return role === "follower" && before !== "follower" && !restarted ? [`node ${node} steps down in term ${term}`] : [];
}

function isNewVote({ node, vote, term }: NodeRow, was: NodeRow | null): boolean {
  return vote !== null && vote !== node && (vote !== was?.vote || term !== was.term);
}

/** Who voted for whom, a sentence a candidate. */
function votes(voters: readonly NodeRow[]): string[] {
  const candidates = [...new Set(voters.map(({ vote }) => vote))];
  return candidates.map((candidate) => {
    const ids = voters.filter(({ vote }) => vote === candidate).map(({ node }) => node);
    return `${nodeList(ids)} ${ids.length === 1 ? "votes" : "vote"} for node ${candidate}`;
  });
}

/** Entries in the place of others, or a snapshot in the place of the log. */
function rewritten(scene: Scene, { node }: NodeRow, was: NodeRow | null): string[] {
  return rowsOf(scene, "ready").filter((row) => row.node === node).flatMap(({ snapshot, entries }) => {
    if (snapshot !== null) return [`node ${node} takes a snapshot up to index ${snapshot}`];
    const from = entries.at(0)?.index ?? Infinity;
    return from <= (was?.lastIndex ?? 0) && from > (was?.commit ?? 0)
      ? [`node ${node} replaces its log from index ${from} on`]
      : [];
  });
}

/** The leader decides, the others learn. */
function commits(scene: Scene): string[] {
  const rows = rowsOf(scene, "commit");
  const leaders = rows.filter(({ role }) => role === "leader").map(({ node, index }) =>
    `node ${node} commits up to index ${index}`
  );
  const learnt = new Map<number, number[]>();
  for (const { role, node, index } of rows) {
    if (role !== "leader") learnt.set(index, [...learnt.get(index) ?? [], node]);
  }
  const learners = [...learnt].map(([index, ids]) =>
    `${nodeList(ids)} ${ids.length === 1 ? "learns" : "learn"} that index ${index} is committed`
  );
  return [...leaders, ...learners];
}

function losses(scene: Scene): string[] {
  const lost = rowsOf(scene, "message").filter(({ event }) => event === "dropped");
  if (lost.length === 0) return [];
  const types = list([...new Set(lost.map(({ type }) => type))]);
  return [`${count(lost.length, "message is", "messages are")} lost (${types})`];
}

function quiet(scene: Scene): string {
  const arrived = rowsOf(scene, "message").filter(({ event }) => event === "delivered");
  if (arrived.length === 0) return "no message arrives, and nothing changes";
  const types = list([...new Set(arrived.map(({ type }) => type))]);
  return `${count(arrived.length, "message arrives", "messages arrive")} (${types}), and nothing changes`;
}
