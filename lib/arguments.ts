/**
 * Arguments that come from outside: checked once, where they come in.
 *
 * @module
 */
import { isWhole, LIMIT } from "./raft/check_message.ts";

/** The greatest number that may be given: it can grow through any run, and stays within the core's limit. */
export const MOST: number = LIMIT / 2;

/** The most ticks that may be asked for at once, and the longest that anything may take. */
export const MOST_TICKS = 1_000_000;

/** Whether `value` is a whole number from `least` to `most`. */
export function isBetween(value: unknown, least: number, most: number = MOST): value is number {
  return typeof value === "number" && isWhole(value, least) && value <= most;
}

/** What such a number is called. The bound that most have is told to whoever went beyond it. */
export function wholeText(value: unknown, least: number, most: number = MOST): string {
  const isBounded = most < MOST || (typeof value === "number" && value > most);
  return `a whole number from ${least}${isBounded ? ` to ${most}` : ""}`;
}

/** An error of a kind, made of its message. */
type ErrorKind = new (message: string) => Error;

/** Refuse a value that does not fit: `what` says what cannot be done, and which argument it is. */
export function requireThat(fits: boolean, kind: ErrorKind, what: string, must: string, value: unknown): void {
  if (!fits) throw new kind(`${what} must be ${must}, and is ${shown(value)}`);
}

/** Refuse what is no whole number from `least` to `most`. */
export function requireWhole(kind: ErrorKind, what: string, value: unknown, least: number, most: number = MOST): void {
  if (!isBetween(value, least, most)) requireThat(false, kind, what, wholeText(value, least, most), value);
}

/** A value of any type, in an error. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null
    ? "an object"
    : typeof value === "symbol"
    ? "a symbol"
    : `${value}`;
}
