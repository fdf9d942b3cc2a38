/**
 * The disks that a scenario wants.
 *
 * @module
 */
import type { DiskOf } from "../storage/disk.ts";
import { losingDisks } from "../storage/disk.ts";
import type { Scenario } from "./scenario.ts";

/** Disks for one run of a scenario: its own machines, which nothing else uses. */
export function disksFor({ disks = "memory" }: Scenario): DiskOf | null {
  return disks === "files" ? losingDisks() : null;
}
