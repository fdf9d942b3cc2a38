import { clientCases } from "./client_cases.ts";
import { membershipCases } from "./membership_cases.ts";
import type { Runtime, RuntimeOptions } from "./runtime/runtime.ts";
import { VirtualClock } from "./runtime/clock.ts";
import { startRuntime } from "./runtime/start.ts";
import { DrivenCluster, worldCases } from "./world_cases.ts";

const worlds: readonly [name: string, start: (options: RuntimeOptions) => Promise<Runtime>][] = [
  ["a cluster", (options) => Promise.resolve(new DrivenCluster(options))],
  ["tasks on a virtual clock", (options) => startRuntime({ clock: new VirtualClock(), ...options })],
  ["tasks in real time", (options) => startRuntime({ tickMs: 2, ...options })],
];

for (const [name, start] of worlds) {
  worldCases(name, start);
  membershipCases(name, start);
  clientCases(name, start);
}
