/** The page's script, as tests use it. */
import { runInNewContext } from "node:vm";
import type { PlayerData } from "./data.ts";
import { DECODE } from "./script_decode.ts";
import { LAYOUT } from "./script_layout.ts";

/** A node in a frame. */
export interface DecodedNode {
  readonly id: number;
  readonly running: boolean;
  readonly muted: boolean;
  readonly role: string;
  readonly term: number;
  readonly vote: number | null;
  readonly first: number;
  readonly last: number;
  readonly commit: number;
  readonly applied: number;
  readonly log: readonly ({ readonly term: number; readonly command: string } | undefined)[];
}

/** A message in a frame. */
export interface DecodedMessage {
  readonly type: string;
  readonly from: number;
  readonly to: number;
  readonly entries: number;
  readonly reject: boolean;
  readonly start: number;
  readonly part: number;
  readonly fate: string;
}

/** A frame. */
export interface Decoded {
  readonly tick: number;
  readonly part: string;
  readonly text: string;
  readonly nodes: readonly DecodedNode[];
  readonly links: Readonly<Record<string, string>>;
  readonly messages: readonly DecodedMessage[];
}

/** What the page's own script makes of `data`. */
export function decoded(data: PlayerData): Decoded[] {
  const json = runInNewContext(`${DECODE}; JSON.stringify(decode(JSON.parse(text)))`, { text: JSON.stringify(data) });
  return JSON.parse(json);
}

/** Where the page's own script puts `count` nodes. */
export function places(
  count: number,
  width: number,
): { height: number; card: { width: number; height: number }; at: [number, { x: number; y: number }][] } {
  const script = `${LAYOUT}; const l = layoutOf(ids, width); JSON.stringify({ ...l, at: [...l.at] })`;
  return JSON.parse(runInNewContext(script, { ids: Array.from({ length: count }, (_, i) => i + 1), width }));
}

/** The data in a page. */
export function dataIn(page: string): PlayerData {
  return JSON.parse(/<script type="application\/json" id="data">([^<]*)<\/script>/.exec(page)?.[1] ?? "null");
}
