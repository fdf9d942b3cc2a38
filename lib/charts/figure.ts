/**
 * What a figure is: a finding, how to read it, and a picture that is drawn only when somebody looks.
 *
 * @module
 */
import type { Trace } from "../trace/trace.ts";

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
