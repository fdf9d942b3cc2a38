/**
 * A run, told in lines: a function of the trace.
 *
 * Floor 9.
 *
 * @module
 */
import type { MessageRow, NodeRow, ProposalRow, TraceRow } from "../event.ts";
import type { NodeId, Ticks } from "../raft/mod.ts";
import { readyLines } from "./ready_lines.ts";
import type { Paint, Style } from "./terminal.ts";
import { commandText, outcomeText } from "./words.ts";

/** What happens in one tick is told in the order of cause and effect. */
const ORDER = ["fault", "campaign", "vote", "role", "proposal", "decide", "learn", "apply"] as const;

/** A sentence; nodes of which the same is said share one. */
interface Sentence {
  readonly about: typeof ORDER[number];
  readonly style: Style;
  readonly nodes: NodeId[];
  /** What one node does … */
  readonly one: string;
  /** … and what several do. */
  readonly many: string;
}

/** How much is told. */
export type Detail = "events" | "events and ready loop";

/** The story of `rows`, a line for everything that matters. */
export function tell(rows: readonly TraceRow[], detail: Detail, paint: Paint): string[] {
  const teller = new Teller(detail, paint);
  for (const row of rows) teller.hear(row);
  return teller.end();
}

class Teller {
  readonly #lines: string[] = [];
  readonly #nodes = new Map<NodeId, NodeRow>();
  /** Who has granted its vote, by candidate and term. */
  readonly #votes = new Map<string, NodeId[]>();
  #sentences: Sentence[] = [];
  #tick: Ticks = 0;
  #tickEnded = false;

  constructor(readonly detail: Detail, readonly paint: Paint) {}

  hear(row: TraceRow): void {
    // Nodes are reported at the end of a tick; what comes next is done in a new tick, or between the two.
    if (row.tick !== this.#tick || (this.#tickEnded && row.kind !== "node")) this.#flush();
    this.#tick = row.tick;
    this.#tickEnded = row.kind === "node";
    switch (row.kind) {
      case "ready":
        if (this.detail === "events and ready loop") this.#lines.push(...readyLines(row, this.paint));
        return;
      case "message":
        return this.#hearMessage(row);
      case "node":
        return this.#hearNode(row);
      case "proposal":
        return this.#hearProposal(row);
      case "commit":
        return row.role === "leader"
          ? this.#say("decide", "good", row.node, `commits index ${row.index}: a majority holds it`)
          : this.#say("learn", "plain", row.node, `learns that index ${row.index} is committed`, "learn");
      case "apply":
        return this.#say(
          "apply",
          "plain",
          row.node,
          `applies index ${row.index}: ${outcomeText(row.outcome)}`,
          "apply",
        );
      case "restore":
        if (row.index === 0) return;
        return this.#say(
          "apply",
          "plain",
          row.node,
          `restores its store up to index ${row.index} from a snapshot`,
          "restore",
        );
      case "fault":
        return this.#say("fault", "strong", row.node, `is ${row.fault}`, "are");
    }
  }

  end(): string[] {
    this.#flush();
    return this.#lines;
  }

  #hearMessage({ type, event, from, to, term, reject }: MessageRow): void {
    const votes = (candidate: NodeId) => {
      const key = `${candidate} in ${term}`;
      if (!this.#votes.has(key)) this.#votes.set(key, [candidate]);
      return this.#votes.get(key) ?? [];
    };
    if (type === "RequestVote" && event === "sent") {
      votes(from);
      this.#say("campaign", "strong", from, `hears from no leader: it campaigns in term ${term}, with its own vote`);
    } else if (type === "RequestVoteResponse" && event === "sent") {
      if (reject) this.#say("vote", "plain", from, `refuses node ${to} its vote in term ${term}`, "refuse");
      else this.#say("vote", "plain", from, `votes for node ${to} in term ${term}`, "vote");
    } else if (type === "RequestVoteResponse" && event === "delivered" && !reject) {
      const granted = votes(to);
      if (!granted.includes(from)) granted.push(from);
    }
  }

  #hearNode(row: NodeRow): void {
    const before = this.#nodes.get(row.node)?.role ?? "follower";
    this.#nodes.set(row.node, row);
    if (before === row.role) return;
    if (row.role === "leader") {
      const votes = this.#votes.get(`${row.node} in ${row.term}`) ?? [row.node];
      const who = `${votes.length === 1 ? "vote of node" : "votes of nodes"} ${list(votes)}`;
      this.#say("role", "good", row.node, `is elected leader of term ${row.term} by the ${who}`);
    } else if (before === "leader") {
      this.#say("role", "strong", row.node, `steps down: it follows in term ${row.term}`);
    }
  }

  #hearProposal({ node, command, result, index }: ProposalRow): void {
    const outcome = {
      appended: `appended at index ${index}`,
      forwarded: "passed on to the leader",
      dropped: "dropped, for there is no leader",
    };
    this.#say("proposal", "strong", node, `is asked to ${commandText(command)}: ${outcome[result]}`);
  }

  /** `verb` is how the sentence begins if it is about several nodes. */
  #say(about: Sentence["about"], style: Style, node: NodeId, one: string, verb?: string): void {
    const same = this.#sentences.find((other) => other.about === about && other.one === one);
    if (same !== undefined && !same.nodes.includes(node)) same.nodes.push(node);
    if (same !== undefined) return;
    this.#sentences.push({ about, style, nodes: [node], one, many: one.replace(/^\S+/, verb ?? "$&") });
  }

  #flush(): void {
    const sentences = this.#sentences.sort((a, b) => ORDER.indexOf(a.about) - ORDER.indexOf(b.about));
    for (const { style, nodes, one, many } of sentences) {
      const text = nodes.length === 1 ? `node ${nodes[0]} ${one}` : `nodes ${list(nodes)} ${many}`;
      this.#lines.push(`${this.paint("faint", `tick ${String(this.#tick).padStart(3)}`)}  ${this.paint(style, text)}`);
    }
    this.#sentences = [];
  }
}

/** `1, 2 and 3`. */
function list(nodes: readonly NodeId[]): string {
  const sorted = [...nodes].sort((a, b) => a - b);
  return sorted.length < 2 ? sorted.join("") : `${sorted.slice(0, -1).join(", ")} and ${sorted.at(-1)}`;
}
