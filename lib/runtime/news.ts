/**
 * What a node's task will report, as it comes together.
 *
 * @module
 */
import type { AppliedEntry, DemoNode, ReadyOutcome, Released, Turn } from "../node.ts";
import type { LightReady, Message, Status } from "../raft/mod.ts";
import type { Answer, Report } from "./parcel.ts";

/** With a disk that writes by itself there is none: what it would say is in the next `Ready`. */
const NO_LIGHT: LightReady = { commitIndex: null, messages: [], committedEntries: [] };

/** What is to be reported, as it comes together. */
export class News {
  ticks = 0;
  readonly envelopes: { id: number; taken: boolean }[] = [];
  readonly answers: Answer[] = [];
  readonly turns: ReadyOutcome["turns"][number][] = [];
  readonly messages: Message[] = [];
  readonly applied: AppliedEntry[] = [];
  restored: Report["restored"] = null;
  log: Report["log"] = null;

  /** The node has taken a turn. */
  addTurn({ ready, messages, applied }: Turn): void {
    this.turns.push({ ready, light: NO_LIGHT });
    for (const message of messages) this.messages.push(message);
    for (const entry of applied) this.applied.push(entry);
  }

  /** A write is durable. */
  addReleased({ messages, restored }: Released, { store }: DemoNode): void {
    for (const message of messages) this.messages.push(message);
    if (restored !== null) this.restored = { index: restored, pairs: store.pairs() };
  }

  /** All of it, with the node as it is now. */
  report(status: Status): Report {
    const { ticks, envelopes, answers, turns, messages, applied, restored, log } = this;
    return { ticks, envelopes, answers, turns, messages, applied, restored, log, status };
  }
}
