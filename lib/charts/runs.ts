/**
 * Several runs, to be shown in one figure: the ticks they have in common, and what happened in each in a few words.
 *
 * @module
 */
import type { Span } from "./divisions.ts";
import type { ChartOptions, LabelledRun } from "./figure.ts";
import { type History, historyOf, isEmpty, type Segment, segmentsOf } from "./history.ts";
import { count, visible } from "./text.ts";

/** A run, its history and its label as it is written. */
export interface Panel {
  /** What tells it from the others. */
  readonly label: string;
  /** What happened. */
  readonly history: History;
  /** The roles of every node. */
  readonly segments: readonly (readonly Segment[])[];
}

/**
 * The runs, as they are shown.
 *
 * @throws {RangeError} if one has no label.
 */
export function panelsOf(runs: readonly LabelledRun[], options: ChartOptions): Panel[] {
  return runs.map(({ label, trace }, i) => {
    if (typeof label !== "string" || label.trim() === "") {
      throw new RangeError(`Cannot show run ${i + 1} without a label: say what tells it from the others`);
    }
    const history = historyOf(trace, options);
    return { label: visible(label.trim()), history, segments: [...history.nodes.values()].map(segmentsOf) };
  });
}

/** From the first tick of any of them to the last; `null` if nothing happened. */
export function spanOf(panels: readonly Panel[]): Span | null {
  const histories = panels.map(({ history }) => history).filter((history) => !isEmpty(history));
  if (histories.length === 0) return null;
  return {
    from: Math.min(...histories.map(({ from }) => from)),
    to: Math.max(...histories.map(({ to }) => to)),
  };
}

/** When a run first has a leader; none if it never has. */
export function firstLeadership({ segments }: Panel): Segment | undefined {
  return ledOf(segments)[0];
}

/** A run in a few words. */
export function panelText({ label, history, segments }: Panel): string {
  if (isEmpty(history)) return `${label}: nothing happened yet`;
  const stops = segments.flat().filter(({ condition }) => condition === "stopped").length;
  const facts = [
    ledText(ledOf(segments), history),
    stops === 0 ? "" : count(stops, "stop"),
    history.divisions.length === 0 ? "" : count(history.divisions.length, "division"),
  ];
  return `${label}: ${facts.filter((fact) => fact !== "").join(", ")}`;
}

function ledText(led: readonly Segment[], { to: end }: History): string {
  if (led.length === 0) return "nobody leads";
  const [{ node, term, from, to }] = led;
  if (led.length === 1 && to === end) return `node ${node} leads term ${term} from tick ${from} to the end`;
  const last = led.filter((segment) => segment.to === end).sort((a, b) => b.term - a.term).at(0);
  const inTheEnd = last === undefined ? "nobody" : `node ${last.node}, in term ${last.term},`;
  return `node ${node} leads first, from tick ${from}, and ${inTheEnd} in the end`;
}

function ledOf(segments: Panel["segments"]): Segment[] {
  return segments.flat().filter(({ condition }) => condition === "leader").sort((a, b) => a.from - b.from);
}
