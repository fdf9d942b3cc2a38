/**
 * Elections, in words: who campaigns, who votes, who wins, who wins not.
 *
 * @module
 */
import type { MessageRow, NodeRow } from "../../trace/rows.ts";
import type { NodeId, Term } from "../../raft/mod.ts";
import { nodeList } from "../../trace/text.ts";
import type { About, Saying } from "./told.ts";

/** The votes of a run. */
export class Elections {
  /** Who has granted its vote, by candidate and term. */
  readonly #granted = new Map<string, NodeId[]>();
  readonly #told = new Set<string>();

  /** What a candidate does that asks for votes; `null` if it was told. `before` is the candidate at the last tick. */
  campaign({ from, term }: MessageRow, before: NodeRow | undefined, isOrdered: boolean): Saying | null {
    if (!this.#isNew(`${from} campaigns in ${term}`)) return null;
    this.#votes(from, term);
    const saying = { style: "strong", node: from, number: term } as const;
    if (before?.role === "candidate") {
      const [one, many] = isOrdered
        ? ["it is told to campaign again,", "they are told to campaign again,"]
        : ["it campaigns again,", "they campaign again,"];
      const failed = `no majority in term ${before.term}:`;
      return { ...saying, one: `wins ${failed} ${one} in term ${term}`, many: `win ${failed} ${many} in term ${term}` };
    }
    const [hear, campaign] = isOrdered ? ["is told to campaign", "does so"] : ["hears from no leader", "campaigns"];
    const [hearAll, campaignAll] = isOrdered ? ["are told to campaign", "do so"] : ["hear from no leader", "campaign"];
    return {
      ...saying,
      one: `${hear}: it ${campaign} in term ${term}, with its own vote`,
      many: `${hearAll}: they ${campaignAll} in term ${term}, each with its own vote`,
    };
  }

  /** What a voter does that answers; `null` if it was told. */
  vote({ from, to, term, reject }: MessageRow): Saying | null {
    if (!this.#isNew(`${from} answers ${to} in ${term}: ${reject}`)) return null;
    return reject
      ? { node: from, one: `refuses node ${to} its vote in term ${term}`, verb: "refuse", number: term }
      : { node: from, one: `votes for node ${to} in term ${term}`, verb: "vote", number: term };
  }

  /** A vote arrives. */
  count(from: NodeId, to: NodeId, term: Term | null): void {
    const votes = this.#votes(to, term);
    if (!votes.includes(from)) votes.push(from);
  }

  /** What is said of a node at the end of a tick, and what that is about; `null` if it is not worth a word. */
  turn(before: NodeRow | undefined, { node, role, term, leader }: NodeRow): [About, Saying] | null {
    if (role === (before?.role ?? "follower")) return null;
    if (role === "leader") {
      const votes = this.#votes(node, term);
      const who = votes.length === 1 ? `vote of ${nodeList(votes)}` : `votes of ${nodeList(votes)}`;
      return ["role", { style: "good", node, one: `is elected leader of term ${term} by the ${who}` }];
    }
    if (before?.role === "leader") {
      const why = leader === null ? `, for it hears of term ${term}` : `: it follows node ${leader} in term ${term}`;
      return ["role", { style: "strong", node, one: `steps down${why}` }];
    }
    if (role !== "follower" || before?.term !== term || leader !== null) return null;
    const lost = `cannot win term ${term} any more:`;
    const many = `${lost} they are followers again`;
    return ["vote", { node, one: `${lost} it is a follower again`, many, number: term }];
  }

  #isNew(what: string): boolean {
    if (this.#told.has(what)) return false;
    this.#told.add(what);
    return true;
  }

  #votes(candidate: NodeId, term: Term | null): NodeId[] {
    const key = `${candidate} in ${term}`;
    const votes = this.#granted.get(key) ?? [candidate];
    this.#granted.set(key, votes);
    return votes;
  }
}
