/**
 * Playing a scenario from its beginning to its end.
 *
 * Floor 7.
 *
 * @module
 */
import { Cluster } from "../cluster.ts";
import type { ClusterOptions } from "../cluster_options.ts";
import type { Observer } from "../event.ts";
import { perform } from "./perform.ts";
import { type Scenario, type ScenarioOptions, stepsOf } from "./scenario.ts";
import { Stage } from "./stage.ts";

/**
 * A stage for a scenario, at tick 0.
 *
 * @param clusterOf Makes the cluster.
 * @throws {ClusterError} naming an option that no cluster can have.
 */
export function stageFor(
  scenario: Scenario,
  options: ScenarioOptions,
  observer: Observer,
  clusterOf: (options: ClusterOptions) => Cluster = (clusterOptions) => new Cluster(clusterOptions),
): Stage<Cluster> {
  const { setting = {}, sabotage = () => {} } = scenario;
  const { nodes, seed } = options;
  const cluster: Cluster = clusterOf({
    ...setting,
    nodes,
    seed,
    observer(row) {
      if (row.kind === "fault" && row.fault === "restarted") sabotage(cluster.node(row.node));
      observer(row);
    },
  });
  for (const node of cluster.nodes()) sabotage(node);
  return new Stage(cluster, options, observer);
}

/** Play `scenario` to its end: whether all was as expected. */
export function playOut(scenario: Scenario, options: ScenarioOptions, observer: Observer): boolean {
  const stage = stageFor(scenario, options, observer);
  for (const _ of perform(stepsOf(scenario, options), stage)) stage.cluster.tick();
  return !stage.failed;
}
