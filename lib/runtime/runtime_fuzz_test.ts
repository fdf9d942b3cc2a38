import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { THESIS_MUTATIONS } from "../check/fuzz_cases.ts";
import { InvariantViolation } from "../raft/mod.ts";
import { sendBeforeTheWrite } from "../scenario/lost_vote.ts";
import { Trace } from "../trace/trace.ts";
import { strictTest } from "../world_cases.ts";
import { fuzzTasks, nothingSeen, type Seen, type TaskFuzzOptions } from "./runtime_fuzz_cases.ts";
import { type Runtime, RuntimeError } from "./runtime.ts";

const RUNS = 300;

/** Of what the checker of a cluster counts, what only that can see. */
const UNSEEN: ReadonlySet<string> = new Set(["truncations", "laterCommits", "conflictingSnapshots", "lateMessages"]);

strictTest(`${RUNS} runs break no invariant, traces tell what logs hold, and all faults happen`, async () => {
  const total = nothingSeen();
  for (let seed = 0; seed < RUNS; seed++) {
    const trace = new Trace();
    const afterTick = (runtime: Runtime) => {
      const nodes = trace.scenes().at(-1)?.state.nodes;
      for (const node of runtime.nodes()) {
        const told = nodes?.get(node.id)?.log.entries().map(({ term }) => term);
        deepStrictEqual(told, node.terms(), `tick ${runtime.now}, node ${node.id}`);
      }
    };
    try {
      const seen = await fuzzTasks(seed, { observer: trace.record, afterTick });
      for (const what of Object.keys(total) as (keyof Seen)[]) total[what] += seen[what];
    } catch (error) {
      throw new Error(`The run of seed ${seed} broke something`, { cause: error });
    }
  }
  for (const [what, count] of Object.entries(total)) ok(UNSEEN.has(what) || count > RUNS / 30, `${what}: ${count}`);
});

strictTest("the same seed gives the same run, to the byte; another seed another", async () => {
  const run = async (seed: number) => {
    const trace = new Trace();
    await fuzzTasks(seed, { observer: trace.record });
    return trace.toJsonLines();
  };
  const [one, again, other] = await Promise.all([3, 3, 4].map(run));
  strictEqual(one, again);
  ok(one !== other);
});

/** What the first `runs` runs break, up to the first that breaks `wanted`. */
async function broken(runs: number, options: TaskFuzzOptions, wanted = /^$/): Promise<string> {
  const names = new Set<string>();
  for (let seed = 0; seed < runs; seed++) {
    try {
      await fuzzTasks(seed, options);
    } catch (error) {
      const cause = error instanceof RuntimeError && error.cause !== undefined ? error.cause : error;
      if (!(cause instanceof InvariantViolation)) throw error;
      if (wanted.test(cause.message)) return cause.message;
      names.add(cause.message);
    }
  }
  return [...names].join("\n");
}

strictTest("nodes that send before they write are found out, by what they send, or by the harm they do", async () => {
  const early = await broken(10, { mutation: sendBeforeTheWrite });
  ok(/^A vote, a vote request or an acknowledgement/m.test(early), early);
  const harm = await broken(60, { mutation: sendBeforeTheWrite, checksDurability: false });
  ok(/^(Election Safety|State Machine Safety|a node is never asked to commit entries it has lost)/m.test(harm), harm);
});

/** Bugs of which rows alone tell. */
const TOLD = [
  "a leader answers reads without asking anybody",
  "a store knows no requests, and carries them out whenever they come",
  "snapshots forget the requests",
];

for (const name of TOLD) {
  strictTest(`it is found out in tasks if ${name}`, async () => {
    const { onStart: mutation, invariant = /none/ } = THESIS_MUTATIONS.find((other) => other.name === name) ?? {};
    match(await broken(150, { mutation }, invariant), invariant);
  });
}
