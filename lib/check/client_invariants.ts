/**
 * What must hold of what clients are told: reads that go without an entry in the log (thesis §6.4), and requests that are sent
 * again (§6.3).
 *
 * @module
 */
import type { RequestId } from "../command.ts";
import { type Index, InvariantViolation } from "../raft/mod.ts";
import type { ApplyRow, ProposalRow, ReadRow, RequestRow } from "../trace/rows.ts";
import type { History } from "./history.ts";

/** A client asks: whatever is committed by now must be in the answer. */
export function readAsked({ number, event }: ReadRow, history: History): void {
  if (event !== "refused") history.reads.set(number, Math.max(history.lastCommitted, history.toldCommitted));
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

/** A leader has appended a request; if it has a number, it is to be carried out once from here on. */
export function requestAppended({ command: { by }, index, term }: ProposalRow, history: History): void {
  if (index === null) return;
  // An only voter that stops before its first vote is durable may lead the same term again, and put another entry there.
  history.requestOf.delete(`${index} ${term}`);
  if (by === undefined) return;
  history.requests.set(keyOf(by), history.requests.get(keyOf(by)) ?? null);
  history.requestOf.set(`${index} ${term}`, by);
}

/** Thesis §6.3: an entry that is applied carries its request out, or says that this was done before. */
export function carriedOutOnce({ node, index, term, outcome }: ApplyRow, history: History): void {
  const by = history.requestOf.get(`${index} ${term}`);
  if (by === undefined || outcome.kind === "Repeated") return;
  const expected = history.requests.get(keyOf(by)) ?? index;
  history.requests.set(keyOf(by), expected);
  const invariant = "A request is carried out at most once";
  if (expected !== index) throw new InvariantViolation(invariant, { node, ...by, expected, found: index });
}

/** A client has its answer. */
export function requestAnswered({ node, client, request, event, way }: RequestRow, history: History): void {
  const isTold = event === "answered" && way === "log";
  if (!isTold || history.requests.get(keyOf({ client, request })) !== null) return;
  throw new InvariantViolation("Who is answered, its request was carried out", {
    node,
    client,
    request,
    found: "nothing",
  });
}

const keyOf = ({ client, request }: RequestId) => `${client} ${request}`;
