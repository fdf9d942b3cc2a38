import { play } from "../scenario/run.ts";
import { withSequels } from "../scenario/scenario.ts";
import { scenarios } from "../scenario/scenarios.ts";
import { golden } from "./golden_cases.ts";
import { transcript } from "./transcript.ts";

for (const scenario of scenarios.flatMap(withSequels)) {
  Deno.test(`${scenario.name} goes message by message as in its transcript`, () => {
    golden(new URL(`testdata/${scenario.name}.txt`, import.meta.url), transcript(play(scenario).trace));
  });
}
