/**
 * The reader writes a turn of the ready loop, and says when a write must not wait; crate documentation, "Processing the
 * `Ready` State".
 *
 * @module
 */
import { fingerprint } from "../raft/clone.ts";
import type { HardState, MemStorage, Message, Ready } from "../raft/mod.ts";
import { firstDifferenceOf, isYesOrNo, messageOf } from "./cases.ts";
import { type Moment, MOMENTS, MORE_MOMENTS, turn } from "./ready_turn.ts";

/** Steps 1, 4, 5 and 6 of a turn: stores what `ready` holds on `disk`, and sends its messages. */
export type ReadyLoop = (ready: Ready, disk: MemStorage, send: (messages: readonly Message[]) => void) => void;

/**
 * Check a turn of the ready loop: nothing leaves too early; in the end all is stored, and all was sent.
 *
 * @returns What is wrong; `null` if it is right.
 *
 * @example
 * ```ts
 * import { checkTurn, exercise } from "hello-raft";
 *
 * exercise("write the loop", ({ messages }, _disk, send) => send(messages), checkTurn); // not yet, and why
 * ```
 */
export function checkTurn(attempt: ReadyLoop): string | null {
  for (const moment of MOMENTS) {
    const problem = turnProblem(attempt, moment);
    if (problem !== null) return `As ${moment.who}: ${problem}`;
  }
  return null;
}

function turnProblem(attempt: ReadyLoop, { make }: Moment): string | null {
  const [{ node, disk }, right] = [make(), make()];
  const ready = node.ready();
  const waiting = ready.persistedMessages.map(fingerprint);
  const unsent = [...ready.messages, ...ready.persistedMessages].map((message) => ({
    message,
    text: fingerprint(message),
  }));
  let problem: string | null = null;
  const setHardState = disk.setHardState.bind(disk);
  disk.setHardState = (hs) => {
    // The node could crash here, and would not start again.
    if (hs.commit > disk.lastIndex()) {
      problem ??= `the hard state (5) is on disk before the entries (4) that it commits.`;
    }
    setHardState(hs);
  };
  const send = (messages: readonly Message[]) => {
    for (const message of messages) {
      const text = fingerprint(message);
      const missing = waiting.includes(text) ? missingOn(disk, ready) : null;
      if (missing !== null) problem ??= `one ${message.type} leaves, and ${missing}.`;
      const place = unsent.findIndex((one) => one.text === text);
      if (place < 0) problem ??= `one ${message.type} is sent that the Ready does not hold, or is sent twice.`;
      else unsent.splice(place, 1);
    }
  };
  try {
    const returned: unknown = attempt(ready, disk, send);
    if (returned instanceof Promise) {
      returned.catch(() => {});
      return "the loop must not be asynchronous: it has returned before it was done.";
    }
  } catch (error) {
    return `it stops with an error: ${messageOf(error)}`;
  }
  if (problem !== null) return problem;
  if (unsent.length > 0) return `one ${unsent[0].message.type} is never sent.`;
  const missing = missingOn(disk, ready);
  if (missing !== null) return `at the end ${missing}.`;
  turn(right);
  const isAsDone = disk.lastIndex() === right.disk.lastIndex();
  return isAsDone
    ? null
    : `at the end the log on disk ends at index ${disk.lastIndex()}, not ${right.disk.lastIndex()}.`;
}

/** What of `ready` is not on the disk; `null` if all is. */
function missingOn(disk: MemStorage, { hs, entries }: Ready): string | null {
  const { term, vote, commit } = disk.initialState().hardState;
  if (hs !== null && (term !== hs.term || vote !== hs.vote)) return "the hard state (5), term and vote, is not on disk";
  if (hs !== null && commit !== hs.commit) return "the commit index of the hard state (5) is not on disk";
  const isStored = entries.every((entry) => entry.index <= disk.lastIndex() && disk.term(entry.index) === entry.term);
  return isStored ? null : "the entries (4) are not on disk";
}

/** Whether what `ready` asks to be stored must reach the disk before the node goes on. */
export type MustWrite = (onDisk: HardState, ready: Omit<Ready, "mustSync">) => boolean;

/** A hard state on disk, a Ready, and whose it is. */
interface Write {
  readonly who: string;
  readonly onDisk: HardState;
  readonly ready: Omit<Ready, "mustSync">;
  readonly mustSync: boolean;
}

/**
 * Compare a rule for when a write must not wait with the library's `mustSync`.
 *
 * @returns The first case in which it differs; `null` if there is none.
 *
 * @example
 * ```ts
 * import { checkMustWrite, exercise } from "hello-raft";
 *
 * exercise("must it be written now", (_onDisk, { hs }) => hs !== null, checkMustWrite); // not yet, and why
 * ```
 */
export function checkMustWrite(attempt: MustWrite): string | null {
  return firstDifferenceOf<Write, boolean>(({ onDisk, ready }) => attempt(onDisk, ready), {
    cases: [...MOMENTS, ...MORE_MOMENTS].map(({ who, make }) => {
      const { node, disk } = make();
      const { mustSync, ...ready } = node.ready();
      return { who, onDisk: disk.initialState().hardState, ready, mustSync };
    }),
    right: ({ mustSync }) => mustSync,
    kind: "true or false",
    isAnswer: isYesOrNo,
    told: ({ who }) => `This is the Ready of ${who}.`,
    does: (must) => must ? "waits for the disk" : "does not wait for the disk",
    who: "the crate (mustSync)",
    why: whyWrite,
  });
}

function whyWrite({ onDisk, ready: { entries, snapshot, hs }, mustSync }: Write): string {
  if (!mustSync) {
    return hs === null ? "there is nothing to store" : "only the commit index is new, and that can be heard again";
  }
  if (snapshot !== null) return "a snapshot must not be lost";
  if (entries.length > 0) return "entries must not be lost";
  return hs?.term === onDisk.term ? "its vote is new, and must not be lost" : "its term is new, and must not be lost";
}
