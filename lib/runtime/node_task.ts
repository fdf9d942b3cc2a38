/**
 * One node in a task of its own: it owns the node and its storage, and speaks to nobody but through channels.
 *
 * It takes everything that is in its inbox before it looks at what is ready; that is what makes batches. While its
 * disk writes it goes on taking: what need not wait leaves at once, what must waits for "written".
 *
 * @module
 */
import { summariseEntry } from "../trace/rows.ts";
import type { DemoNode } from "../node.ts";
import { type DurableStorage, type Message, RaftError, unreachable } from "../raft/mod.ts";
import type { Appended } from "../report.ts";
import type { Channel } from "./channel.ts";
import { News } from "./news.ts";
import { type Answer, DiskError, type Input, type Report } from "./parcel.ts";
import type { Place } from "./place.ts";

/** Turns that may wait for the disk. With more the task waits for it too: its inbox fills, and whoever writes there notices. */
const MOST_TURNS_TO_WRITE = 1024;

/** A node, from its start to its end. */
export class NodeTask {
  readonly #node: DemoNode;
  readonly #storage: DurableStorage;
  /** The last turn taken, and the last one known to be durable. */
  #taken = 0;
  #released = 0;
  /** Whether a turn since the last write began must be durable before it is heard of. */
  #mustSync = false;
  #isWriting = false;
  /** The end of the last write, however it ended. */
  #write: Promise<void> = Promise.resolve();
  #diskFailure: { readonly cause: unknown } | null = null;
  #news: News;

  /** Start the node of `place` on what its disk holds. */
  constructor(readonly place: Place, readonly inbox: Channel<Input>, readonly outbox: Channel<Report>) {
    const { node, storage } = place.start();
    this.#node = node;
    this.#storage = storage;
    this.#news = new News();
    const [first, end] = [storage.firstIndex(), storage.lastIndex() + 1];
    this.#news.log = storage.entries(first, end, Infinity).map(summariseEntry);
    this.#news.restored = { index: node.raft.log.applied, pairs: node.store.pairs() };
  }

  /**
   * Run until one of the channels is closed.
   *
   * @throws {DiskError} if the disk failed.
   */
  async run(): Promise<void> {
    try {
      this.#takeTurns();
      while (await this.outbox.put(this.#report())) {
        if (this.#taken - this.#released > MOST_TURNS_TO_WRITE) await this.#write;
        const inputs = await this.inbox.takeAll();
        if (inputs === null) return;
        for (const input of inputs) this.#take(input);
        this.#takeTurns();
      }
    } catch (error) {
      // A disk that has failed also refuses what comes before the news of it.
      await this.#write;
      if (this.#diskFailure === null) throw error;
      const { cause } = this.#diskFailure;
      throw new DiskError(`its disk has failed: ${cause instanceof Error ? cause.message : cause}`, { cause });
    } finally {
      await this.#write;
      this.#storage.close();
    }
  }

  #take(input: Input): void {
    switch (input.do) {
      case "tick":
        this.#news.ticks++;
        return this.#node.tick();
      case "step":
        return void this.#news.envelopes.push({ id: input.envelope, taken: this.#takes(input.message) });
      case "propose":
        return void this.#news.answers.push(this.#propose(input));
      case "campaign":
        return this.#node.campaign();
      case "compact":
        return void this.#node.compact(input.keep);
      case "fixTimeout":
        return this.place.fixTimeout(input.ticks, this.#node);
      case "reportSnapshot":
        return this.#node.reportSnapshot(input.to, input.status);
      case "written":
        this.#isWriting = false;
        return void this.#release(input.number);
      case "failed":
        throw input.cause;
      default:
        return unreachable(input);
    }
  }

  #takes(message: Message): boolean {
    return refusalOf(() => this.#node.step(message)) === null;
  }

  #propose({ ticket, command }: Extract<Input, { do: "propose" }>): Answer {
    const refusal = refusalOf(() => this.#node.propose(command));
    const { role, term, log } = this.#node.raft;
    const isHere = refusal === null && role.kind === "leader";
    const at: Appended | null = isHere ? { index: log.lastIndex(), term } : null;
    return { ticket, at, refusal };
  }

  /** Do what is ready. What needs no write is durable with the last one, at once if none is under way. */
  #takeTurns(): void {
    do {
      for (let turn = this.#node.takeTurn(); turn !== null; turn = this.#node.takeTurn()) {
        this.#news.addTurn(turn);
        this.#taken = turn.ready.number;
        this.#mustSync ||= turn.ready.mustSync;
      }
      if (this.#isWriting) return;
      if (this.#mustSync) return this.#startWrite();
    } while (this.#release(this.#taken));
  }

  /** Whether that was news: then something else may be ready. */
  #release(number: number): boolean {
    if (number <= this.#released) return false;
    this.#released = number;
    this.#news.addReleased(this.#node.persisted(number), this.#node);
    return true;
  }

  /** One write at a time. What comes in meanwhile is written together, by the next one. */
  #startWrite(): void {
    const number = this.#taken;
    this.#mustSync = false;
    this.#isWriting = true;
    this.#write = this.#storage.syncAsync().then(
      () => this.#tell({ do: "written", number }),
      (cause) => {
        this.#diskFailure = { cause };
        this.#tell({ do: "failed", cause });
      },
    );
  }

  /** The disk waits for room in the inbox, but nobody waits for the disk there. */
  #tell(input: Input): void {
    this.inbox.put(input);
  }

  #report(): Report {
    const news = this.#news;
    this.#news = new News();
    return news.report(this.#node.status());
  }
}

/** Why the node does not take it; `null` if it does. */
function refusalOf(call: () => void): string | null {
  try {
    call();
    return null;
  } catch (error) {
    if (error instanceof RaftError) return error.message;
    throw error;
  }
}
