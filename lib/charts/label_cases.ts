/** Where the texts of a figure are: estimated, for there is no screen. */

/** A text, and the rectangle it takes. */
export interface Label {
  readonly text: string;
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

/** What a group passes on to the texts in it. */
interface Context {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly anchor: string;
}

const attribute = (tag: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];

function inner(tag: string, outer: Context): Context {
  const [, dx = "0", dy = "0"] = /translate\(([-\d.]+),([-\d.]+)\)/.exec(attribute(tag, "transform") ?? "") ?? [];
  return {
    x: outer.x + Number(dx),
    y: outer.y + Number(dy),
    size: Number(attribute(tag, "font-size") ?? outer.size),
    anchor: attribute(tag, "text-anchor") ?? outer.anchor,
  };
}

/** Every text of an SVG document that consists of groups and plain texts. */
export function labelsOf(svg: string): Label[] {
  const contexts: Context[] = [{ x: 0, y: 0, size: 11, anchor: "start" }];
  const labels: Label[] = [];
  for (const [, close, tag, name, empty, text] of svg.matchAll(/<(\/?)((\w+)[^>]*?)(\/?)>([^<]*)/g)) {
    if (name === "g") {
      if (close === "/") contexts.pop();
      else if (empty === "") contexts.push(inner(tag, contexts[contexts.length - 1]));
    }
    if (name !== "text" || close === "/" || text.trim() === "") continue;
    labels.push(labelOf(tag, text, inner(tag, contexts[contexts.length - 1])));
  }
  return labels;
}

function labelOf(tag: string, content: string, { x: left, y: top, size, anchor }: Context): Label {
  const text = content.replace(/&\w+;/g, "&");
  const width = [...text].length * size * 0.54;
  const y = attribute(tag, "y") ?? "0";
  const middle = top + (y.endsWith("em") ? (Number(y.slice(0, -2)) - 0.32) * size : Number(y) - 0.32 * size);
  const x = left + Number(attribute(tag, "x") ?? 0);
  const x1 = x - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
  return { text, x1, x2: x1 + width, y1: middle - size * 0.4, y2: middle + size * 0.4 };
}

/** The pairs of labels that lie upon each other. */
export function overlaps(labels: readonly Label[]): string[] {
  const found: string[] = [];
  const sorted = labels.toSorted((a, b) => a.x1 - b.x1);
  sorted.forEach((a, i) => {
    for (let j = i + 1; j < sorted.length && sorted[j].x1 < a.x2; j++) {
      const b = sorted[j];
      if (a.y1 < b.y2 && b.y1 < a.y2) found.push(`${a.text} / ${b.text} at ${Math.round(b.x1)}, ${Math.round(b.y1)}`);
    }
  });
  return found;
}
