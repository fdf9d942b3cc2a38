/**
 * What the page has found in the rows of a run, so that it reads each of them once.
 *
 * @module
 */
import type { Answer } from "../../trace/fold.ts";
import type { LinkFaultRow, MessageRow, ProposalRow } from "../../trace/rows.ts";
import type { Branch } from "../session.ts";

/** Grows with its run. */
export class Found {
  /** How each message ended, by its envelope. */
  readonly ends = new Map<number, MessageRow>();
  readonly requests: ProposalRow[] = [];
  readonly faults: LinkFaultRow[] = [];
  /** The keys that clients have named. */
  readonly keys = new Set<string>();
  #rows = 0;
  #answers: { readonly rows: number; readonly scenes: number; readonly answers: readonly Answer[] } = {
    rows: -1,
    scenes: 0,
    answers: [],
  };

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
      else if (row.kind === "proposal") {
        this.requests.push(row);
        this.keys.add(row.command.key);
      }
    }
    return this;
  }

  /** What clients were told. The last tick can still have more done in it. */
  answers(): readonly Answer[] {
    const { branch: { scenes, trace: { rows: { length } } } } = this;
    const { rows, scenes: read, answers } = this.#answers;
    if (rows === length) return answers;
    const known = answers.filter(({ tick }) => tick < read - 1);
    const fresh = scenes.slice(Math.max(0, read - 1)).flatMap((scene) => scene.answers);
    this.#answers = { rows: length, scenes: scenes.length, answers: [...known, ...fresh] };
    return this.#answers.answers;
  }
}
