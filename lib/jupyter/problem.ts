/**
 * What is wrong with a notebook.
 *
 * @module
 */

/** A rule that a notebook breaks. */
export interface Problem {
  /** Where: the cell's number in the file, from 1; `null` for the notebook as a whole. */
  readonly cell: number | null;
  /** The rule, in a word or two. */
  readonly rule: string;
  /** What is there, and what should be. */
  readonly detail: string;
}

/** A problem of the notebook `name` in words. */
export function describe(name: string, { cell, rule, detail }: Problem): string {
  return `${name}${cell === null ? "" : `, cell ${cell}`}: ${rule}: ${detail}`;
}
