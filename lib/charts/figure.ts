/**
 * What a figure is: a finding, how to read it, and a picture that is drawn only when somebody looks.
 *
 * A picture is an SVG document that stands alone: namespace, size, background, fonts, title, legend, and no more. Plot and
 * the document it draws into are loaded by the first picture that somebody looks at.
 *
 * @module
 */
import type * as PlotModule from "@observablehq/plot";
import type { PlotOptions } from "@observablehq/plot";
import type { Ticks } from "../raft/mod.ts";
import { visible } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import { FAINT, INK, PAPER } from "./palette.ts";
import { TEXT_SIZE, textWidth, wrap } from "./text.ts";

/** A figure. */
export interface Figure {
  /** The finding, as a sentence. */
  readonly title: string;
  /** How to read it. */
  readonly caption: string;
  /** The same in words, for whoever cannot see it; made from the data. */
  readonly alt: string;
  /** The picture: an SVG document with its own colours, fonts and namespace. Drawn anew by each call, to the same bytes. */
  svg(): Promise<string>;
}

/** What every chart is told. */
export interface ChartOptions {
  /** The finding, as a sentence. */
  readonly title: string;
  /** The first tick to show; by default the first there is. */
  readonly from?: number;
  /** The last tick to show; by default the last there is. */
  readonly to?: number;
}

/** A run among others. */
export interface LabelledRun {
  /** What tells it from the others: "seed 4". */
  readonly label: string;
  /** What happened in it. */
  readonly trace: Trace;
}

/** Observable Plot. */
export type Plot = typeof PlotModule;

/** A mark in the legend: an area, a line (its height is 0), or a character. */
export interface Key {
  /** What it stands for. */
  readonly label: string;
  /** The fill of an area; several if it may have any of them. */
  readonly fill?: string | readonly string[];
  readonly stroke?: string;
  readonly strokeWidth?: number;
  readonly dash?: string;
  /** By default 12. */
  readonly height?: number;
  /** A character in place of area or line. */
  readonly sign?: string;
}

/** What a chart has to say. */
export interface Content extends Pick<Figure, "caption" | "alt"> {
  readonly keys: readonly Key[];
  /** The height of the plot, without title and legend. */
  readonly height: number;
  readonly plot: (plot: Plot) => PlotOptions;
}

/**
 * Refuse what no chart can show.
 *
 * @throws {RangeError} naming the option that is wrong.
 */
export function checkOptions({ title, from, to }: ChartOptions): void {
  if (typeof title !== "string" || title.trim() === "") {
    throw new RangeError("Cannot make a figure without a title: give it one that states the finding, as a sentence");
  }
  for (const [name, tick] of Object.entries({ from, to })) checkTick(name, tick);
  if (from !== undefined && to !== undefined && from > to) {
    throw new RangeError(`Cannot show ticks ${from} to ${to}: from must not be greater than to`);
  }
}

/**
 * Refuse what is no tick.
 *
 * @throws {RangeError} naming the option.
 */
export function checkTick(name: string, tick: Ticks | undefined): void {
  if (tick === undefined || (Number.isSafeInteger(tick) && tick >= 0)) return;
  throw new RangeError(`Cannot use ${name}: ${tick}; it must be a whole number of ticks from 0`);
}

/** A figure of `content`. */
export function figureOf(options: ChartOptions, content: Content): Figure {
  const title = visible(options.title.trim().replace(/\s+/g, " "));
  const { caption, alt } = content;
  return { title, caption, alt, svg: () => toSvg(title, content) };
}

/** A figure of nothing. */
export function emptyFigure(options: ChartOptions, text: string = "Nothing happened yet"): Figure {
  return figureOf(options, {
    caption: `${text}.`,
    alt: `${text}: there is nothing to show.`,
    keys: [],
    height: 100,
    plot: (plot) => ({
      axis: null,
      margin: 12,
      marks: [
        plot.frame({ stroke: "#bbbbbb" }),
        plot.text([text], { frameAnchor: "middle", fontSize: 13, fill: FAINT }),
      ],
    }),
  });
}

/** The width of every figure. */
export const WIDTH = 760;

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const TITLE_SIZE = 15;
const EDGE = 12;

/** A picture; the same bytes for the same content. */
async function toSvg(title: string, { alt, keys, plot: optionsFor, height: plotHeight }: Content): Promise<string> {
  const [plot, { DOMParser }] = await Promise.all([import("@observablehq/plot"), import("linkedom/worker")]);
  const document = new DOMParser().parseFromString("<html></html>", "text/html");
  const element = plot.plot({ ...optionsFor(plot), document, width: WIDTH, height: plotHeight });
  return documentOf(title, alt, keys, plotHeight, withOwnIds(childrenOf(element)));
}

/** A document of its own: the title, the legend, and below them what `markup` draws `plotHeight` pixels high. */
export function documentOf(
  title: string,
  alt: string,
  keys: readonly Key[],
  plotHeight: number,
  markup: string,
): string {
  const heading = headingOf(title, keys);
  const height = heading.height + plotHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" ` +
    `style="max-width: 100%; height: auto" role="img" aria-label="${xml(title)}" font-family="${FONT}" ` +
    `font-size="${TEXT_SIZE}" fill="${INK}" color="${INK}"><desc>${xml(alt)}</desc>` +
    `<rect width="${WIDTH}" height="${height}" fill="${PAPER}"/>${heading.markup}` +
    `<g transform="translate(0,${heading.height})" text-anchor="middle">${markup}</g></svg>\n`;
}

function headingOf(title: string, keys: readonly Key[]): { markup: string; height: number } {
  const lines = wrap(title, (WIDTH - 2 * EDGE) / 1.1, TITLE_SIZE);
  const titles = lines.map((line, i) =>
    `<text x="${EDGE}" y="${24 + 20 * i}" font-size="${TITLE_SIZE}" font-weight="bold">${xml(line)}</text>`
  );
  let x = EDGE;
  let y = 24 + 20 * lines.length;
  const marks = keys.map((key) => {
    const width = Math.ceil(26 + textWidth(key.label) + 16);
    if (x > EDGE && x + width - 16 > WIDTH - EDGE) {
      x = EDGE;
      y += 18;
    }
    const markup = keyMarkup(key, x, y);
    x += width;
    return markup;
  });
  return { markup: [...titles, ...marks].join(""), height: keys.length === 0 ? y - 8 : y + 10 };
}

/** A mark 20 pixels wide, and its label. */
function keyMarkup({ label, fill, stroke, strokeWidth, dash, height = 12, sign }: Key, x: number, y: number): string {
  const line = `stroke="${stroke ?? "none"}" stroke-width="${strokeWidth ?? 1}"` +
    (dash === undefined ? "" : ` stroke-dasharray="${dash}"`);
  const mark = sign !== undefined
    ? `<text x="${x + 10}" y="${y + 4}" text-anchor="middle" fill="${stroke ?? INK}">${xml(sign)}</text>`
    : height === 0
    ? `<path d="M${x},${y}h20" ${line}/>`
    : areaMarkup([fill ?? "none"].flat(), { x, y: y - height / 2, height }, line);
  return `${mark}<text x="${x + 26}" y="${y + 4}" fill="${FAINT}">${xml(label)}</text>`;
}

/** A rectangle 20 pixels wide, with its fills side by side. */
function areaMarkup(
  fills: readonly string[],
  { x, y, height }: { readonly x: number; readonly y: number; readonly height: number },
  line: string,
): string {
  const rect = (from: number, width: number, fill: string, more: string) =>
    `<rect x="${from}" y="${y}" width="${width}" height="${height}" fill="${fill}"${more}/>`;
  if (fills.length === 1) return rect(x, 20, fills[0], ` ${line}`);
  const width = 20 / fills.length;
  const parts = fills.map((fill, i) => rounded(rect(x + i * width, width, fill, "")));
  return parts.join("") + rect(x, 20, "none", ` ${line}`);
}

/** The part of a document's interface that is needed to write it down. */
interface DomNode {
  readonly nodeType: number;
  readonly localName?: string;
  readonly textContent: string | null;
  readonly childNodes: Iterable<DomNode>;
  readonly attributes?: Iterable<{ readonly name: string; readonly value: string }>;
}

function childrenOf({ childNodes }: DomNode): string {
  return [...childNodes].map(markupOf).join("");
}

/** `node` as XML. Plot's style sheet is for pages and stays out, and so do descriptions that only repeat a mark's name. */
function markupOf(node: DomNode): string {
  if (node.nodeType === 3) return xml(node.textContent ?? "");
  const { localName = "", attributes = [] } = node;
  if (localName === "style") return "";
  const kept = [...attributes].filter(({ name }) => name !== "class" && name !== "aria-hidden");
  const text = kept.map(({ name, value }) => ` ${name}="${xml(rounded(value))}"`).join("");
  const children = childrenOf(node);
  return children === "" ? `<${localName}${text}/>` : `<${localName}${text}>${children}</${localName}>`;
}

function rounded(value: string): string {
  return value.replace(/-?\d+\.\d{3,}/g, (number) => `${Number(Number(number).toFixed(2))}`);
}

/** Plot numbers its ids through the life of a process; a figure has its own, from 1. */
function withOwnIds(markup: string): string {
  const ids = [...new Set([...markup.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))];
  return ids.reduce(
    (text, id, i) =>
      text.replaceAll(` id="${id}"`, ` id="part-${i + 1}"`).replaceAll(`url(#${id})`, `url(#part-${i + 1})`),
    markup,
  );
}

/** `text` as it stands in XML. */
export function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
