/**
 * The disks that a scenario wants.
 *
 * Floor 8.
 *
 * @module
 */
import type { DiskOf } from "../disk.ts";
import { losingDisks } from "../file_disk.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** Disks for one run of a scenario: its own machines, which nothing else uses. */
export function disksFor({ disks = "memory" }: Scenario): DiskOf | null {
  return disks === "files" ? losingDisks() : null;
}
