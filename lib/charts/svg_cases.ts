/** What a picture shows, and what must hold of every one. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Figure } from "./figure.ts";
import { overlapsIn, textsIn } from "./overlap_cases.ts";

/** Every text of a figure. */
export async function textsOf(figure: Figure): Promise<string[]> {
  return textsIn(await figure.svg());
}

/**
 * A document that stands alone and is well formed: every tag is closed, nothing stands in a text or an attribute that XML
 * does not allow there. Every label can be read.
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
  ok(textsIn(svg).length > 0, name);
  deepStrictEqual(overlapsIn(svg), [], name);
}

/** The marks in the groups that have this description. */
export function marks(svg: string, description: string, tag: string): number {
  const groups = svg.matchAll(RegExp(`<g[^>]* aria-description="${description}"[^>]*>((?:<${tag}[^>]*/>)*)`, "g"));
  return [...groups].reduce((sum, [, group]) => sum + group.split(`<${tag}`).length - 1, 0);
}
