/**
 * Arguments that come from outside: checked once, where they come in.
 *
 * @module
 */
import { isWhole, LIMIT } from "./check_message.ts";

/** The greatest number that may be given: it can grow through any run, and stays within the core's limit. */
export const MOST: number = LIMIT / 2;

/** The most ticks that may be asked for at once, and the longest that anything may take. */
export const MOST_TICKS = 1_000_000;

/** Whether `value` is a whole number from `least` to `most`. */
export function isBetween(value: unknown, least: number, most: number = MOST): value is number {
  return typeof value === "number" && isWhole(value, least) && value <= most;
}

/** What a number that is given must be. The bound that most have is told to whoever went beyond it. */
export function wholeText(value: unknown, least: number, most: number = MOST): string {
  return `a whole number from ${least}${
    most < MOST || (typeof value === "number" && value > most) ? ` to ${most}` : ""
  }`;
}

/** Throw a `Kind` of error if `value` is none; `what` says what cannot be done, and what the number is. */
export function requireWhole(
  Kind: new (message: string) => Error,
  what: string,
  value: unknown,
  least: number,
  most: number = MOST,
): void {
  if (isBetween(value, least, most)) return;
  throw new Kind(`${what} must be ${wholeText(value, least, most)}, and is ${shown(value)}`);
}

/** Throw a `Kind` of error if `value` is no list. */
export function requireList(Kind: new (message: string) => Error, what: string, value: unknown): void {
  if (!Array.isArray(value)) throw new Kind(`${what} must be a list, and is ${shown(value)}`);
}

/** Throw a `Kind` of error if `value` has no fields. */
export function requireObject(Kind: new (message: string) => Error, what: string, value: unknown): void {
  if (typeof value !== "object" || value === null) throw new Kind(`${what} must be an object, and is ${shown(value)}`);
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
