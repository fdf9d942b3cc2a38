/**
 * Long stretches of the same, told shortly.
 *
 * @module
 */
import type { Sentence, Told } from "./told.ts";

/** A longer list of what was applied is not told. */
const LONGEST_LIST = 100;

/** The same with less words where the same happens again and again. */
export function shorten(told: readonly Told[]): Told[] {
  return shortenElections(shortenRefusals(shortenApplies(shortenDeeds(told))));
}

/** The same done to messages, tick after tick: said once. */
function shortenDeeds(told: readonly Told[]): Told[] {
  const isSame = (a: Told, b: Told) => a.about === "messages" && b.about === "messages" && a.one === b.one;
  return runsOf(told, isSame).flatMap((run): Told[] => {
    const [first, last] = [run[0], run[run.length - 1]];
    if (run.length < 2 || "lines" in first || "lines" in last) return run;
    return [{ ...first, one: `${first.one}; so it is ${run.length} times, up to tick ${last.tick}` }];
  });
}

/** What the same nodes apply in a tick: one after the other in one sentence. */
function shortenApplies(told: readonly Told[]): Told[] {
  const isSame = (a: Told, b: Told) =>
    a.about === "apply" && b.about === "apply" && a.tick === b.tick && `${a.nodes}` === `${b.nodes}` &&
    a.number !== null && b.number === a.number + 1;
  return runsOf(told, isSame).flatMap((run): Told[] => {
    const [first, last] = [run[0], run[run.length - 1]];
    if (run.length < 2 || "lines" in first || "lines" in last) return run;
    const list = run.map((item) => "lines" in item ? "" : item.brief).join(", ");
    const which = `indices ${first.number} ${run.length === 2 ? "and" : "to"} ${last.number}`;
    const text = `${which}${list.length > LONGEST_LIST ? ", one after the other" : `: ${list}`}`;
    return [{ ...first, one: `applies ${text}`, many: `apply ${text}` }];
  });
}

/** Candidates of a term that all refuse one another. */
function shortenRefusals(told: readonly Told[]): Told[] {
  const isSame = (a: Told, b: Told) =>
    a.about === "vote" && b.about === "vote" && a.tick === b.tick && a.number === b.number &&
    a.one.startsWith("refuses") && b.one.startsWith("refuses");
  return runsOf(told, isSame).flatMap((run): Told[] => {
    const [first] = run;
    if (run.length < 2 || "lines" in first) return run;
    const voters = run.map((item) => "lines" in item ? [] : item.nodes);
    const all = [...new Set(voters.flat())];
    if (all.length !== run.length || voters.some(({ length }) => length !== run.length - 1)) return run;
    return [{ ...first, nodes: all, many: `refuse one another their votes in term ${first.number}` }];
  });
}

/** Elections that nobody wins: of more than three in a row the first two are told, and the one that is won. */
function shortenElections(told: readonly Told[]): Told[] {
  const isElection = ({ about }: Told) => about === "campaign" || about === "vote";
  const runs = runsOf(told, (a, b) => isElection(a) && isElection(b));
  return runs.flatMap((run, i): Told[] => {
    const sentences = run.filter((item): item is Sentence => !("lines" in item) && isElection(item));
    const terms = [...new Set(sentences.map(({ number }) => number))];
    const isWon = runs.at(i + 1)?.[0].about === "role";
    const middle = terms.slice(2, isWon ? -1 : undefined);
    if (middle.length < 2) return run;
    const passed = sentences.filter(({ number }) => middle.includes(number));
    const candidates = [...new Set(passed.filter(({ about }) => about === "campaign").flatMap(({ nodes }) => nodes))];
    const text = `${middle.length} more times up to tick ${passed[passed.length - 1].tick}, in terms ` +
      `${middle[0]} to ${middle.at(-1)}, and ${candidates.length === 1 ? "wins" : "none wins"} no majority`;
    const summary: Sentence = {
      ...passed[0],
      about: "campaign",
      style: "plain",
      nodes: candidates,
      one: `campaigns ${text}`,
      many: `campaign ${text.replace("none wins no majority", "none of them wins a majority")}`,
      number: null,
    };
    const ofTerms = (some: readonly unknown[]) => sentences.filter(({ number }) => some.includes(number));
    return [...ofTerms(terms.slice(0, 2)), summary, ...ofTerms(terms.slice(2 + middle.length))];
  });
}

/** `items` in runs: neighbours that belong together. */
function runsOf<T>(items: readonly T[], belong: (a: T, b: T) => boolean): T[][] {
  const runs: T[][] = [];
  for (const item of items) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && belong(last, item)) run.push(item);
    else runs.push([item]);
  }
  return runs;
}
