/** What a picture shows, and what must hold of every one. Where texts are is estimated, for there is no screen. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Figure } from "./figure.ts";

type Context = Readonly<Record<"x" | "y" | "size", number>> & { readonly anchor: string };

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
export function labelsOf(svg: string) {
  const contexts: Context[] = [{ x: 0, y: 0, size: 11, anchor: "start" }];
  const labels: ReturnType<typeof labelOf>[] = [];
  for (const [, close, tag, name, empty, text] of svg.matchAll(/<(\/?)((\w+)[^>]*?)(\/?)>([^<]*)/g)) {
    const outer = contexts[contexts.length - 1];
    if (name === "g" && close === "/") contexts.pop();
    else if (name === "g" && empty === "") contexts.push(inner(tag, outer));
    else if (name === "text" && text.trim() !== "") labels.push(labelOf(tag, text, inner(tag, outer)));
  }
  return labels;
}

/** Every text of a figure. */
export async function textsOf(figure: Figure): Promise<string[]> {
  return labelsOf(await figure.svg()).map(({ text }) => text);
}

function labelOf(tag: string, content: string, { x: left, y: top, size, anchor }: Context) {
  const text = content.replace(/&#?\w+;/g, "&");
  const width = [...text].length * size * 0.54;
  const y = attribute(tag, "y") ?? "0";
  const middle = top + (y.endsWith("em") ? (Number(y.slice(0, -2)) - 0.32) * size : Number(y) - 0.32 * size);
  const x = left + Number(attribute(tag, "x") ?? 0);
  const x1 = x - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
  return { text, x1, x2: x1 + width, y1: middle - size * 0.4, y2: middle + size * 0.4 };
}

function overlaps(labels: ReturnType<typeof labelsOf>): string[] {
  const sorted = labels.toSorted((a, b) => a.x1 - b.x1);
  return sorted.flatMap((a, i) =>
    sorted.slice(i + 1).filter((b) => b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2).map((b) => `${a.text} / ${b.text}`)
  );
}

/**
 * A document that stands alone and is well formed: every tag is closed, nothing stands in a text or an attribute that XML
 * does not allow there. Every label is within the figure, and none upon another.
 */
export function isReadable(svg: string, name: string): void {
  match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+" viewBox="0 0 \d+ \d+" /);
  match(svg, /font-family="'DejaVu Sans'[^"]*".*<rect width="\d+" height="\d+" fill="#ffffff"\/>/);
  ok(!/<script|<style|<image|href=|NaN|undefined|Infinity|https?:(?!\/\/www\.w3\.org\/2000\/svg")/.test(svg), svg);
  const open: string[] = [];
  const tags = /<(\/?)(\w+)((?: [\w:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot|#160);[^"<&]*)*")*) ?(\/?)>/g;
  const rest = svg.replace(tags, (_, close, tag, _attributes, empty) => {
    if (close === "/") strictEqual(open.pop(), tag);
    else if (empty === "") open.push(tag);
    return "";
  });
  deepStrictEqual(open, []);
  ok(!/[<>\p{Cc}]/u.test(rest.replace(/\n$/, "")), rest);
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  const labels = labelsOf(svg);
  ok(labels.length > 0, name);
  const outside = labels.filter(({ x1, x2, y1, y2 }) => x1 < 0 || y1 < 0 || x2 > Number(width) || y2 > Number(height));
  deepStrictEqual([outside, overlaps(labels)], [[], []], name);
}

/** The marks in the groups that have this description. */
export function marks(svg: string, description: string, tag: string): number {
  const groups = svg.matchAll(RegExp(`<g[^>]* aria-description="${description}"[^>]*>((?:<${tag}[^>]*/>)*)`, "g"));
  return [...groups].reduce((sum, [, group]) => sum + group.split(`<${tag}`).length - 1, 0);
}
