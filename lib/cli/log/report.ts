/**
 * A log, looked into, as a text: file by file, and in the end what a node would make of it.
 *
 * @module
 */
import { KvStore, StateError } from "../../state_machine.ts";
import type { Recovered } from "../../storage/recover.ts";
import { HEADER_SIZE } from "../../storage/segment.ts";
import { visible, word } from "../../trace/text.ts";
import { COLUMNS, type Paint, shortened, wrap } from "../terminal.ts";
import { bytesText } from "./entries.ts";
import { type Detail, frameLines } from "./frames.ts";
import type { Inspection, SeenFile, SeenSnapshot } from "./inspect.ts";

/** The report. */
export function reportLines(inspection: Inspection, detail: Detail, paint: Paint): string[] {
  const { directory, files, refusal } = inspection;
  const heading = paint("strong", shortened(`The log in ${word(directory)}`, COLUMNS));
  const verdict = wrap("", verdictText(inspection)).map((line) => paint(refusal === null ? "good" : "bad", line));
  return [heading, "", ...files.flatMap((file) => [...fileLines(file, detail, paint), ""]), ...verdict];
}

function fileLines({ name, size, content, isLeftover }: SeenFile, detail: Detail, paint: Paint): string[] {
  const start = `${visible(name)}, ${bytesText(size)}: `;
  const end = isLeftover ? "; left over, and removed at the next start" : "";
  const heading = (text: string) => wrap("", start + text + end, COLUMNS, 2);
  switch (content.kind) {
    case "segment":
      return [...heading(segmentText(content)), ...frameLines(content.frames, detail, paint)];
    case "snapshot":
      return [...heading(snapshotText(content)), ...stateLines(content.data)];
    case "unfinished":
      return heading("a segment or snapshot that was not finished when a crash came, or is just being written");
    case "lock":
      return heading(`process ${/\d+/.exec(name)} has the log open, or was killed while it had`);
    case "foreign":
      return heading("it does not belong to a log, and a node starts on nothing but a log");
  }
}

function segmentText({ number, frames }: Extract<SeenFile["content"], { kind: "segment" }>): string {
  const [first, last] = [frames.at(0), frames.at(-1)];
  if (first?.frame.offset === 0) return `segment ${number} by its name, but its header cannot be used`;
  const header = `segment ${number}, a header of ${HEADER_SIZE} bytes and`;
  if (first === undefined || last === undefined) return `${header} no frame`;
  if (first === last) return `${header} frame ${first.frame.number}`;
  return `${header} frames ${first.frame.number} to ${last.frame.number}`;
}

function snapshotText({ ref, data }: SeenSnapshot): string {
  if (ref === null) return "a snapshot that no whole frame names";
  const what = `snapshot up to index ${ref.index}, term ${ref.term}, which frame ${ref.number} was the first to name`;
  return typeof data === "string" ? `${what}; bad: ${visible(data)}` : what;
}

/** The store that a snapshot holds, as far as it fits in a line. */
function stateLines(data: SeenSnapshot["data"]): string[] {
  if (data === null || typeof data === "string") return [];
  try {
    const pairs = KvStore.restore(data).pairs().map(([key, value]) => `${word(key)} = ${word(value)}`);
    return [shortened(`  ${pairs.length === 0 ? "an empty store" : pairs.join(", ")}`, COLUMNS)];
  } catch (error) {
    if (error instanceof StateError) return [`  ${bytesText(data.length)} that are no state of the store`];
    throw error;
  }
}

function verdictText({ recovered, refusal, files }: Inspection): string {
  if (refusal !== null) return `A node refuses to start on this log. ${visible(refusal)}`;
  if (recovered === null) return "A node can start here: it begins a new log, for there is no finished one.";
  const frames = files.flatMap(({ content }) => content.kind === "segment" ? content.frames : []);
  const torn = frames.filter(({ verdict }) => verdict === "torn").reduce((sum, { frame }) => sum + frame.bytes, 0);
  const isLocked = files.some(({ content }) => content.kind === "lock");
  const writing = isLocked ? "; unless a node is just writing it, for there is a lock" : "";
  const dropped = torn === 0 ? "" : ` The torn tail of ${bytesText(torn)} is dropped${writing}.`;
  return `A node can start on this log, with ${stateText(recovered)}.${dropped}`;
}

function stateText({ log }: Recovered): string {
  const { hardState: { term, vote, commit }, entries, snapshot, before } = log;
  const voted = vote === null ? "no vote" : `its vote for node ${vote}`;
  const last = before.index + entries.length;
  const kept = entries.length === 0 ? "no entries" : `entries ${before.index + 1} to ${last}`;
  const behind = before.index === 0 ? "" : ` behind index ${before.index}`;
  const state = snapshot === null ? "no snapshot" : `a snapshot up to index ${snapshot.index}`;
  return `term ${term}, ${voted}, commit index ${commit}, ${kept}${behind}, ${state}`;
}
