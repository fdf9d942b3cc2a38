/**
 * Where things are on the stage: nodes in a ring, ways between them, labels that do not lie upon each other.
 *
 * @module
 */
import { LabelRoom, textWidth } from "../../charts/text.ts";
import type { NodeId } from "../../raft/mod.ts";

/** A place on the stage, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The stage for some nodes at some width. */
export interface Ring {
  readonly width: number;
  readonly height: number;
  /** Of a node, and of the timer around it. */
  readonly radius: number;
  readonly timer: number;
  /** Whether there is little room. */
  readonly isNarrow: boolean;
  readonly places: ReadonlyMap<NodeId, Point>;
}

/** Room beside and below a node, for its name and what it holds. */
const [BESIDE, BELOW] = [{ narrow: 44, wide: 62 }, 48] as const;

/** The size of labels, in pixels. */
const SIZE = 11;

/** The nodes in a ring, the first at the top, clockwise. */
export function ringOf(ids: readonly NodeId[], given: number): Ring {
  const width = Math.max(300, given);
  const isNarrow = width < 520;
  const radius = isNarrow ? (ids.length > 5 ? 21 : 26) : ids.length > 7 ? 26 : 30;
  const timer = radius + 7;
  const [rx, ry] = ids.length === 1 ? [0, 0] : [
    Math.min(260, width / 2 - BESIDE[isNarrow ? "narrow" : "wide"]),
    (ids.length > 5 ? 172 : 150) * (isNarrow ? 0.95 : 1),
  ];
  const turn = ids.length === 2 ? -Math.PI / 2 : 0;
  const around = ids.map((_, i) => turn + 2 * Math.PI * i / ids.length);
  const top = Math.min(...around.map((angle) => -ry * Math.cos(angle)));
  const places = ids.map((id, i): [NodeId, Point] => [id, {
    x: width / 2 + rx * Math.sin(around[i]),
    y: timer + 6 - top - ry * Math.cos(around[i]),
  }]);
  const height = Math.max(...places.map(([, { y }]) => y)) + timer + BELOW;
  return { width, height, radius, timer, isNarrow, places: new Map(places) };
}

/** The line from near `a` to near `b`, `side` pixels to its right, and `gap` from both ends. */
export function wayBetween(a: Point, b: Point, side: number, gap: number): [Point, Point] {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [dx, dy] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const at = (far: number) => ({ x: a.x - side * dy + dx * far, y: a.y + side * dx + dy * far });
  return [at(gap), at(length - gap)];
}

/** The point that is `part` of the way from `a` to `b`. */
export function between(a: Point, b: Point, part: number): Point {
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
}

/** Whether the line from `a` to `b` crosses that from `p` to `q`. */
export function crosses(a: Point, b: Point, p: Point, q: Point): boolean {
  return isLeft(a, b, p) !== isLeft(a, b, q) && isLeft(p, q, a) !== isLeft(p, q, b);
}

function isLeft(a: Point, b: Point, p: Point): boolean {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) > 0;
}

/**
 * Where the middle of each label is from what it belongs to: the first of four places beside it where it lies on nothing
 * else; `null` if there is none. Those that come first choose first.
 */
export function placeLabels(labels: readonly { readonly at: Point; readonly text: string }[], ring: Ring) {
  const room = new LabelRoom({ x1: 0, x2: ring.width, y1: 0, y2: ring.height });
  const wide = BESIDE[ring.isNarrow ? "narrow" : "wide"] - 10;
  for (const { x, y } of ring.places.values()) {
    room.keepFree(x, y, ring.timer);
    room.reserve({ x1: x - wide, x2: x + wide, y1: y + ring.timer + 5, y2: y + ring.timer + 35 });
  }
  for (const { at: { x, y } } of labels) room.keepFree(x, y, 7);
  return labels.map(({ at, text }): Point | null => {
    const beside = 10 + textWidth(text, SIZE) / 2;
    const places = [{ x: 0, y: -14 }, { x: 0, y: 14 }, { x: beside, y: 0 }, { x: -beside, y: 0 }];
    return places.find((by) => room.take(text, at.x + by.x, at.y + by.y, SIZE)) ?? null;
  });
}
