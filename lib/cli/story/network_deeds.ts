/**
 * What is done to links and messages on purpose, in words and in order.
 *
 * @module
 */
import type { LinkFaultRow, MessageFaultRow, MessageRow, TraceRow } from "../../trace/rows.ts";
import { between, bundles, keyOf, LinkChanges, type Way } from "./link_changes.ts";
import type { About } from "./told.ts";

/** A message that is lost, or that somebody took in hand. */
type Row = MessageRow | MessageFaultRow;

/** A message and several, as readers of the paper call them; and the same of those that say no. */
const NAMES: Readonly<Record<string, readonly [one: string, many: string]>> = {
  RequestVote: ["request for a vote", "requests for votes"],
  RequestVoteResponse: ["vote", "votes"],
  Append: ["append", "appends"],
  AppendResponse: ["answer to an append", "answers to appends"],
  Heartbeat: ["heartbeat", "heartbeats"],
  HeartbeatResponse: ["answer to a heartbeat", "answers to heartbeats"],
  Snapshot: ["snapshot", "snapshots"],
  Propose: ["proposal", "proposals"],
};
const REFUSALS: typeof NAMES = {
  RequestVoteResponse: ["refusal of a vote", "refusals of votes"],
  AppendResponse: ["refusal of an append", "refusals of appends"],
};

/** What becomes of one message, and of several. */
const DEEDS = {
  lost: ["is lost", "are lost"],
  held: ["is held back", "are held back"],
  resumed: ["goes on its way", "go on their way"],
  released: ["arrives next", "arrive next"],
  doubled: ["is sent a second time", "are sent a second time"],
} as const;

/** Whether it tells what is done, or happens, on the way from one node to another. */
export function isOfNetwork({ kind }: TraceRow): boolean {
  return kind === "linkFault" || kind === "messageFault" || kind === "message";
}

/** What was done and not yet said. */
export class NetworkDeeds {
  readonly #links = new LinkChanges();
  /** One deed, behind those that `#links` keeps. */
  #rows: Row[] = [];
  #told: (readonly [about: About, text: string])[] = [];

  /** Take in a link that was changed, or a message that is lost or was taken in hand. */
  hear(row: LinkFaultRow | Row): void {
    const pending = this.#rows.length === 0 ? null : deedOf(this.#rows[0]);
    // What waited goes on because links are mended, one by one: these are still told together.
    if (row.kind === "linkFault") {
      if (pending !== null && pending !== "resumed") this.#tell();
      return this.#links.hear(row);
    }
    const deed = deedOf(row);
    if (pending !== deed && (pending !== null || deed !== "resumed")) this.#tell();
    this.#rows.push(row);
  }

  /** Whether nothing passes a link. */
  isCut(way: Way): boolean {
    return this.#links.isCut(way);
  }

  /** What was done since this was last asked, a sentence each, and what that is about. */
  take(): (readonly [about: About, text: string])[] {
    this.#tell();
    return this.#told.splice(0);
  }

  #tell(): void {
    const links = this.#links.take().map((text) => ["deed", text] as const);
    const messages = messageTexts(this.#rows).map((text) => ["messages", text] as const);
    this.#told.push(...links, ...messages);
    this.#rows = [];
  }
}

function deedOf(row: Row): keyof typeof DEEDS {
  return row.kind === "message" ? "lost" : row.what;
}

/** What was done to messages, all of it the same: a sentence for each kind of them. */
function messageTexts(rows: readonly Row[]): string[] {
  return [...Map.groupBy(rows, nameOf)].flatMap(([[one, many], alike]) =>
    bundles(alike).map((bundle) => {
      const [from, to] = bundle.oneWay ? bundle.groups : [bundle.groups.flat(), bundle.groups.flat()];
      const ways = new Set(alike.filter((row) => from.includes(row.from) && to.includes(row.to)).map(keyOf));
      const count = alike.filter((row) => ways.has(keyOf(row))).length;
      const number = count > ways.size ? `${count} ` : "";
      const [is, are] = DEEDS[deedOf(alike[0])];
      return `the ${number}${count === 1 ? one : many} ${between(bundle)} ${count === 1 ? is : are}`;
    })
  );
}

function nameOf({ type, reject }: Row): readonly [one: string, many: string] {
  return (reject ? REFUSALS[type] : undefined) ?? NAMES[type] ?? [type, type];
}
