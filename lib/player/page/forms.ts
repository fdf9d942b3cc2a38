/**
 * A cluster of one's own: which scenario, how many nodes, which dials, which rule is taken out.
 *
 * @module
 */
/// <reference lib="dom" />
import { DOUBLES, isDouble, ruleOut } from "../doubles.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Setting } from "../../scenario/schema.ts";
import type { Plan } from "../session.ts";
import { readPlan, SANDBOX } from "../share.ts";
import { options, part, text } from "./dom.ts";

/** The dials of a sandbox, and what they are if nothing is said. */
const DIALS = {
  spares: 0,
  latency: 1,
  electionTick: 10,
  heartbeatTick: 3,
  preVote: false,
  checkQuorum: false,
  readOnlyOption: "safe",
} as const satisfies Setting;

/** What the dials say. */
type Dials = { readonly [K in keyof typeof DIALS]: Required<Setting>[K] };

const input = (id: string) => part(id, HTMLInputElement);
const select = (id: string) => part(id, HTMLSelectElement);

/** What the dials in the form say: numbers, choices, and whether something is ticked. */
function saidInForm(): Dials {
  const said = Object.entries(DIALS).map(([id, usual]) => {
    if (typeof usual === "boolean") return [id, input(id).checked];
    return [id, typeof usual === "number" ? Number(input(id).value) : select(id).value];
  });
  return Object.fromEntries(said) as Dials;
}

/** The scenarios that can be chosen, by name. */
const library = new Map<string, Scenario>();

function offer(scenario: Scenario): void {
  const { name, summary } = scenario;
  if (library.has(name) || name === SANDBOX.name) return;
  library.set(name, scenario);
  select("scenario").append(...options({ [name]: summary === undefined ? name : `${name}: ${summary}` }));
}

/** Prepare the form, with `scenarios` to choose from; `start` is given the plan that it says. */
export function listenToForm(scenarios: readonly Scenario[], start: (plan: Plan) => void): void {
  select("scenario").append(...options({ [SANDBOX.name]: "none: only Raft" }));
  for (const scenario of scenarios) offer(scenario);
  const labels = Object.entries(DOUBLES).map(([name, { label }]) => [name, label]);
  select("double").append(...options({ "": "none", ...Object.fromEntries(labels) }));
  select("scenario").addEventListener("change", explain);
  part("dials", HTMLFieldSetElement).addEventListener("input", explain);
  part("anew").addEventListener("click", () => {
    try {
      start(planInForm());
    } catch (error) {
      text("warning", error instanceof Error ? error.message : `${error}`);
    }
  });
}

/** Show what `plan` is made of. */
export function fillForm({ options: { nodes, seed }, double, scenario }: Plan): void {
  offer(scenario);
  select("scenario").value = scenario.name;
  input("nodes").value = `${nodes}`;
  input("seed").value = `${seed}`;
  const setting: Readonly<Record<string, unknown>> = { ...DIALS, ...scenario.setting };
  for (const [id, usual] of Object.entries(DIALS)) {
    if (typeof usual === "boolean") input(id).checked = setting[id] === true;
    else (typeof usual === "number" ? input(id) : select(id)).value = `${setting[id]}`;
  }
  select("double").value = double ?? "";
  explain();
}

function isSandbox(): boolean {
  return select("scenario").value === SANDBOX.name;
}

/** The plan in the form. */
function planInForm(): Plan {
  const setting = saidInForm();
  const seed = Number(input("seed").value);
  const told = library.get(select("scenario").value);
  if (told !== undefined) return readPlan({ scenario: told, options: { nodes: told.nodes ?? 3, seed } }).plan;
  const sandbox = { scenario: SANDBOX.name, setting, options: { nodes: Number(input("nodes").value), seed } };
  return readPlan({ ...sandbox, double: select("double").value }).plan;
}

/** Say what the choices mean, and warn of dials that cannot work. */
function explain(): void {
  part("dials", HTMLFieldSetElement).disabled = !isSandbox();
  const { value: double } = select("double");
  text("rule-out", isSandbox() && isDouble(double) ? ruleOut(double).what : "");
  text("warning", isSandbox() ? warningOf(saidInForm()) : "");
}

/** What of a cluster with these dials would not work as it is meant to; empty if all would. */
export function warningOf({ latency, electionTick, heartbeatTick, checkQuorum, readOnlyOption }: Dials): string {
  if (readOnlyOption === "leaseBased" && !checkQuorum) {
    return "A leader has a lease only where it would step down without a majority: tick CheckQuorum too.";
  }
  if (2 * latency >= electionTick) {
    return "A request for a vote and its answer take as long as the shortest election timeout: candidates may give up too early.";
  }
  if (heartbeatTick + latency >= electionTick) {
    return "The next heartbeat can come later than the shortest election timeout: followers may campaign against a leader that lives.";
  }
  if (readOnlyOption === "leaseBased" && heartbeatTick + 2 * latency >= electionTick) {
    return "The answers to heartbeats come when the lease has run out: a read asks a majority nevertheless.";
  }
  return "";
}
