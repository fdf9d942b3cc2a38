/**
 * Playing a scenario from its beginning to its end.
 *
 * @module
 */
import { Cluster } from "../cluster.ts";
import type { ClusterOptions } from "../cluster_options.ts";
import type { DiskOf } from "../storage/disk.ts";
import type { Observer } from "../trace/rows.ts";
import { perform } from "./perform.ts";
import { type Scenario, type ScenarioOptions, stepsOf } from "./scenario.ts";
import { ScenarioError, Stage } from "./stage.ts";

/** What is not the scenario's own affair. */
export interface Staging {
  /** Makes the cluster. */
  readonly clusterOf?: (options: ClusterOptions) => Cluster;
  /** The nodes' disks. A scenario that wants files must be given some. */
  readonly diskOf?: DiskOf | null;
}

/**
 * A stage for a scenario, at tick 0.
 *
 * @throws {ClusterError} naming an option that no cluster can have.
 */
export function stageFor(
  scenario: Scenario,
  options: ScenarioOptions,
  observer: Observer,
  { clusterOf = (clusterOptions) => new Cluster(clusterOptions), diskOf = null }: Staging = {},
): Stage<Cluster> {
  const { setting = {}, disks = "memory", mutation = () => {} } = scenario;
  if (disks === "files" && diskOf === null) throw new ScenarioError(`Cannot play ${scenario.name}: it wants disks`);
  const { nodes, seed } = options;
  const cluster = clusterOf({
    ...setting,
    nodes,
    seed,
    diskOf,
    onStart: mutation,
    observer,
  });
  return new Stage(cluster, options, observer);
}

/** Play `scenario` to its end: whether all was as expected. */
export function playOut(
  scenario: Scenario,
  options: ScenarioOptions,
  observer: Observer,
  staging: Staging = {},
): boolean {
  const stage = stageFor(scenario, options, observer, staging);
  try {
    for (const _ of perform(stepsOf(scenario, options), stage)) stage.cluster.tick();
    return !stage.failed;
  } finally {
    stage.cluster.close();
  }
}
