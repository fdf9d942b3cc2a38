import { VirtualClock } from "./runtime/clock.ts";
import { startRuntime } from "./runtime/start.ts";
import { DrivenCluster, worldCases } from "./world_cases.ts";

worldCases("a cluster", (options) => Promise.resolve(new DrivenCluster(options)));
worldCases("tasks on a virtual clock", (options) => startRuntime({ clock: new VirtualClock(), ...options }));
worldCases("tasks in real time", (options) => startRuntime({ tickMs: 2, ...options }));
