/**
 * Two rules of snapshots that the reader writes (notebook 05; paper §7): what a leader sends, and what a follower does with a snapshot.
 *
 * Each is compared with the core over every small case, the smallest first.
 *
 * @module
 */
import { type Entry, type Index, MemStorage, RawNode, seededRandom, type Term } from "../raft/mod.ts";
import { sendAppend } from "../raft/replication.ts";

/** What a leader has of the log. */
export interface LogBounds {
  /** The first index that is not compacted. */
  readonly firstIndex: Index;
  /** The last index. */
  readonly lastIndex: Index;
}

/** Which message a leader sends to a follower whose next entry is at `nextIndex`. */
export type ChooseMessage = (log: LogBounds, nextIndex: Index) => "Append" | "Snapshot";

/** The longest log that is tried. */
const LONGEST = 8;

/**
 * Whether a rule chooses as the library does between an `Append` and a `Snapshot`.
 *
 * @returns The first case in which it does not; `null` if there is none.
 *
 * @example
 * ```ts
 * import { checkChooseMessage } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * match(checkChooseMessage(() => "Append") ?? "", /begins at index 2/);
 * ```
 */
export function checkChooseMessage(choose: ChooseMessage): string | null {
  for (let lastIndex = 1; lastIndex <= LONGEST; lastIndex++) {
    for (let firstIndex = 1; firstIndex <= lastIndex; firstIndex++) {
      for (let nextIndex = lastIndex + 1; nextIndex >= 1; nextIndex--) {
        const right = chosen({ firstIndex, lastIndex }, nextIndex);
        const said = choose({ firstIndex, lastIndex }, nextIndex);
        if (said !== "Append" && said !== "Snapshot") {
          return `You say ${said}: the answer must be "Append" or "Snapshot".`;
        }
        if (said !== right) {
          const log = `The leader's log begins at index ${firstIndex} and ends at ${lastIndex}`;
          return `${log}; nextIndex is ${nextIndex}. You send ${said}; it is ${right}: ${
            reasonFor(firstIndex, nextIndex)
          }.`;
        }
      }
    }
  }
  return null;
}

function reasonFor(firstIndex: Index, nextIndex: Index): string {
  if (nextIndex < firstIndex) return `entry ${nextIndex} is compacted`;
  if (nextIndex > firstIndex) return `entry ${nextIndex - 1}, which the Append names, is in the log`;
  return nextIndex === 1
    ? "an Append of the first entry names index 0"
    : `the Append names index ${nextIndex - 1}, whose term the snapshot keeps`;
}

/** What the core sends. */
function chosen({ firstIndex, lastIndex }: LogBounds, nextIndex: Index): "Append" | "Snapshot" {
  const storage = MemStorage.newWithConfState({ voters: [1, 2] });
  // With its election a leader appends the last entry itself.
  storage.append(entriesOf(Array.from({ length: lastIndex - 1 }, () => 1)));
  storage.setHardState({ term: 1, vote: null, commit: firstIndex - 1 });
  if (firstIndex > 1) storage.createSnapshot(firstIndex - 1, new Uint8Array());
  storage.compact(firstIndex);
  const node = new RawNode({ id: 1, random: seededRandom(1), applied: firstIndex - 1 }, storage);
  node.campaign();
  node.advance(node.ready());
  node.step({ type: "RequestVoteResponse", from: 2, to: 1, term: 2, voteGranted: true });
  const { raft } = node;
  const progress = raft.role.kind === "leader" ? raft.role.tracker.get(2) : undefined;
  if (progress === undefined) throw new Error("node 1 does not lead");
  progress.recentActive = true;
  progress.resume();
  progress.nextIndex = nextIndex;
  raft.messages = [];
  sendAppend(raft, progress);
  return raft.messages[0].type === "Snapshot" ? "Snapshot" : "Append";
}

/** What a follower holds. */
export interface FollowerLog {
  /** The term of each entry, from index 1 on. */
  readonly terms: readonly Term[];
  /** Its commit index. */
  readonly commit: Index;
}

/** The last entry that a snapshot stands for. */
export interface SnapshotEnd {
  /** Its index. */
  readonly index: Index;
  /** Its term. */
  readonly term: Term;
}

/** What a follower does with a snapshot: nothing; keep its log and take its first entries for committed; replace log and store. */
export type TakeSnapshot = (log: FollowerLog, snapshot: SnapshotEnd) => "ignore" | "keep" | "replace";

/**
 * Whether a rule does with a snapshot from the leader what the library does. Where two answers have the same effect, both are right.
 *
 * @returns The first case in which it does not; `null` if there is none.
 *
 * @example
 * ```ts
 * import { checkTakeSnapshot } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * match(checkTakeSnapshot(() => "ignore") ?? "", /follower.s log is empty/);
 * ```
 */
export function checkTakeSnapshot(take: TakeSnapshot): string | null {
  for (const [log, snapshot] of SITUATIONS) {
    const said = take(log, snapshot);
    const [effect, right] = [effectOf(said, log, snapshot), taken(log, snapshot)];
    if (effect === null) return `"${said}" is none of "ignore", "keep", "replace".`;
    if (JSON.stringify(effect) === JSON.stringify(right)) continue;
    return `${describe(log, snapshot)} You say "${said}": ${consequenceOf(said, log, snapshot)}.`;
  }
  return null;
}

function describe({ terms, commit }: FollowerLog, { index, term }: SnapshotEnd): string {
  const known = commit === 0 ? "none of them known to be committed" : `committed up to index ${commit}`;
  const log = terms.length === 0
    ? "The follower's log is empty"
    : `The follower's log has entries of terms ${terms.join(" ")}, ${known}`;
  return `${log}; the snapshot ends with index ${index} of term ${term}.`;
}

function consequenceOf(said: string, { terms, commit }: FollowerLog, { index, term }: SnapshotEnd): string {
  const holds = terms[index - 1] === term;
  if (said === "replace" && index < commit) return "then it takes back what it has committed and applied";
  if (said === "replace") return "then it throws away entries behind the snapshot that it may have acknowledged";
  if (said === "keep") return "then entries count as committed that are missing, or are not the leader's";
  return holds
    ? "then it does not learn that these entries are committed"
    : "then it goes on without what is committed";
}

/** What is left of a follower. Of what is committed all agree, whether it is in the log or in the snapshot. */
interface Effect {
  readonly commit: Index;
  /** How many entries stand behind the commit index. */
  readonly behind: number;
  /** Whether what counts as committed is what the leader has. */
  readonly agrees: boolean;
}

function effectOf(said: string, { terms, commit }: FollowerLog, { index, term }: SnapshotEnd): Effect | null {
  const agrees = index <= commit || terms[index - 1] === term;
  const highest = Math.max(commit, index);
  if (said === "ignore") return { commit, behind: terms.length - commit, agrees: true };
  if (said === "keep") return { commit: highest, behind: terms.length - highest, agrees };
  return said === "replace" ? { commit: index, behind: 0, agrees: true } : null;
}

/** What the core does. */
function taken({ terms, commit }: FollowerLog, { index, term }: SnapshotEnd): Effect {
  const storage = MemStorage.newWithConfState({ voters: [1, 2, 3] });
  storage.append(entriesOf(terms));
  storage.setHardState({ term: HIGHEST, vote: null, commit });
  const node = new RawNode({ id: 1, random: seededRandom(1), applied: 0 }, storage);
  const metadata = { index, term, confState: storage.initialState().confState };
  node.step({ type: "Snapshot", from: 2, to: 1, term: HIGHEST, snapshot: { metadata, data: new Uint8Array() } });
  const { committed } = node.raft.log;
  return { commit: committed, behind: node.raft.log.lastIndex() - committed, agrees: true };
}

function entriesOf(terms: readonly Term[]): Entry[] {
  return terms.map((term, i) => ({ type: "empty", term, index: i + 1, data: new Uint8Array() }));
}

/** The terms that are tried, and the leader's. */
const [TERMS, HIGHEST]: [readonly Term[], Term] = [[1, 2, 3], 4];

/** All short logs with all snapshots that a leader can send them: up to the commit index the two agree. */
const SITUATIONS: readonly (readonly [FollowerLog, SnapshotEnd])[] = logsUpTo(4).flatMap((terms) =>
  [0, ...terms.keys()].map((_, commit) => ({ terms, commit })).flatMap((log) =>
    [1, 2, 3, 4, 5].flatMap((index) =>
      TERMS.map((term) => ({ index, term })).filter((snapshot) => isPossible(log, snapshot))
        .map((snapshot) => [log, snapshot] as const)
    )
  )
);

function isPossible({ terms, commit }: FollowerLog, { index, term }: SnapshotEnd): boolean {
  return index <= commit ? terms[index - 1] === term : commit === 0 || term >= terms[commit - 1];
}

/** All logs of at most so many entries, the shorter ones first: terms never go down. */
function logsUpTo(length: number): Term[][] {
  if (length === 0) return [[]];
  const shorter = logsUpTo(length - 1);
  const longest = shorter.filter((log) => log.length === length - 1);
  return [
    ...shorter,
    ...longest.flatMap((log) => TERMS.filter((term) => term >= (log.at(-1) ?? 1)).map((term) => [...log, term])),
  ];
}
