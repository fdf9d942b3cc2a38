/**
 * The page's script, part 2: where nodes, links, messages and their labels stand.
 *
 * JavaScript for the browser, as text; a test checks its types.
 *
 * @module
 */

/** Defines `layoutOf`, `wayBetween` and `Room`. */
export const LAYOUT: string = String.raw`
/**
 * @typedef {{ x: number, y: number }} Point
 * @typedef {{ width: number, height: number, card: { width: number, height: number }, at: Map<number, Point> }} Layout
 */

/** The heights of cards: roles differ in them too. */
const HEIGHTS = /** @type {Record<string, number>} */ ({ follower: 60, candidate: 66, leader: 72, stopped: 56 });

/**
 * Nodes clockwise, the first at the top: on an ellipse as flat as it can be without touching cards, or, where that would not
 * have room, in two columns.
 * @param {number[]} ids
 * @param {number} width
 * @returns {Layout}
 */
function layoutOf(ids, width) {
  const card = { width: width < 560 ? 116 : 128, height: HEIGHTS.leader };
  const places = width < 560 && ids.length > 3
    ? columns(ids.length, (width - card.width) / 2 - 2)
    : ellipse(ids.length, Math.min((width - card.width) / 2 - 4, 110 + 32 * ids.length), card);
  const top = Math.min(...places.map(({ y }) => y)) - card.height / 2 - 18;
  const bottom = Math.max(...places.map(({ y }) => y)) + card.height / 2 + 10;
  const at = new Map(ids.map((id, i) => [id, { x: width / 2 + places[i].x, y: places[i].y - top }]));
  return { width, height: bottom - top, card, at };
}

/**
 * @param {number} count
 * @param {number} rx
 * @param {{ width: number, height: number }} card
 * @returns {Point[]}
 */
function ellipse(count, rx, card) {
  const indices = Array.from({ length: count }, (_, i) => i);
  const angle = (/** @type {number} */ i) => -Math.PI / 2 + (2 * Math.PI * i) / count;
  for (let ry = count === 1 ? 0 : count === 2 ? 70 : 130;; ry += 5) {
    const places = indices.map((i) => ({ x: rx * Math.cos(angle(i)), y: ry * Math.sin(angle(i)) }));
    const touch = (/** @type {Point} */ a, /** @type {Point} */ b) =>
      Math.abs(a.x - b.x) < card.width + 60 && Math.abs(a.y - b.y) < card.height + 52;
    if (ry > 400 || !places.some((a, i) => places.slice(i + 1).some((b) => touch(a, b)))) return places;
  }
}

/**
 * @param {number} count
 * @param {number} rx
 * @returns {Point[]}
 */
function columns(count, rx) {
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return { x: 0, y: 0 };
    const isRight = i <= count / 2;
    return { x: isRight ? rx : -rx, y: 112 * (isRight ? i : count - i) };
  });
}

/**
 * The line from one card to another, right of the middle, so that both ways have room.
 * @param {Layout} layout
 * @param {number} from
 * @param {number} to
 * @param {number} [side]
 * @returns {[Point, Point]}
 */
function wayBetween(layout, from, to, side = 7) {
  const a = /** @type {Point} */ (layout.at.get(from));
  const b = /** @type {Point} */ (layout.at.get(to));
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const [dx, dy] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const [sx, sy] = [-dy * side, dx * side];
  const reach = (/** @type {number} */ sign) => {
    const across = dx === 0 ? Infinity : (layout.card.width / 2 + 3 - sign * Math.sign(dx) * sx) / Math.abs(dx);
    const down = dy === 0 ? Infinity : (layout.card.height / 2 + 1 - sign * Math.sign(dy) * sy) / Math.abs(dy);
    return Math.min(across, down);
  };
  const [start, end] = [reach(1), length - reach(-1)];
  const point = (/** @type {number} */ far) => ({ x: a.x + sx + dx * far, y: a.y + sy + dy * far });
  return [point(start), point(end)];
}

/**
 * A point between two, at a part of the way.
 * @param {Point} a
 * @param {Point} b
 * @param {number} part
 * @returns {Point}
 */
function between(a, b, part) {
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
}

/** The room there is for labels: whoever comes first is served first. */
class Room {
  /** @param {Layout} layout */
  constructor(layout) {
    this.width = layout.width;
    const { width, height } = layout.card;
    this.taken = [...layout.at.values()].map(({ x, y }) => ({ x, y, width, height: height - 4 }));
  }

  /**
   * The first of the points around which a box finds room; null if there is none.
   * @param {Point[]} points
   * @param {number} width
   * @param {number} height
   * @returns {Point | null}
   */
  take(points, width, height) {
    const fits = (/** @type {Point} */ { x, y }) =>
      x > width / 2 && x < this.width - width / 2 && !this.taken.some((other) =>
        Math.abs(x - other.x) < (width + other.width) / 2 && Math.abs(y - other.y) < (height + other.height) / 2
      );
    const point = points.find(fits) ?? null;
    if (point !== null) this.taken.push({ ...point, width, height });
    return point;
  }
}
`;
