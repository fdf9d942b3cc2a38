/**
 * What a player's page is told of a run: small, because every tick says only what is new in it.
 *
 * `script_decode.ts` reads it in the browser.
 *
 * @module
 */
import { commandText, happenings } from "./words.ts";
import { visible } from "../charts/text.ts";
import type { EntrySummary, MessageRow, NodeRow, TraceRow } from "../trace/rows.ts";
import type { NodeId } from "../raft/mod.ts";
import { marksOf } from "./marks.ts";
import type { Scene } from "./scenes.ts";

/** What is known of a node, in the order of its numbers. */
export const FIELDS = ["running", "muted", "role", "term", "vote", "first", "last", "commit", "applied"] as const;

/** The roles, by number. */
export const ROLE_NAMES = ["follower", "candidate", "leader"] as const;

/** A run. Nodes are numbered by their place in `ids`; so are types and commands by theirs. -1 is nobody. */
export interface PlayerData {
  /** The finding. */
  readonly title: string;
  /** The nodes. */
  readonly ids: readonly NodeId[];
  /** The tick of each frame. */
  readonly ticks: readonly number[];
  /** What happens in each frame. */
  readonly texts: readonly string[];
  /** From which frame on a scenario's part goes, and its title. */
  readonly parts: readonly (readonly [frame: number, title: string])[];
  /** Which frames matter, and why. */
  readonly marks: readonly (readonly [frame: number, kind: string])[];
  /** The names of `states`. */
  readonly fields: readonly string[];
  /** The roles, by number. */
  readonly roles: readonly string[];
  /** By frame: node, field, new value; node, field, new value; … */
  readonly states: readonly (readonly number[])[];
  /** By frame, a list a change: node, first index, then term and command of each entry; they replace what stands there. */
  readonly logs: readonly (readonly (readonly number[])[])[];
  /** By frame: from, to, 0 open or 1 cut or 2 held; from, to, … */
  readonly links: readonly (readonly number[])[];
  /** By message: type, from, to, entries, whether it says no, the frame after which it left, the one in which it ends, fate. */
  readonly messages: readonly (readonly number[])[];
  /** The types of messages. */
  readonly types: readonly string[];
  /** What entries ask for. */
  readonly commands: readonly string[];
}

/** What became of a message, by number. Lost at once: where it was sent; lost: on the way or where it arrived. */
export const FATES = ["on its way", "delivered", "lost at once", "lost"] as const;

/** The frames `first` and following of `scenes`. */
export function dataOf(title: string, scenes: readonly Scene[], first: number): PlayerData {
  const shown = scenes.slice(first);
  const ids = [...new Set(shown.flatMap(({ nodes }) => nodes.map(({ node }) => node)))].sort((a, b) => a - b);
  const [types, commands] = [new Names(), new Names()];
  return {
    title,
    ids,
    ticks: shown.map(({ tick }) => tick),
    texts: shown.map((scene, i) => happenings(scene, scenes[first + i - 1] ?? null).join(" ")),
    parts: partsOf(scenes, first),
    marks: marksOf(scenes).filter(({ at }) => at >= first).map(({ at, kind }) => [at - first, kind]),
    fields: FIELDS,
    roles: ROLE_NAMES,
    states: shown.map((scene, i) => changesOf(ids, scene, shown[i - 1] ?? null)),
    logs: merged(scenes.map(({ rows }) => logChanges(ids, rows, commands)), first),
    links: shown.map((scene, i) => linkChanges(ids, scene, shown[i - 1] ?? null)),
    messages: messagesOf(scenes, first, ids, types),
    types: types.list,
    commands: commands.list,
  };
}

/** Names, numbered as they come. */
class Names {
  readonly list: string[] = [];
  readonly #places = new Map<string, number>();

  number(name: string): number {
    const place = this.#places.get(name) ?? this.list.push(name) - 1;
    this.#places.set(name, place);
    return place;
  }
}

/** What came before the first frame is told with it. */
function merged<T>(changes: readonly T[][], first: number): T[][] {
  return [changes.slice(0, first + 1).flat(), ...changes.slice(first + 1)];
}

function partsOf(scenes: readonly Scene[], first: number): [number, string][] {
  const parts = scenes.flatMap(({ rows }, at) =>
    rows.flatMap((row): [number, string][] => row.kind === "part" ? [[at - first, visible(row.title)]] : [])
  );
  const last = new Map(parts.map(([frame, title]) => [Math.max(0, frame), title]));
  return [...last];
}

function changesOf(ids: readonly NodeId[], scene: Scene, before: Scene | null): number[] {
  return scene.nodes.flatMap((row) => {
    const was = before?.nodes.find(({ node }) => node === row.node);
    const [now, old] = [numbersOf(ids, row, scene), was && before ? numbersOf(ids, was, before) : []];
    return now.flatMap((value, field) => value === old[field] ? [] : [ids.indexOf(row.node), field, value]);
  });
}

/** A node in the order of `FIELDS`. */
function numbersOf(ids: readonly NodeId[], row: NodeRow, { muted }: Scene): number[] {
  const { node, running, role, term, vote, firstIndex, lastIndex, commit, applied } = row;
  const flags = [Number(running), Number(muted.has(node)), ROLE_NAMES.indexOf(role)];
  return [...flags, term, vote === null ? -1 : ids.indexOf(vote), firstIndex, lastIndex, commit, applied];
}

function logChanges(ids: readonly NodeId[], rows: readonly TraceRow[], commands: Names): number[][] {
  const flat = (entries: readonly EntrySummary[]) =>
    entries.flatMap(({ term, command }) => [term, commands.number(commandText(command))]);
  return rows.flatMap((row) =>
    (row.kind === "ready" || row.kind === "log") && row.entries.length > 0
      ? [[ids.indexOf(row.node), row.entries[0].index, ...flat(row.entries)]]
      : []
  );
}

function linkChanges(ids: readonly NodeId[], scene: Scene, before: Scene | null): number[] {
  const ways = new Set([...before?.broken.keys() ?? [], ...scene.broken.keys()]);
  return [...ways].flatMap((way) => {
    const state = scene.broken.get(way);
    if (state === before?.broken.get(way)) return [];
    return [...way.split(">").map((id) => ids.indexOf(Number(id))), state === undefined ? 0 : state === "cut" ? 1 : 2];
  });
}

/** The messages that are seen in a frame. */
function messagesOf(scenes: readonly Scene[], first: number, ids: readonly NodeId[], types: Names): number[][] {
  const messages = new Map<number, { row: MessageRow; sent: number; end: number; fate: number }>();
  scenes.forEach(({ tick, rows }, at) => {
    for (const row of rows) {
      if (row.kind !== "message") continue;
      const known = messages.get(row.id);
      if (known === undefined) {
        messages.set(row.id, { row, sent: row.tick < tick ? at - 1 : at, end: scenes.length, fate: 0 });
      } else known.fate = row.event === "delivered" ? 1 : known.row.tick === row.tick ? 2 : 3;
      if (known !== undefined) known.end = at;
    }
  });
  return [...messages.values()].filter(({ end }) => end >= first).map(({ row, sent, end, fate }) => {
    const { type, from, to, entries, reject } = row;
    const what = [types.number(type), ids.indexOf(from), ids.indexOf(to), entries, Number(reject)];
    return [...what, sent - first, end - first, fate];
  });
}
