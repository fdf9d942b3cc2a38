/**
 * What the page has found in the rows of a run, so that it reads each of them once.
 *
 * @module
 */
import type { LinkFaultRow, MessageRow, ProposalRow, ReadRow, RequestRow } from "../../trace/rows.ts";
import type { Branch } from "../session.ts";

/** Something that a client asks for, or learns of it. */
export type Asked = ProposalRow | ReadRow | RequestRow;

/** Grows with its run. */
export class Found {
  /** How each message ended, by its envelope. */
  readonly ends = new Map<number, MessageRow>();
  /** What clients have asked for, and what they learnt of each. */
  readonly asked = new Map<string, [Asked, ...Asked[]]>();
  readonly faults: LinkFaultRow[] = [];
  /** The keys that clients have named. */
  readonly keys = new Set<string>();
  #rows = 0;

  constructor(readonly branch: Branch) {
    this.keys.add(branch.plan.options.key);
  }

  /** Read what is new. */
  read(): this {
    const { rows } = this.branch.trace;
    for (; this.#rows < rows.length; this.#rows++) {
      const row = rows[this.#rows];
      if (row.kind === "message" && row.event !== "sent") this.ends.set(row.id, row);
      else if (row.kind === "linkFault") this.faults.push(row);
      else if (row.kind === "request") this.#ask(row, `${row.client} ${row.request}`);
      // What a client that tries again asks for is known already.
      else if (row.kind === "proposal" && row.by === undefined) this.#ask(row, `proposal ${this.#rows}`);
      else if (row.kind === "read" && row.by === undefined) this.#ask(row, `read ${row.number}`);
    }
    return this;
  }

  #ask(row: Asked, name: string): void {
    const known = this.asked.get(name);
    if (known === undefined) this.asked.set(name, [row]);
    else known.push(row);
    this.keys.add(row.kind === "read" ? row.key : row.command.key);
  }
}
