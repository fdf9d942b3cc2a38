/**
 * What a figure is: a finding, how to read it, and a picture that is drawn only when somebody looks.
 *
 * A picture is an SVG document that stands alone: namespace, size, background, fonts, title, legend, and no more. Plot and
 * the document it draws into are loaded by the first picture that somebody looks at.
 *
 * @module
 */
import type * as PlotModule from "@observablehq/plot";
import type { Markish, PlotOptions } from "@observablehq/plot";
import { requireWhole } from "../arguments.ts";
import type { Ticks } from "../raft/mod.ts";
import { visible } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import { FAINT, INK, PAPER } from "./palette.ts";
import { pngOf } from "./png.ts";
import { FONT, TEXT_SIZE, textWidth, wrap } from "./text.ts";

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
  /** The same as PNG, twice as large. */
  png(): Promise<Uint8Array>;
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

/** How a mark looks, in the picture and in the legend: an area, a line (its height is 0), or a character. */
export interface Key {
  /** What it stands for. */
  readonly label: string;
  /** The fill of an area; several if it may have any of them. */
  readonly fill?: string | readonly string[];
  readonly stroke?: string;
  readonly strokeWidth?: number;
  readonly dash?: string;
  /** In the legend, by default 12. */
  readonly height?: number;
  /** A character in place of area or line. */
  readonly sign?: string;
}

/** The options of a mark that looks like this. Its description is how the legend knows that it is in the picture. */
export function lookOf({ label, fill, stroke, strokeWidth, dash }: Key) {
  return { fill, stroke, strokeWidth, strokeDasharray: dash, ariaDescription: label };
}

/** Room around data, in pixels. */
export type Margins = Readonly<Record<"left" | "right" | "top" | "bottom", number>>;

/** What a chart has to say. */
export interface Content extends Pick<Figure, "caption" | "alt"> {
  /** The legend: of these, what there is a mark of in the picture. */
  readonly keys: readonly Key[];
  /** The height of the plot, without title and legend, and the room in it around the data. */
  readonly height: number;
  readonly margins: Margins;
  /** What is at the left and at the right edge of the data. */
  readonly x: [number, number];
  /** What is at its lower and at its upper edge. */
  readonly y: [number, number];
  /** What the panels are, if there are several. */
  readonly fy?: PlotOptions["fy"];
  /** The picture. */
  readonly marks: (plot: Plot) => Markish[];
}

/**
 * Refuse what no chart can show.
 *
 * @throws {RangeError} naming the option that is wrong.
 */
export function checkOptions(options: ChartOptions & { readonly tick?: Ticks }): void {
  const { title, from, to, tick }: Partial<typeof options> = Object(options);
  if (typeof title !== "string" || title.trim() === "") {
    throw new RangeError("Cannot make a figure without a title: give it one that states the finding, as a sentence");
  }
  for (const [name, at] of Object.entries({ from, to, tick })) {
    if (at !== undefined) requireWhole(RangeError, `Cannot make a figure: ${name}`, at, 0);
  }
  if (from !== undefined && to !== undefined && from > to) {
    throw new RangeError(`Cannot show ticks ${from} to ${to}: from must not be greater than to`);
  }
}

/** A figure of `content`. */
export function figureOf(options: ChartOptions, content: Content): Figure {
  const title = visible(options.title.trim().replace(/\s+/g, " "));
  const { caption, alt } = content;
  return { title, caption, alt, ...pictures(() => toSvg(title, content)) };
}

/** Both pictures of a figure, from one. */
export function pictures(svg: Figure["svg"]): Pick<Figure, "svg" | "png"> {
  return { svg, png: async () => pngOf(await svg()) };
}

/** A figure of nothing. */
export function emptyFigure(options: ChartOptions, text: string = "Nothing happened yet"): Figure {
  return figureOf(options, {
    caption: `${text}.`,
    alt: `${text}: there is nothing to show.`,
    keys: [],
    height: 100,
    margins: { left: EDGE, right: EDGE, top: EDGE, bottom: EDGE },
    x: [0, 1],
    y: [0, 1],
    marks: (plot) => [plot.frame({ stroke: "#bbbbbb" }), plot.text([text], { frameAnchor: "middle", fontSize: 13 })],
  });
}

/** A fill of slanted lines, for what is drawn upon another fill. */
export const HATCHED = "url(#hatched)";

const PATTERN = `<defs><pattern id="hatched" width="5" height="5" patternUnits="userSpaceOnUse" ` +
  `patternTransform="rotate(45)"><path d="M0,0v5" stroke="${INK}" stroke-width="1.6"/></pattern></defs>`;

/** The width of every figure. */
export const WIDTH = 760;

const TITLE_SIZE = 15;
const EDGE = 12;

/** A picture; the same bytes for the same content. */
async function toSvg(title: string, content: Content): Promise<string> {
  const [plot, { DOMParser }] = await Promise.all([import("@observablehq/plot"), import("linkedom/worker")]);
  const { keys, height, x, y, fy, marks } = content;
  const { left: marginLeft, right: marginRight, top: marginTop, bottom: marginBottom } = content.margins;
  const element = plot.plot({
    ...{ marginLeft, marginRight, marginTop, marginBottom, width: WIDTH, height },
    ...{ axis: null, x: { domain: x }, y: { domain: y }, fy, color: { type: "identity" } },
    // To a page's types it is no Document; to Plot it is one.
    document: Object(new DOMParser().parseFromString("<svg/>", "image/svg+xml")),
    marks: marks(plot),
  });
  const shown = keys.filter(({ label }) => element.querySelector(`[aria-description="${label}"] :not(g)`) !== null);
  return documentOf({ ...content, title, keys: shown }, markupOf(element));
}

/** A document of its own: title, legend, and below them what `markup` draws, `height` pixels high. */
export function documentOf(
  { title, alt, keys, height: plotHeight }: Pick<Content, "alt" | "keys" | "height"> & { readonly title: string },
  markup: string,
): string {
  const heading = headingOf(title, keys);
  const height = heading.height + plotHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" ` +
    `style="max-width: 100%; height: auto" role="img" aria-label="${xml(title)}" font-family="${FONT}" ` +
    `font-size="${TEXT_SIZE}" fill="${INK}" color="${INK}"><desc>${xml(alt)}</desc>` +
    `${markup.includes(HATCHED) ? PATTERN : ""}<rect width="${WIDTH}" height="${height}" fill="${PAPER}"/>` +
    heading.markup +
    `<g transform="translate(0,${heading.height})" text-anchor="middle">${markup}</g></svg>\n`;
}

function headingOf(title: string, keys: readonly Key[]): { markup: string; height: number } {
  const lines = wrap(title, WIDTH - 2 * EDGE, TITLE_SIZE, "bold");
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

/** A mark 20 pixels wide, with its fills side by side if it has several, and its label. */
function keyMarkup(key: Key, x: number, y: number): string {
  const { label, fill = "none", stroke = "none", strokeWidth = 1, dash = "none", height = 12, sign } = key;
  const line = `fill="none" stroke="${stroke}" stroke-width="${strokeWidth}" stroke-dasharray="${dash}"`;
  const fills = [fill].flat();
  const width = 20 / fills.length;
  const rect = (left: number, wide: number, look: string) =>
    rounded(`<rect x="${left}" y="${y - height / 2}" width="${wide}" height="${height}" ${look}/>`);
  const area = () => fills.map((each, i) => rect(x + i * width, width, `fill="${each}"`)).join("") + rect(x, 20, line);
  const mark = sign !== undefined
    ? `<text x="${x + 10}" y="${y + 4}" text-anchor="middle">${xml(sign)}</text>`
    : height === 0
    ? `<path d="M${x},${y}h20" ${line}/>`
    : area();
  return `${mark}<text x="${x + 26}" y="${y + 4}" fill="${FAINT}">${xml(label)}</text>`;
}

/** The children of Plot's element as XML. Its style sheet and classes are for pages and stay out; numbers are rounded. */
function markupOf(element: ReturnType<Plot["plot"]>): string {
  element.querySelector("style")?.remove();
  for (const part of element.querySelectorAll("*")) {
    part.removeAttribute("class");
    part.removeAttribute("aria-hidden");
    for (const attribute of part.attributes) attribute.value = rounded(attribute.value);
  }
  return element.innerHTML;
}

function rounded(value: string): string {
  return value.replace(/-?\d+\.\d{3,}/g, (number) => `${Number(Number(number).toFixed(2))}`);
}

/** `text` as it stands in XML. */
export function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
