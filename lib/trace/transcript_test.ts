import { disksFor } from "../scenario/disks.ts";
import { playOut } from "../scenario/play_out.ts";
import { completeScenarioOptions } from "../scenario/scenario.ts";
import { scenarios } from "../scenario/scenarios.ts";
import { golden } from "./golden_cases.ts";
import { Trace } from "./trace.ts";
import { transcript } from "./transcript.ts";

for (const scenario of scenarios) {
  Deno.test(`${scenario.name} goes message by message as in its transcript`, () => {
    const trace = new Trace();
    playOut(scenario, completeScenarioOptions(scenario, {}), trace.record, { diskOf: disksFor(scenario) });
    golden(new URL(`testdata/${scenario.name}.txt`, import.meta.url), transcript(trace));
  });
}
