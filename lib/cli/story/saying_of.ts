/**
 * What is said of a row that needs no other row to be understood.
 *
 * @module
 */
import type {
  ApplyRow,
  CommitRow,
  ExpectationRow,
  LogRow,
  NodeFaultRow,
  ProposalRow,
  RestoreRow,
} from "../../trace/rows.ts";
import { unreachable } from "../../raft/mod.ts";
import { entriesText } from "../../scenario/words.ts";
import type { About, Saying } from "./told.ts";
import { commandText, outcomeText } from "./words.ts";

/** What is said of `row`, and what that is about. */
export function sayingOf(
  row: ProposalRow | CommitRow | ApplyRow | RestoreRow | LogRow | NodeFaultRow | ExpectationRow,
): [about: About, saying: Saying] {
  const node = "node" in row ? row.node : undefined;
  switch (row.kind) {
    case "proposal":
      return ["deed", { node, style: "strong", one: proposalText(row) }];
    case "nodeFault":
      return ["deed", { node, style: "strong", ...faultText(row) }];
    case "log": {
      const terms = row.entries.map(({ term }) => term);
      const log = terms.length === 0 ? "with an empty log" : `with a log: ${entriesText(terms)}`;
      return ["deed", { node, one: `starts ${log}`, verb: "start" }];
    }
    case "commit":
      return row.role === "leader"
        ? ["decide", { node, style: "good", one: `commits index ${row.index}: a majority holds it` }]
        : ["learn", { node, one: `learns that index ${row.index} is committed`, verb: "learn" }];
    case "apply": {
      const one = `applies index ${row.index}: ${outcomeText(row.outcome)}`;
      const brief = row.outcome.kind === "Empty" ? "an empty entry" : outcomeText(row.outcome);
      return ["apply", { node, one, verb: "apply", number: row.index, brief }];
    }
    case "restore": {
      const text = `up to index ${row.index} from a snapshot`;
      return ["apply", { node, one: `restores its store ${text}`, many: `restore their stores ${text}` }];
    }
    case "expectation":
      return row.holds
        ? ["expectation", { style: "good", one: `as expected: ${row.text}` }]
        : ["expectation", { style: "bad", one: `not as expected: ${row.text}`, more: `found: ${row.found}` }];
    default:
      return unreachable(row);
  }
}

function proposalText({ command, result, index }: ProposalRow): string {
  const outcome = {
    appended: `appended at index ${index}`,
    forwarded: "passed on to the leader",
    dropped: "dropped, for there is no leader",
  };
  return `is asked to ${commandText(command)}: ${outcome[result]}`;
}

/** What is done to a node, and to several. */
function faultText({ fault, after, why }: NodeFaultRow): { one: string; many: string } {
  const where = `after step ${after} of`;
  switch (fault) {
    case "stopped":
      if (why !== undefined) return { one: `stops: ${why}`, many: `stop: ${why}` };
      return after === undefined
        ? { one: "is stopped", many: "are stopped" }
        : { one: `crashes ${where} its ready loop`, many: `crash ${where} their ready loops` };
    case "restarted":
      return { one: "is restarted", many: "are restarted" };
    case "muted":
      return { one: "is muted: its clock stands still", many: "are muted: their clocks stand still" };
    case "unmuted":
      return { one: "is muted no more: its clock goes on", many: "are muted no more: their clocks go on" };
  }
}
