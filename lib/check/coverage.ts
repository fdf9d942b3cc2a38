/**
 * What was seen in a run that is checked: a checker that has seen nothing happen proves nothing.
 *
 * @module
 */

/** What was seen, and how often. */
export interface Coverage {
  /** Leaders, each in its term. */
  elections: number;
  /** Logs that lost a suffix to a leader. */
  truncations: number;
  /** Entries that were committed in a later term than their own. */
  laterCommits: number;
  /** Logs that were cut behind a snapshot. */
  compactions: number;
  /** Snapshots that replaced a log. */
  snapshots: number;
  /** Snapshots that met another entry at their index. */
  conflictingSnapshots: number;
  /** Messages that arrived in a later term than their own. */
  lateMessages: number;
  /** Nodes that came back. */
  restarts: number;
  /** Leaders that were elected because the one before had asked for it. */
  transfers: number;
  /** Reads that were answered after a round of heartbeats. */
  reads: number;
  /** Reads that were answered by lease. */
  leaseReads: number;
  /** Configurations that were reached. */
  changes: number;
  /** Those of them that were joint. */
  joint: number;
  /** Leaders that applied the change after which they have no vote, before anybody else did. */
  removedLeaders: number;
  /** Requests that were sent again, and then answered. */
  retries: number;
  /** Entries that repeated a request. */
  repeated: number;
}

/** Nothing was seen yet. */
export function newCoverage(): Coverage {
  return {
    elections: 0,
    truncations: 0,
    laterCommits: 0,
    compactions: 0,
    snapshots: 0,
    conflictingSnapshots: 0,
    lateMessages: 0,
    restarts: 0,
    transfers: 0,
    reads: 0,
    leaseReads: 0,
    changes: 0,
    joint: 0,
    removedLeaders: 0,
    retries: 0,
    repeated: 0,
  };
}

/** Add what was seen in another run. */
export function addCoverage(total: Coverage, run: Readonly<Coverage>): void {
  for (const kind of Object.keys(total) as (keyof Coverage)[]) total[kind] += run[kind];
}
