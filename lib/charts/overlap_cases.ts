/**
 * Where a figure cannot be read: a label upon another, upon the end of a line, an arrow head or a ×, or beyond the picture.
 *
 * Nothing is drawn for that: the widths of its font are known, and a picture consists of groups, texts and paths.
 *
 * @module
 */
import { type Box, textWidth, type Weight } from "./text.ts";

/** What an element takes over from those around it. */
interface Context {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly anchor: string;
  readonly weight: Weight;
  /** What the group is: the name of one of Plot's marks. */
  readonly mark: string;
}

/** A box in a picture, and what is there. */
interface Place extends Box {
  readonly text: string;
}

const OUTERMOST: Context = { x: 0, y: 0, size: 11, anchor: "start", weight: "normal", mark: "" };

/** Less than that, in pixels, nobody sees. */
const TOLERANCE = 0.5;

/** How far a letter reaches above and below the line that it stands on, in parts of its size. */
const [ABOVE, BELOW] = [0.74, 0.2];

const attribute = (tag: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
const numbersIn = (text: string) => (text.match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);

function inner(tag: string, outer: Context): Context {
  const [dx = 0, dy = 0] = numbersIn(/translate\(([^)]*)\)/.exec(tag)?.[1] ?? "");
  const weight = attribute(tag, "font-weight");
  return {
    x: outer.x + dx,
    y: outer.y + dy,
    size: Number(attribute(tag, "font-size") ?? outer.size),
    anchor: attribute(tag, "text-anchor") ?? outer.anchor,
    weight: weight === undefined ? outer.weight : weight === "bold" ? "bold" : "normal",
    mark: attribute(tag, "aria-label") ?? outer.mark,
  };
}

/** Every text of a picture. */
export function textsIn(svg: string): string[] {
  return placesIn(svg).labels.map(({ text }) => text);
}

/** Every text of a picture, and every place where a line ends. */
function placesIn(svg: string): { labels: Place[]; ends: Place[] } {
  const contexts = [OUTERMOST];
  const [labels, ends]: Place[][] = [[], []];
  for (const [, close, tag, name, empty, content] of svg.matchAll(/<(\/?)((\w+)[^>]*?)(\/?)>([^<]*)/g)) {
    if (name === "g" && close === "/") contexts.pop();
    const context = inner(tag, contexts[contexts.length - 1]);
    if (close === "/") continue;
    if (name === "g" && empty === "") contexts.push(context);
    if (name === "text" && content.trim() !== "") labels.push(labelOf(tag, content, context));
    if (name === "path") ends.push(...endsOf(attribute(tag, "d") ?? "", context));
  }
  return { labels, ends };
}

function labelOf(tag: string, content: string, { x: left, y: top, size, anchor, weight }: Context): Place {
  const text = content.replace(/&(lt|gt|amp|quot|#160);/g, (_, name) => ENTITIES[name]);
  const width = textWidth(text, size, weight);
  const [x, y, dx, dy] = ["x", "y", "dx", "dy"].map((name) => {
    const value = attribute(tag, name) ?? "0";
    return parseFloat(value) * (value.endsWith("em") ? size : 1);
  });
  const x1 = left + x + dx - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
  return { text, x1, x2: x1 + width, y1: top + y + dy - ABOVE * size, y2: top + y + dy + BELOW * size };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', "#160": "\u00a0" };

/** The head of an arrow, the end of a line that goes from somewhere to somewhere, or a × or another sign of lines. */
function endsOf(d: string, { x, y, mark }: Context): Place[] {
  const all = numbersIn(d);
  const points = Array.from({ length: all.length / 2 }, (_, i) => [x + all[2 * i], y + all[2 * i + 1]]);
  // An arrow goes from the first point to the second; its head from the third to the fourth, which is the second, and the fifth.
  if (mark === "arrow") return [boxOf("an arrow head", points.slice(1))];
  if (mark === "link") return [boxOf("the end of a line", points.slice(-1))];
  return mark === "dot" && /M.*M/.test(d) ? [boxOf("a ×", points)] : [];
}

function boxOf(text: string, points: readonly (readonly number[])[]): Place {
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  return { text, x1: Math.min(...xs), x2: Math.max(...xs), y1: Math.min(...ys), y2: Math.max(...ys) };
}

const meet = (a: Box, b: Box) =>
  Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1) > TOLERANCE && Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1) > TOLERANCE;

/** Whatever cannot be read in a picture, a sentence each. */
export function overlapsIn(svg: string): string[] {
  const { labels, ends } = placesIn(svg);
  const [width, height] = ["width", "height"].map((name) => Number(attribute(svg, name)));
  const beyond = labels.filter(({ x1, x2, y1, y2 }) => x1 < 0 || y1 < 0 || x2 > width || y2 > height);
  return [
    ...labels.flatMap((a, i) =>
      labels.slice(i + 1).filter((b) => meet(a, b)).map((b) => `"${a.text}" meets "${b.text}"`)
    ),
    ...labels.flatMap((a) => ends.filter((end) => meet(a, wide(end))).map(({ text }) => `"${a.text}" is upon ${text}`)),
    ...beyond.map(({ text }) => `"${text}" is not within the picture`),
  ];
}

/** A line is never thinner than that. */
function wide({ x1, x2, y1, y2 }: Box): Box {
  return { x1: x1 - 1, x2: x2 + 1, y1: y1 - 1, y2: y2 + 1 };
}
