/**
 * What holds from one tick to another: who was what, who could talk to whom, whose clock was paused, where messages were
 * lost. And the sentences that say so: the parts of the charts' text alternatives.
 *
 * Functions of the trace's scenes.
 *
 * @module
 */
import { type ConfState, newConfState, type NodeId, type Term, type Ticks } from "../raft/mod.ts";
import { type Change, type ClusterState, conditionOf, linkOf, type NodeState, type Scene } from "../trace/fold.ts";
import { capital, list, nodeList, ticksText } from "../trace/text.ts";
import type { MessageRow, NodeFaultRow } from "../trace/rows.ts";
import type { Trace } from "../trace/trace.ts";
import { configurationText, type NodeCondition } from "../trace/words.ts";
import { type ChartOptions, checkOptions } from "./figure.ts";
import { type Standing, standingOf, standingText } from "./members.ts";
import { groupBy } from "../trace/group.ts";

/** From one tick to another, both included. */
export interface Span {
  readonly from: Ticks;
  readonly to: Ticks;
}

/** What is said of a node, from one tick to another. */
export interface NodeSpan extends Span {
  readonly node: NodeId;
}

/** A node was the same all the time. */
export interface Segment extends NodeSpan {
  readonly condition: NodeCondition;
  readonly term: Term;
  readonly standing: Standing;
}

/** The nodes were divided: no message passed from one side to another, in either direction. */
export interface Division extends Span {
  /** The sides, in the order of their first nodes: two at least. */
  readonly sides: readonly (readonly NodeId[])[];
}

/** Messages to or from a node were lost, other than those that a division came between. */
export interface Loss extends NodeSpan {
  /** Whom it sent messages that were lost. */
  readonly receivers: readonly NodeId[];
  /** Who sent it messages that were lost. */
  readonly senders: readonly NodeId[];
}

/** A leader hands over its lead: from when it was asked to when it leads no more, or gives up. */
export interface Transfer extends NodeSpan {
  readonly transferee: NodeId;
  /** When the other node campaigned in a later term; `null` if it did not. */
  readonly done: Ticks | null;
}

/** A leader had the same configuration all the time. */
export interface Configured extends NodeSpan {
  readonly configuration: ConfState;
}

/** The part of a run that a chart shows. */
export interface View extends Span {
  /** The nodes, in the order of their ids. */
  readonly ids: readonly NodeId[];
  /** The ticks, if anything happened in them. */
  readonly scenes: readonly Scene[];
  /** What the nodes were, node by node. */
  readonly segments: readonly Segment[];
  readonly divisions: readonly Division[];
  /** When clocks were paused. */
  readonly pauses: readonly NodeSpan[];
  readonly losses: readonly Loss[];
  readonly transfers: readonly Transfer[];
  /** The configurations of leaders, and those with which they step down; none, if all nodes vote all the time. */
  readonly configurations: readonly Configured[];
}

/**
 * The ticks from `options.from` to `options.to` of `trace`.
 *
 * @throws {RangeError} naming the option that is wrong.
 */
export function viewOf(trace: Trace, options: ChartOptions): View {
  checkOptions(options);
  const all = trace.scenes();
  const ids = [...all.at(-1)?.state.nodes.keys() ?? []];
  const from = options.from ?? all.at(0)?.tick ?? 0;
  const to = Math.min(options.to ?? Infinity, Math.max(trace.lastTick(), from));
  const scenes = all.filter(({ tick }) => tick >= from && tick <= to);
  const sides = scenes.map(({ tick, state }) => ({ from: tick, to: tick, sides: sidesOf(state) }));
  return {
    ids,
    from,
    to,
    scenes,
    segments: ids.flatMap((node) =>
      joined(
        momentsOf(scenes, node)
          .map(({ state, ...span }) => (
            { ...span, condition: conditionOf(state), term: state.term, standing: standingOf(state) }
          )),
        ({ condition, term, standing }) => `${condition} ${term} ${standing}`,
      )
    ),
    divisions: joined(sides, ({ sides }) => sides.join("|")).filter(({ sides }) => sides.length > 1),
    pauses: ids.flatMap((node) => joined(momentsOf(scenes, node).filter(({ state }) => state.clockPaused), () => ""))
      .sort((a, b) => a.from - b.from),
    losses: lossesOf(scenes, ids),
    transfers: transfersOf(scenes, ids),
    configurations: configurationsOf(scenes, ids),
  };
}

/** A node after each tick. */
export function momentsOf(scenes: readonly Scene[], id: NodeId): (NodeSpan & { readonly state: NodeState })[] {
  return scenes.flatMap(({ tick, state }) => {
    const node = state.nodes.get(id);
    return node === undefined ? [] : [{ node: id, from: tick, to: tick, state: node }];
  });
}

/** Spans that say the same and are at most `apart` ticks from each other become one. */
export function joined<S extends Span>(spans: readonly S[], name: (span: S) => string, apart = 1): S[] {
  const result: S[] = [];
  for (const span of spans) {
    const before = result.at(-1);
    if (before === undefined || span.from - before.to > apart || name(span) !== name(before)) result.push(span);
    else result[result.length - 1] = { ...before, to: span.to };
  }
  return result;
}

/** The segments in which a node was this, in the order in which they began. */
export function segmentsOf({ segments }: View, condition: NodeCondition): Segment[] {
  return segments.filter((segment) => segment.condition === condition).sort((a, b) => a.from - b.from);
}

/** The first segment of each term, apart from those that began before the first tick of the view. */
export function termStarts({ segments, scenes }: View): Segment[] {
  const before = Math.max(0, ...[...scenes[0].before.nodes.values()].map(({ term }) => term));
  const latestFirst = segments.filter(({ term }) => term > before).sort((a, b) => b.from - a.from);
  return [...new Map(latestFirst.map((segment) => [segment.term, segment])).values()].sort((a, b) => a.term - b.term);
}

/** Groups of nodes that can still reach each other, if only through others, and if only one way. */
function sidesOf(state: ClusterState): NodeId[][] {
  const isOpen = (from: NodeId, to: NodeId) => linkOf(state, from, to).state !== "cut";
  const sides = [...state.nodes.keys()].reduce<NodeId[][]>((before, id) => {
    const near = before.filter((side) => side.some((other) => isOpen(id, other) || isOpen(other, id)));
    return [...before.filter((side) => !near.includes(side)), [...near.flat(), id].sort((a, b) => a - b)];
  }, []);
  return sides.sort(([a], [b]) => a - b);
}

/** Whether both ends are nodes of different sides. */
function isApart(sides: Division["sides"], { from, to }: { readonly from: NodeId; readonly to: NodeId }): boolean {
  return !sides.some((side) => side.includes(from) && side.includes(to));
}

/** Losses that are at most this many ticks apart are drawn, and told, as one. */
const GAP = 4;

/** What was lost. */
function lossesOf(scenes: readonly Scene[], ids: readonly NodeId[]): Loss[] {
  const lost = scenes.flatMap(({ passing, byHand }) => [...lostIn(passing), ...lostIn(byHand)]);
  return ids.flatMap((node) => {
    const own = lost.filter(({ from, to }) => from === node || to === node);
    return joined(own.map(({ tick }) => ({ node, from: tick, to: tick })), () => "", GAP).map((span) => {
      const within = own.filter(({ tick }) => tick >= span.from && tick <= span.to);
      const others = (ids: NodeId[]) => [...new Set(ids.filter((id) => id !== node))].sort((a, b) => a - b);
      const [receivers, senders] = [others(within.map(({ to }) => to)), others(within.map(({ from }) => from))];
      return { ...span, receivers, senders };
    });
  });
}

/** What was in force on leaders; and what made one of them step down, if anything did. */
function configurationsOf(scenes: readonly Scene[], ids: readonly NodeId[]): Configured[] {
  const all = configurationText(newConfState({ voters: ids }));
  const seen = ids.flatMap((id) => momentsOf(scenes, id)).map(({ state, ...span }) => (
    { ...span, leads: conditionOf(state) === "leader" && state.term, configuration: state.configuration }
  ));
  if (seen.every(({ configuration }) => configurationText(configuration) === all)) return [];
  const name = ({ node, leads, configuration }: typeof seen[number]) =>
    `${node} ${leads} ${configurationText(configuration)}`;
  return joined(seen, name).filter(({ node, leads, configuration }, i, spans) => {
    const before = spans.at(i - 1);
    const stepsDown = before?.node === node && before.leads !== false &&
      configurationText(before.configuration) !== configurationText(configuration);
    return leads !== false || stepsDown;
  }).sort((a, b) => a.from - b.from);
}

/** The transfers that were under way. */
function transfersOf(scenes: readonly Scene[], ids: readonly NodeId[]): Transfer[] {
  const waiting = ids.flatMap((node) =>
    joined(
      momentsOf(scenes, node).flatMap(({ state: { transferee, term }, ...span }) =>
        transferee === undefined ? [] : [{ ...span, transferee, term }]
      ),
      ({ transferee, term }) => `${transferee} ${term}`,
    )
  );
  return waiting.map(({ term, ...span }) => {
    const campaign = momentsOf(scenes, span.transferee).find(({ from, state }) =>
      from >= span.from && from <= span.to + 1 && state.term > term && conditionOf(state) !== "follower"
    );
    return { ...span, done: campaign?.from ?? null };
  }).sort((a, b) => a.from - b.from);
}

/**
 * The messages that were lost although both ends were running, and no division came between them. What holds afterwards held
 * when the message was lost, unless it was done later.
 */
function lostIn({ rows, state }: Change): MessageRow[] {
  const sides = sidesOf(state);
  return rows.filter((row, i): row is MessageRow => {
    if (row.kind !== "message" || row.event !== "dropped") return false;
    const { from, to } = row;
    const later = rows.slice(i);
    const isStopped = (id: NodeId) =>
      !state.nodes.get(id)?.running &&
      !later.some((row) => row.kind === "nodeFault" && row.fault === "stop" && row.node === id);
    const isDivided = isApart(sides, row) &&
      !later.some((row) => row.kind === "linkFault" && row.fault === "cut" && row.from === from && row.to === to);
    return !isDivided && !isStopped(from) && !isStopped(to);
  });
}

/**
 * The cluster after everything that happened at the tick that `options` name, by default the last; `null` if nothing happened yet.
 *
 * @throws {RangeError} naming the option that is wrong.
 */
export function stateAt(trace: Trace, what: string, options: ChartOptions & { tick?: Ticks }): ClusterState | null {
  checkOptions(options);
  const last = trace.lastTick();
  const tick = options.tick ?? options.to ?? last;
  const scene = trace.scenes().find((scene) => scene.tick === tick);
  if (scene !== undefined) return scene.state;
  if (last === 0) return null;
  throw new RangeError(`Cannot show the ${what} at tick ${tick}: the last tick of the trace is ${last}`);
}

/** `3 nodes, tick 1 to 20`. */
export function scopeOf({ ids, from, to }: View): string {
  const nodes = ids.length === 1 ? "one node" : `${ids.length} nodes`;
  return `${nodes}, ${from === to ? `at tick ${from}` : `tick ${from} to ${to}`}`;
}

/** Those of `sentences` that say something. */
export function prose(...sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

/** A clause for each of a few spans; of more, how many there are, and a clause for the first and the last. */
export function told<S>(
  spans: readonly S[],
  clause: (span: S) => string,
  many: (amount: number) => string,
  few = 4,
): string {
  if (spans.length === 0) return "";
  if (spans.length <= few) return `${capital(spans.map(clause).join("; "))}.`;
  return `${capital(many(spans.length))}; first, ${clause(spans[0])}; last, ${clause(spans[spans.length - 1])}.`;
}

/** Who led which term, and from when to when. */
export function leadershipText(view: View): string {
  const clause = ({ node, term, from, to }: Segment) => `node ${node} leads term ${term} ${ticksText(from, to)}`;
  const led = told(segmentsOf(view, "leader"), clause, (amount) => `there are ${amount} leaderships`);
  return led === "" ? "Nobody leads." : led;
}

/** Who was restarted, and when. */
export function restartsIn({ scenes }: View): NodeFaultRow[] {
  const rows = scenes.flatMap(({ rows }) => rows);
  return rows.filter((row): row is NodeFaultRow => row.kind === "nodeFault" && row.fault === "restart");
}

/** Who was stopped, and from when to when. */
export function stopsText(view: View): string {
  const together = [...groupBy(segmentsOf(view, "stopped"), ({ from, to }) => ticksText(from, to))];
  const clause = ([ticks, spans]: [string, Segment[]]) =>
    `${nodeList(spans.map(({ node }) => node))} ${spans.length === 1 ? "is" : "are"} stopped ${ticks}`;
  return told(together, clause, (amount) => `nodes are stopped ${amount} times`);
}

/** How the nodes were divided, and from when to when. */
export function divisionsText({ divisions }: View): string {
  const clause = ({ sides, from, to }: Division) => {
    const [few, ...others] = sides.toSorted((a, b) => a.length - b.length);
    const are = sides.length > 2 || few.length > 1 ? "are" : "is";
    const away = others.length === 1
      ? `${nodeList(few)} ${are} cut off from ${nodeList(others[0])}`
      : `${list([few, ...others].map((side) => nodeList(side)))} ${are} cut off from each other`;
    return `${ticksText(from, to)} ${away}`;
  };
  return told(divisions, clause, (amount) => `the nodes are divided ${amount} times`);
}

/** Who led when, and what was broken, in sentences. */
export function rolesText(view: View): string {
  const { ids, pauses, losses, transfers, configurations } = view;
  const together = [...groupBy(pauses, ({ from, to }) => ticksText(from, to))];
  const pauseClause = ([ticks, spans]: [string, NodeSpan[]]) => {
    const [clocks, are] = spans.length === 1 ? ["clock", "is"] : ["clocks", "are"];
    return `the ${clocks} of ${nodeList(spans.map(({ node }) => node))} ${are} paused ${ticks}`;
  };
  return prose(
    leadershipText(view),
    told(transfers, transferClause, (amount) => `the lead is handed over ${amount} times`),
    configurationsText(configurations),
    standingsText(view),
    stopsText(view),
    divisionsText(view),
    lossesText(ids, losses),
    told(together, pauseClause, (amount) => `clocks are paused ${amount} times`),
  );
}

/** When nodes were learners, or outside the configuration. */
export function standingsOf({ segments }: View): (NodeSpan & { readonly standing: Exclude<Standing, "voter"> })[] {
  const others = segments.flatMap(({ node, standing, from, to }) =>
    standing === "voter" ? [] : [{ node, standing, from, to }]
  );
  return joined(others, ({ node, standing }) => `${node} ${standing}`);
}

/** The same in words; nodes of which the same is said share it. */
export function standingsText(view: View): string {
  const together = groupBy(standingsOf(view), ({ standing, from, to }) => `${standing} ${from} ${to}`);
  const clause = (same: ReturnType<typeof standingsOf>) => {
    const [{ standing, from, to }] = same;
    return `${standingText(standing, same.map(({ node }) => node))} ${ticksText(from, to)}`;
  };
  return told([...together.values()], clause, (amount) => `nodes are learners or outside ${amount} times`, 9);
}

/** The configurations of leaders, one after the other. */
function configurationsText(configurations: readonly Configured[]): string {
  const clause = ({ from, to, configuration }: Configured) =>
    `${configurationText(configuration)} ${ticksText(from, to)}`;
  return prose(
    ...[...groupBy(configurations, ({ node }) => node)].map(([node, own]) =>
      `On node ${node}, a leader, the configuration is ${own.map(clause).join("; ")}.`
    ),
  );
}

function transferClause({ node, transferee, from, to, done }: Transfer): string {
  return `${ticksText(from, to)} node ${node} hands over its lead to node ${transferee}, ` +
    (done === null ? "which does not campaign" : `which campaigns at tick ${done}`);
}

function lossesText(ids: readonly NodeId[], losses: readonly Loss[]): string {
  if (losses.length === 0) return "";
  const first = losses.reduce((least, { from }) => Math.min(least, from), Infinity);
  const last = losses.reduce((most, { to }) => Math.max(most, to), 0);
  const those = (of: (loss: Loss) => readonly NodeId[]) => {
    const nodes = new Set(losses.filter((loss) => of(loss).length > 0).map(({ node }) => node));
    return nodes.size === ids.length ? "every node" : nodeList([...nodes]);
  };
  const [from, to] = [those(({ receivers }) => receivers), those(({ senders }) => senders)];
  return `Messages ${from === to ? `between ${from}` : `from ${from} to ${to}`} are lost ${ticksText(first, last)}.`;
}

/** Nodes of which the same is said, together. */
export function sharing<F>(facts: ReadonlyMap<NodeId, F>): [fact: F, nodes: NodeId[]][] {
  const groups = groupBy(facts, ([, fact]) => fact);
  return [...groups].map(([fact, members]) => [fact, members.map(([node]) => node)]);
}

/** Nodes of which the same is said share it: `node 1 is …; nodes 2 and 3 are …`. */
export function grouped(facts: ReadonlyMap<NodeId, string>): string {
  return sharing(facts).map(([fact, ids]) => `${nodeList(ids)} ${ids.length === 1 ? "is" : "are"} ${fact}`).join("; ");
}
