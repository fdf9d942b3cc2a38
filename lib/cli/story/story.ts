/**
 * A run, told in lines: a function of its rows.
 *
 * @module
 */
import type { MessageRow, NodeFaultRow, TraceRow } from "../../trace/rows.ts";
import { unreachable } from "../../raft/mod.ts";
import { Elections } from "./elections.ts";
import { NodeStates } from "./node_states.ts";
import { isOfNetwork, NetworkDeeds } from "./network_deeds.ts";
import { NodeTables } from "./node_tables.ts";
import { readyLines } from "./ready_lines.ts";
import { sayingOf } from "./saying_of.ts";
import { shorten } from "./shorten.ts";
import { type Paint, sentence, wrap } from "../terminal.ts";
import { type About, layOut, Moment, type Saying, type Told } from "./told.ts";
import { messageText } from "./words.ts";

/** How much is told. */
export type Detail = "events" | "events and ready loop";

/** How a scenario is told: with links, losses and expectations, and all nodes before anything is broken, and at the end. */
export interface Telling {
  /** The key whose value is shown. */
  readonly key: string;
  /** Whether expectations that hold are told, too. */
  readonly judged: boolean;
  /** How wide a line may be. */
  readonly columns: number;
}

/** The story of `rows`, a line for everything that matters. */
export function tell(
  rows: readonly TraceRow[],
  detail: Detail,
  paint: Paint,
  telling: Telling | null = null,
): string[] {
  const teller = new Teller(detail, paint, telling);
  for (const row of rows) teller.hear(row);
  return teller.end();
}

class Teller {
  readonly #told: Told[] = [];
  readonly #states: NodeStates;
  readonly #elections = new Elections();
  readonly #network = new NetworkDeeds();
  /** Done before the first tick, or after the end of one. */
  #moment = new Moment(0, true);
  #tickEnded = false;
  readonly #tables: NodeTables | null;

  constructor(readonly detail: Detail, readonly paint: Paint, readonly telling: Telling | null) {
    this.#states = new NodeStates(telling?.key ?? "");
    this.#tables = telling === null ? null : new NodeTables(this.#states, paint);
  }

  hear(row: TraceRow): void {
    // Nodes are reported at the end of a tick; what comes next is done in a new tick, or between the two.
    if (row.tick !== this.#moment.tick) this.#turn(new Moment(row.tick, false));
    else if (this.#tickEnded && row.kind !== "node") this.#turn(new Moment(row.tick, true));
    this.#tickEnded = row.kind === "node";
    if (this.#moment.between && !isOfNetwork(row)) this.#tellNetwork();
    this.#hear(row);
    const replaced = this.#states.hear(row);
    if (replaced !== null && row.kind === "ready") {
      this.#say("replace", { style: "strong", node: row.node, one: replaced, verb: "replace" });
    }
  }

  end(): string[] {
    this.#turn(this.#moment);
    const told = this.detail === "events" && this.telling !== null ? shorten(this.#told) : this.#told;
    const lines = [...layOut(told, this.paint, this.telling?.columns ?? Infinity), ...this.#tables?.atEnd() ?? []];
    return lines[0] === "" ? lines.slice(1) : lines;
  }

  #hear(row: TraceRow): void {
    switch (row.kind) {
      case "ready":
        if (this.detail === "events and ready loop") {
          this.#told.push({ about: "block", lines: () => readyLines(row, this.paint) });
        }
        return;
      case "message":
        return this.#hearMessage(row);
      case "node": {
        const turn = this.#elections.turn(this.#states.node(row.node), row);
        if (turn !== null) this.#say(...turn);
        return;
      }
      case "nodeFault":
        this.#keepBefore(row.fault);
        return this.#say(...sayingOf(row));
      case "restore":
        if (row.index > 0) this.#say(...sayingOf(row));
        return;
      case "proposal":
      case "commit":
      case "apply":
      case "log":
        return this.#say(...sayingOf(row));
      case "linkFault":
      case "messageFault":
        if (this.telling === null) return;
        this.#keepBefore();
        return this.#network.hear(row);
      case "part":
        return this.#head(row.title);
      case "expectation":
        if (this.telling !== null && (this.telling.judged || !row.holds)) this.#say(...sayingOf(row));
        return;
      default:
        return unreachable(row);
    }
  }

  #hearMessage(row: MessageRow): void {
    const { type, event, from, to, term, reject } = row;
    if (event === "dropped") return this.#hearLoss(row);
    if (type === "RequestVote" && event === "sent") {
      const campaign = this.#elections.campaign(row, this.#states.node(from), this.#moment.between);
      if (campaign !== null) this.#say("campaign", campaign);
    } else if (type === "RequestVoteResponse" && event === "sent") {
      const vote = this.#elections.vote(row);
      if (vote !== null) this.#say("vote", vote);
    } else if (type === "RequestVoteResponse" && !reject) {
      this.#elections.count(from, to, term);
    }
  }

  /** On a cut link, or at a stopped node, a loss is no news. */
  #hearLoss(row: MessageRow): void {
    if (this.telling === null) return;
    const isChosen = !this.#network.isCut(row) && !this.#states.isStopped(row.to);
    if (isChosen) {
      this.#keepBefore();
      this.#network.hear(row);
    } else if (this.detail === "events and ready loop") {
      this.#say("messages", { style: "faint", one: `lost, from node ${row.from}: ${messageText(row)}` });
    }
  }

  #head(title: string): void {
    if (this.telling === null) return;
    this.#turn(new Moment(this.#moment.tick, this.#moment.between));
    const heading = wrap("", sentence(title)).map((line) => this.paint("strong", line));
    this.#told.push({ about: "heading", lines: () => ["", ...heading] });
  }

  #say(about: About, saying: Saying): void {
    this.#moment.say(about, saying);
  }

  /** What was done to links and to messages since this was last told. */
  #tellNetwork(): void {
    for (const [about, one] of this.#network.take()) this.#say(about, { style: "strong", one });
  }

  /** Go on to another moment. */
  #turn(moment: Moment): void {
    this.#tellNetwork();
    this.#told.push(...this.#moment.sentences());
    this.#moment = moment;
  }

  /** Something is about to be broken: if it is the first, show all nodes, above the heading that announces it. */
  #keepBefore(fault: NodeFaultRow["fault"] | null = null): void {
    const lines = this.#tables?.keep(fault) ?? null;
    if (lines === null) return;
    // Within a tick they stand above all that happens in it.
    if (this.#moment.between) this.#turn(new Moment(this.#moment.tick, true));
    if (this.#told.at(-1)?.about === "heading") this.#told.splice(-1, 0, { about: "block", lines });
    else this.#told.push({ about: "block", lines: () => [...lines(), ""] });
  }
}
