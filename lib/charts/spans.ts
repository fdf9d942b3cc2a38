/**
 * What holds from one tick to another: who was what, who could talk to whom, whose clock was paused, where messages were
 * lost. And the sentences that say so: the parts of the charts' text alternatives.
 *
 * Functions of the trace's scenes.
 *
 * @module
 */
import type { NodeId, Term, Ticks } from "../raft/mod.ts";
import { type ClusterState, conditionOf, linkOf, type LinkState, type NodeState, type Scene } from "../trace/fold.ts";
import { capital, count, list, nodeList, ticksText, visible } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import type { NodeCondition } from "../trace/words.ts";
import { type ChartOptions, checkOptions, type LabelledRun } from "./figure.ts";
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
}

/** The nodes were divided: no message passed from one side to another, in either direction. */
export interface Division extends Span {
  /** The sides, in the order of their first nodes: two at least. */
  readonly sides: readonly (readonly NodeId[])[];
}

/** Links were cut that did not divide the nodes, such as those that lead only one way. */
export interface Cuts extends Span {
  readonly links: readonly LinkState[];
}

/** A node lost messages to or from `peers`, other than those that a division came between. */
export interface Loss extends NodeSpan {
  readonly peers: readonly NodeId[];
}

/** The part of a run that a chart shows. */
export interface View extends Span {
  /** The nodes, in the order of their ids. */
  readonly ids: readonly NodeId[];
  /** The ticks, if anything happened in them. */
  readonly scenes: readonly Scene[];
  /** What the nodes were, node by node. */
  readonly segments: readonly (readonly Segment[])[];
  readonly divisions: readonly Division[];
  readonly cuts: readonly Cuts[];
  /** When clocks were paused. */
  readonly pauses: readonly NodeSpan[];
  readonly losses: readonly Loss[];
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
  const links = joined(
    scenes.map(({ tick, state }) => ({ from: tick, to: tick, links: cutLinks(state) })),
    ({ links }) => namesOf(links).join(),
  ).map((span) => ({ ...span, sides: sidesOf(ids, new Set(namesOf(span.links))) }));
  const divisions = joined(links, ({ sides }) => sides.join("|")).filter(({ sides }) => sides.length > 1);
  const inside = links.map((span) => ({ ...span, links: span.links.filter((link) => !isApart(span.sides, link)) }));
  return {
    ids,
    from,
    to,
    scenes,
    segments: ids.map((node) =>
      joined(
        momentsOf(scenes, node).map((at) => ({ ...at.span, condition: conditionOf(at.node), term: at.node.term })),
        nameOfSegment,
      )
    ),
    divisions,
    cuts: joined(inside, ({ links }) => namesOf(links).join()).filter(({ links }) => links.length > 0),
    pauses: ids.flatMap((node) =>
      joined(momentsOf(scenes, node).flatMap((at) => at.node.clockPaused ? [at.span] : []), () => "")
    ).sort((a, b) => a.from - b.from),
    losses: lossesOf(scenes, divisions, from),
  };
}

/** A node as it was at the end of each tick. */
export function momentsOf(scenes: readonly Scene[], id: NodeId): { tick: Ticks; node: NodeState; span: NodeSpan }[] {
  return scenes.flatMap(({ tick, state }) => {
    const node = state.nodes.get(id);
    return node === undefined ? [] : [{ tick, node, span: { node: id, from: tick, to: tick } }];
  });
}

function nameOfSegment({ condition, term }: Segment): string {
  return `${condition} ${term}`;
}

/** Spans that follow each other and say the same become one. */
function joined<S extends Span>(spans: readonly S[], name: (span: S) => string): S[] {
  const result: S[] = [];
  let nameBefore = "";
  for (const span of spans) {
    const before = result.at(-1);
    const itsName = name(span);
    if (before?.to === span.from - 1 && itsName === nameBefore) result[result.length - 1] = { ...before, to: span.to };
    else result.push(span);
    nameBefore = itsName;
  }
  return result;
}

/** For long runs: in every `bin` ticks only what each node was in the last of them. */
export function thinned(segments: readonly (readonly Segment[])[], bin: Ticks): Segment[] {
  return segments.flatMap((ofNode) => {
    if (bin <= 1 || ofNode.length === 0) return ofNode;
    const end = ofNode[ofNode.length - 1].to;
    const chosen: Segment[] = [];
    let at = 0;
    for (let from = ofNode[0].from; from <= end; from += bin) {
      const to = Math.min(from + bin - 1, end);
      while (ofNode[at].to < to) at++;
      chosen.push({ ...ofNode[at], from, to });
    }
    return joined(chosen, nameOfSegment);
  });
}

/** The segments in which a node was stopped, and the others. */
export function stoppedAndNot<S extends Segment>(segments: readonly S[]): [stopped: S[], running: S[]] {
  const isStopped = ({ condition }: Segment) => condition === "stopped";
  return [segments.filter(isStopped), segments.filter((segment) => !isStopped(segment))];
}

/** The first segment of each term. */
export function termStarts(segments: readonly Segment[]): Segment[] {
  const latestFirst = segments.filter(({ term }) => term > 0).sort((a, b) => b.from - a.from);
  return [...new Map(latestFirst.map((segment) => [segment.term, segment])).values()].sort((a, b) => a.term - b.term);
}

function cutLinks({ links }: ClusterState): LinkState[] {
  return [...links.values()].filter(({ state }) => state === "cut").sort((a, b) => a.from - b.from || a.to - b.to);
}

function namesOf(links: readonly LinkState[]): string[] {
  return links.map(({ from, to }) => `${from}>${to}`);
}

/** Groups of nodes that can still reach each other, if only through others, and if only one way; `cut`: links as `1>2`. */
export function sidesOf(ids: readonly NodeId[], cut: ReadonlySet<string>): NodeId[][] {
  const sides = ids.reduce<NodeId[][]>((before, id) => {
    const isNear = (other: NodeId) => !cut.has(`${id}>${other}`) || !cut.has(`${other}>${id}`);
    const near = before.filter((side) => side.some(isNear));
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

/** What was lost from tick `first` on; the first scene also tells of what was done at the end of the tick before. */
function lossesOf(scenes: readonly Scene[], divisions: readonly Division[], first: Ticks): Loss[] {
  const open = new Map<NodeId, Loss>();
  const over: Loss[] = [];
  for (const scene of scenes) {
    const division = divisions.find(({ from, to }) => scene.tick >= from && scene.tick <= to);
    for (const { tick, from, to } of lostIn(scene, division).filter(({ tick }) => tick >= first)) {
      for (const [node, peer] of [[from, to], [to, from]]) {
        const loss = open.get(node);
        const isSame = loss !== undefined && tick - loss.to <= GAP;
        if (loss !== undefined && !isSame) over.push(loss);
        const peers = new Set(isSame ? loss.peers : []).add(peer);
        open.set(node, { node, peers: [...peers].sort((a, b) => a - b), from: isSame ? loss.from : tick, to: tick });
      }
    }
  }
  return [...over, ...open.values()];
}

/**
 * The messages that were lost in a scene although both ends were running, and no division came between them. What holds at
 * the end of the scene held when the message was lost, unless it was done later.
 */
function lostIn({ rows, state }: Scene, division: Division | undefined): { tick: Ticks; from: NodeId; to: NodeId }[] {
  return rows.flatMap((row, i) => {
    if (row.kind !== "message" || row.event !== "dropped") return [];
    const { tick, from, to } = row;
    const later = rows.slice(i);
    const isStopped = (id: NodeId) =>
      !state.nodes.get(id)?.running &&
      !later.some((row) => row.kind === "nodeFault" && row.fault === "stop" && row.node === id);
    const isCut = linkOf(state, from, to).state === "cut" &&
      !later.some((row) => row.kind === "linkFault" && row.fault === "cut" && row.from === from && row.to === to);
    const isByDivision = isCut && division !== undefined && isApart(division.sides, row);
    return isByDivision || isStopped(from) || isStopped(to) ? [] : [{ tick, from, to }];
  });
}

/**
 * The cluster at the end of the tick that `options` name, by default the last; `null` if nothing happened yet.
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

/** A run among others, as it is shown. */
export interface Panel {
  readonly label: string;
  readonly view: View;
}

/**
 * The runs, and the ticks of all of them; `null` if nothing happened.
 *
 * @throws {RangeError} naming the option, or the run, that is wrong.
 */
export function panelsOf(runs: readonly LabelledRun[], options: ChartOptions): { panels: Panel[]; span: Span | null } {
  checkOptions(options);
  const panels = runs.map(({ label, trace }, i) => {
    if (typeof label === "string" && label.trim() !== "") {
      return { label: visible(label.trim()), view: viewOf(trace, options) };
    }
    throw new RangeError(`Cannot show run ${i + 1} without a label: say what tells it from the others`);
  });
  const views = panels.map(({ view }) => view).filter(({ scenes }) => scenes.length > 0);
  const span = { from: Math.min(...views.map(({ from }) => from)), to: Math.max(...views.map(({ to }) => to)) };
  return { panels, span: views.length === 0 ? null : span };
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

/** A clause for each of a few spans; of more than four, how many there are, and a clause for the first and the last. */
function told<S>(spans: readonly S[], clause: (span: S) => string, many: (amount: number) => string): string {
  if (spans.length === 0) return "";
  if (spans.length <= 4) return `${capital(spans.map(clause).join("; "))}.`;
  return `${capital(many(spans.length))}; first, ${clause(spans[0])}; last, ${clause(spans[spans.length - 1])}.`;
}

/** The segments in which a node led, in the order in which they began. */
export function leaderships(segments: readonly Segment[]): Segment[] {
  return segments.filter(({ condition }) => condition === "leader").sort((a, b) => a.from - b.from);
}

/** How many candidacies there were, as a clause; empty if there was none. */
export function candidaciesText(segments: readonly Segment[]): string {
  const { length } = segments.filter(({ condition }) => condition === "candidate");
  return length === 0 ? "" : `there ${length === 1 ? "is" : "are"} ${count(length, "candidacy", "candidacies")}`;
}

/** Who led which term, and from when to when. */
export function leadershipText(segments: readonly Segment[]): string {
  const led = leaderships(segments);
  if (led.length === 0) {
    return `${["Nobody leads", candidaciesText(segments)].filter((part) => part !== "").join("; ")}.`;
  }
  const clause = ({ node, term, from, to }: Segment) => `node ${node} leads term ${term} ${ticksText(from, to)}`;
  return told(led, clause, (amount) => `there are ${amount} leaderships`);
}

/** Who was stopped, and from when to when. */
export function stopsText(segments: readonly Segment[]): string {
  const stops = stoppedAndNot(segments)[0].sort((a, b) => a.from - b.from);
  const clause = ({ node, from, to }: Segment) => `node ${node} is stopped ${ticksText(from, to)}`;
  return told(stops, clause, (amount) => `nodes are stopped ${amount} times`);
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
  const { ids, cuts, pauses, losses } = view;
  const segments = view.segments.flat();
  const cutClause = ({ links, from, to }: Cuts) => {
    const targetsOf = (id: NodeId) => links.filter((link) => link.from === id).map((link) => link.to);
    const targets = new Map(links.map((link) => [link.from, `to ${nodeList(targetsOf(link.from))}`]));
    const ways = sharing(targets).map(([where, sources]) => `from ${nodeList(sources)} ${where}`);
    return `${ticksText(from, to)} nothing gets ${ways.join(", nor ")}`;
  };
  const pauseClause = ({ node, from, to }: NodeSpan) => `the clock of node ${node} is paused ${ticksText(from, to)}`;
  return prose(
    leadershipText(segments),
    stopsText(segments),
    divisionsText(view),
    told(cuts, cutClause, (amount) => `other links are cut ${amount} times`),
    lossesText(ids, losses),
    told(pauses, pauseClause, (amount) => `clocks are paused ${amount} times`),
  );
}

function lossesText(ids: readonly NodeId[], losses: readonly Loss[]): string {
  if (losses.length === 0) return "";
  const ticks = losses.flatMap(({ from, to }) => [from, to]);
  const losers = [...new Set(losses.map(({ node }) => node))];
  const who = losers.length === ids.length ? "every node" : nodeList(losers);
  return `Messages to and from ${who} are lost ${ticksText(Math.min(...ticks), Math.max(...ticks))}.`;
}

/** Nodes of which the same is said, together. */
export function sharing(facts: ReadonlyMap<NodeId, string>): [fact: string, nodes: NodeId[]][] {
  const groups = groupBy(facts, ([, fact]) => fact);
  return [...groups].map(([fact, members]) => [fact, members.map(([node]) => node)]);
}

/** Nodes of which the same is said share it: `node 1 is …; nodes 2 and 3 are …`. */
export function grouped(facts: ReadonlyMap<NodeId, string>): string {
  return sharing(facts).map(([fact, ids]) => `${nodeList(ids)} ${ids.length === 1 ? "is" : "are"} ${fact}`).join("; ");
}
