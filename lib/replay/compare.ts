/**
 * Two answers, compared to the last field.
 *
 * @module
 */

/** A place in which two answers differ. */
export interface Mismatch {
  /** Where, as a path. */
  readonly path: string;
  /** The crate's answer there. */
  readonly expected: unknown;
  /** This library's answer there. */
  readonly actual: unknown;
}

/** The first place in which two answers differ. */
export function firstMismatch(actual: unknown, expected: unknown, path: string): Mismatch | null {
  if (!isComposite(actual) || !isComposite(expected) || Array.isArray(actual) !== Array.isArray(expected)) {
    return actual === expected ? null : { path, expected, actual };
  }
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  for (const key of keys) {
    const mismatch = firstMismatch(actual[key], expected[key], path === "" ? key : `${path}.${key}`);
    if (mismatch !== null) return mismatch;
  }
  return null;
}

function isComposite(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
