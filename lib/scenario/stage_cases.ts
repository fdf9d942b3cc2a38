/** Steps, played on a cluster that does nothing by itself: all clocks are paused, and node 1 leads term 1. */
import { Cluster } from "../cluster.ts";
import type { ExpectationRow } from "../trace/rows.ts";
import { Trace } from "../trace/trace.ts";
import { judge } from "./condition.ts";
import { clusterOptionsFor, perform } from "./perform.ts";
import { completeScenarioOptions } from "./scenario.ts";
import type { Condition, ScenarioOptions, Setting, Step } from "./schema.ts";
import { type Judgement, Stage } from "./stage.ts";

/** Node 1 is elected, everybody has applied its first entry, and nothing is in flight. */
export const LED: readonly Step[] = [
  { do: "pauseClock", nodes: "all" },
  { do: "campaign", nodes: 1 },
  { do: "runUntil", until: { is: "agreed" }, within: 10 },
  { do: "run", ticks: 2 },
];

/** Where steps were played. */
export interface Played {
  readonly stage: Stage<Cluster>;
  readonly cluster: Cluster;
  readonly trace: Trace;
  readonly expectations: ExpectationRow[];
}

/** What a cluster can be told. */
type Options = Partial<ScenarioOptions> & { readonly setting?: Setting };

/** `steps`, played. */
export function tell(steps: readonly Step[], { setting = {}, ...options }: Options = {}): Played {
  const scenario = { name: "told", setting, steps };
  const trace = new Trace();
  const complete = completeScenarioOptions(scenario, options);
  const cluster = new Cluster(clusterOptionsFor(scenario, complete, trace.record, null));
  const stage = new Stage(cluster, complete, trace.record);
  goOn(stage, steps);
  return { stage, cluster, trace, expectations: trace.of("expectation") };
}

/** `steps`, played after those of {@link LED}. */
export function tellLed(steps: readonly Step[], options: Options = {}): Played {
  return tell([...LED, ...steps], options);
}

/** `steps`, played on. */
export function goOn(stage: Stage<Cluster>, steps: readonly Step[]): void {
  for (const _ of perform(steps, stage)) stage.cluster.tick();
}

/** `condition`, judged after steps. */
export function judged(steps: readonly Step[], condition: Condition, options: Options = {}): Judgement {
  return judge(condition, tellLed(steps, options).stage);
}

/** What became of messages from now on, once `ticks` ticks have passed: `sent Append 1>2`. */
export function fatesIn({ cluster, trace }: Played, ticks: number): string[] {
  const before = trace.rows.length;
  cluster.run(ticks);
  return trace.rows.slice(before).flatMap((row) =>
    row.kind === "message" ? [`${row.event} ${row.type} ${row.from}>${row.to}`] : []
  );
}

/** What is in flight, in the order of sending: `Append 1>2`. */
export function inFlight(cluster: Cluster): string[] {
  return cluster.network.inFlight().map(({ message: { type, from, to } }) => `${type} ${from}>${to}`);
}
