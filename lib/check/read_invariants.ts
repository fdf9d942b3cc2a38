/**
 * What must hold of reads that go without an entry in the log (thesis §6.4).
 *
 * @module
 */
import { type Index, InvariantViolation } from "../raft/mod.ts";
import type { ReadRow } from "../trace/rows.ts";
import type { History } from "./history.ts";

/** A client asks: whatever is committed by now must be in the answer. */
export function readAsked({ number, event }: ReadRow, history: History): void {
  if (event !== "refused") history.reads.set(number, history.lastCommitted);
}

/**
 * 18: a read answered from the store at once promises nothing, and so has no index.
 *
 * @param applied How far the node that answers has applied the log.
 */
export function readAnswered(
  { node, number, key, index, value: found }: ReadRow,
  applied: Index,
  history: History,
): void {
  if (index === null) return;
  const least = history.reads.get(number) ?? Infinity;
  const current = "A read index is at least what was committed when the read was asked for";
  if (index < least) throw new InvariantViolation(current, { node, read: number, expected: least, found: index });
  const late = "A read is answered once the store has come to its index";
  if (applied < index) throw new InvariantViolation(late, { node, read: number, expected: index, found: applied });
  const expected = history.valueAt(key, applied);
  const right = "A read is answered what the log says at its index";
  if (found !== expected) {
    throw new InvariantViolation(right, { node, read: number, key, index: applied, expected, found });
  }
}
