/**
 * One node in a task of its own. Nobody else uses the node: whoever wants something of it puts a request into its inbox.
 *
 * The task takes everything that is in its inbox before it looks at what is ready; that is what makes batches. While its
 * disk writes it goes on taking: what need not wait leaves at once, what must waits for the request that says "written".
 *
 * @module
 */
import type { Member } from "../member.ts";
import { NO_LIGHT, Outcome, type ReadyOutcome } from "../node_turn.ts";
import { messageOf } from "../storage/files.ts";
import { Channel } from "./channel.ts";

/** Turns that may wait for the disk. With more the task waits for it too: its inbox fills, and whoever writes there notices. */
const MOST_TURNS_TO_WRITE = 1024;

/** What lies in an inbox. */
export interface Request {
  /** What is to be done with the node. What it throws ends the task. */
  readonly run: () => void;
  /** Called instead if the node stops before it comes to that. */
  readonly lose?: () => void;
}

/** A disk that failed: its node stops, and the others go on. The message is a clause about the node. */
export class DiskError extends Error {
  /** Always `"DiskError"`. */
  override readonly name = "DiskError";
}

/** A node, from its start to its end. */
export class NodeTask {
  /** The way in. Closed, it ends the task. */
  readonly inbox: Channel<Request>;
  /** The last turn taken, and the last one known to be durable. */
  #taken = 0;
  #released = 0;
  /** Whether a turn since the last write began must be durable before it is heard of. */
  #mustSync = false;
  #isWriting = false;
  /** The end of the last write, however it ended. */
  #write: Promise<void> = Promise.resolve();
  #diskFailure: DiskError | null = null;
  /** What is to be reported next. */
  #outcome = new Outcome();

  /**
   * A task that has not begun. `report` is told what the node did with everything it found in its inbox at once, `reportWrite`
   * when its disk begins to write, and when it has written.
   */
  constructor(
    readonly member: Member,
    inboxSize: number,
    readonly report: (outcome: ReadyOutcome) => void,
    readonly reportWrite: (what: "begins" | "ends") => void,
  ) {
    this.inbox = new Channel(inboxSize);
  }

  /**
   * Run the member's node, which has just started, until the inbox is closed; then let go of its disk.
   *
   * @throws {DiskError} if the disk failed.
   */
  async run(): Promise<void> {
    try {
      this.#takeTurns();
      while (await this.inbox.isFilled()) {
        // Whoever hears of one request may have ended the task before the next.
        for (const { run, lose = () => {} } of this.inbox.takeAll()) this.inbox.isClosed ? lose() : run();
        this.#takeTurns();
        if (this.#taken - this.#released > MOST_TURNS_TO_WRITE) await this.#write;
      }
    } catch (error) {
      // A disk that has failed also refuses what comes before the news of it.
      await this.#write;
      throw this.#diskFailure ?? error;
    } finally {
      await this.#write;
      this.member.close();
    }
  }

  /** Do what is ready, and report it. What needs no write is durable with the last one, at once if none is under way. */
  #takeTurns(): void {
    if (this.inbox.isClosed) return;
    const { node } = this.member;
    do {
      for (let turn = node.takeTurn(); turn !== null; turn = node.takeTurn()) {
        this.#outcome.add(turn);
        this.#outcome.turns.push({ ready: turn.ready, light: NO_LIGHT });
        this.#taken = turn.ready.number;
        this.#mustSync ||= turn.ready.mustSync;
      }
      if (this.#mustSync && !this.#isWriting) this.#startWrite();
    } while (!this.#isWriting && this.#release(this.#taken));
    const outcome = this.#outcome;
    this.#outcome = new Outcome();
    this.report(outcome);
  }

  /** Whether that was news: then something else may be ready. */
  #release(number: number): boolean {
    if (number <= this.#released) return false;
    this.#released = number;
    this.#outcome.add(this.member.node.persisted(number));
    return true;
  }

  /** One write at a time. What comes in meanwhile is written together, by the next one. */
  #startWrite(): void {
    const number = this.#taken;
    this.#mustSync = false;
    this.#isWriting = true;
    this.reportWrite("begins");
    // The disk waits for room in the inbox, but nobody waits for the disk there.
    this.#write = Promise.resolve(this.member.opened?.syncAsync()).then(
      () => {
        this.#isWriting = false;
        this.reportWrite("ends");
        this.inbox.put({ run: () => void this.#release(number) });
      },
      (cause) => {
        const failure = new DiskError(`its disk has failed: ${messageOf(cause)}`, { cause });
        this.#diskFailure = failure;
        const run = () => {
          throw failure;
        };
        this.inbox.put({ run });
      },
    );
  }
}
