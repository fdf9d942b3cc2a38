/** What must hold of every picture. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { labelsOf, overlaps } from "./label_cases.ts";

/** An SVG document that stands alone. */
export function isAlone(svg: string): void {
  match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+" viewBox="0 0 \d+ \d+" /);
  match(svg, /font-family="system-ui[^"]*"/);
  match(svg, /<rect width="\d+" height="\d+" fill="#ffffff"\/>/);
  ok(!/<script|<style|<image|href=|NaN|undefined|Infinity|https?:(?!\/\/www\.w3\.org\/2000\/svg")/.test(svg), svg);
}

/** Every label within the figure, and none upon another. */
export function isReadable(svg: string, name: string): void {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  const labels = labelsOf(svg);
  ok(labels.length > 0, name);
  const outside = labels.filter(({ x1, x2, y1, y2 }) => x1 < 0 || y1 < 0 || x2 > Number(width) || y2 > Number(height));
  deepStrictEqual(outside, [], name);
  deepStrictEqual(overlaps(labels), [], name);
}

/** Every tag is closed, and nothing stands in a text or an attribute that XML does not allow there. */
export function isWellFormed(svg: string): void {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)(\w+)((?: [\w:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*")*)(\/?)>/g,
    (_, close, name, _a, empty) => {
      if (close === "/") strictEqual(open.pop(), name);
      else if (empty === "") open.push(name);
      return "";
    },
  );
  deepStrictEqual(open, []);
  ok(!/[<>\p{Cc}]/u.test(rest.replace(/\n$/, "")), rest);
}

/** The marks in the group that has this description. */
export function marks(svg: string, description: string, tag: string): number {
  const group = new RegExp(`<g[^>]* aria-description="${description}"[^>]*>((?:<${tag}[^>]*/>)*)`).exec(svg)?.[1] ?? "";
  return group.match(new RegExp(`<${tag}`, "g"))?.length ?? 0;
}
