/**
 * What is done to links, in words: many links, few sentences.
 *
 * @module
 */
import type { LinkFaultRow } from "../../trace/rows.ts";
import type { NodeId, Ticks } from "../../raft/mod.ts";
import { list, nodeList } from "../../scenario/words.ts";

/** The way from one node to another. */
export type Way = Pick<LinkFaultRow, "from" | "to">;

/** Links between groups of nodes: both ways, or from the first group to the second. */
interface Bundle {
  readonly oneWay: boolean;
  readonly groups: readonly (readonly NodeId[])[];
}

/** Equal for equal ways. */
export const keyOf = ({ from, to }: Way): string => `${from}>${to}`;

/** The links of a run, and what was done to them and not yet said. */
export class LinkChanges {
  readonly #links = new Map<string, LinkFaultRow>();
  /** The links that were changed, as they were before. */
  readonly #before = new Map<string, LinkFaultRow["state"]>();
  readonly #slowed = new Set<string>();

  /** Take in a row. It tells either another state, or else another latency. */
  hear(row: LinkFaultRow): void {
    const key = keyOf(row);
    const state = this.#links.get(key)?.state ?? "open";
    if (!this.#before.has(key)) this.#before.set(key, state);
    if (row.state === state) this.#slowed.add(key);
    this.#links.set(key, row);
  }

  /** Whether nothing passes a link. */
  isCut(way: Way): boolean {
    return this.#links.get(keyOf(way))?.state === "cut";
  }

  /** What was done since this was last asked, a sentence each. */
  take(): string[] {
    const links = [...this.#links.values()];
    const changed = links.filter((link) => (this.#before.get(keyOf(link)) ?? link.state) !== link.state);
    const slowed = links.filter((link) => this.#slowed.has(keyOf(link)));
    this.#before.clear();
    this.#slowed.clear();
    const states = (["cut", "held", "open"] as const).flatMap((state) => {
      const ways = changed.filter((link) => link.state === state);
      const isAll = state === "open" && ways.length > 0 && links.every((link) => link.state === "open");
      return isAll ? ["every link is mended"] : bundles(ways).map((bundle) => stateText(state, bundle));
    });
    const latencies = [...Map.groupBy(slowed, ({ latency }) => latency)];
    return [
      ...states,
      ...latencies.flatMap(([latency, ways]) => bundles(ways).map((bundle) => latencyText(latency, bundle))),
    ];
  }
}

/** As few bundles as are needed for `ways`. */
export function bundles(ways: readonly Way[]): Bundle[] {
  const there = new Set(ways.map(keyOf));
  const groups = groupsOf(ways, there);
  const outside = (group: readonly NodeId[]) => groups.filter((other) => other !== group).flat();
  const pairs = groups.reduce((sum, group) => sum + group.length * outside(group).length, 0);
  if (pairs === there.size && pairs > 0) return [{ oneWay: false, groups }];
  const targets = new Map<NodeId, NodeId[]>();
  for (const { from, to } of ways) targets.set(from, [...new Set([...targets.get(from) ?? [], to])]);
  const bySource = Map.groupBy(targets.keys(), (from) => targets.get(from)?.sort((a, b) => a - b).join() ?? "");
  return [...bySource.values()].map((sources) => ({ oneWay: true, groups: [sources, targets.get(sources[0]) ?? []] }));
}

/** The nodes in question; those that have no way between them are in one group. */
function groupsOf(ways: readonly Way[], there: ReadonlySet<string>): NodeId[][] {
  const ids = [...new Set(ways.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const groups: NodeId[][] = [];
  for (const id of ids) {
    const group = groups.find((others) =>
      others.every((other) => !there.has(`${id}>${other}`) && !there.has(`${other}>${id}`))
    );
    if (group === undefined) groups.push([id]);
    else group.push(id);
  }
  return groups;
}

/** `from node 1 to nodes 2 and 3`; `between nodes 1 and 2`. */
export function between({ oneWay, groups }: Bundle): string {
  if (oneWay) return `from ${nodeList(groups[0])} to ${nodeList(groups[1])}`;
  return `between ${
    groups.every(({ length }) => length === 1) ? nodeList(groups.flat()) : list(groups.map((group) => nodeList(group)))
  }`;
}

function stateText(state: LinkFaultRow["state"], bundle: Bundle): string {
  const { oneWay, groups } = bundle;
  if (state === "held") return `messages ${between(bundle)} now wait`;
  const isOne = groups.length === 2 && groups.flat().length === 2;
  if (state === "open") return `the ${isOne ? "link" : "links"} ${between(bundle)} ${isOne ? "is" : "are"} mended`;
  if (oneWay) return `the ${isOne ? "link" : "links"} ${between(bundle)} ${isOne ? "is" : "are"} cut`;
  if (groups.length > 2) return `${between(bundle).replace("between ", "")} are cut off from one another`;
  const [some, others] = [...groups].sort((a, b) => a.length - b.length);
  return `${nodeList(some)} ${some.length === 1 ? "is" : "are"} cut off from ${nodeList(others)}`;
}

function latencyText(latency: Ticks, bundle: Bundle): string {
  return `messages ${between(bundle)} now take ${latency === 1 ? "one tick" : `${latency} ticks`}`;
}
