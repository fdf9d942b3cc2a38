import { ok, strictEqual, throws } from "node:assert/strict";
import {
  type Entry,
  InvariantViolation,
  MemStorage,
  type Message,
  newConfState,
  RawNode,
  seededRandom,
} from "./mod.ts";
import {
  accepted,
  alive,
  append,
  bytes,
  drain,
  elect,
  entry,
  fails,
  heartbeat,
  install,
  logOf,
} from "./paper_cases.ts";
import { newLeader, newPeer, propose, rejected, requestVote, snapshotAt, START, voted } from "./paper_cases.ts";

/** Every kind of message with a term of its own; each can be stepped by node 1. */
const MESSAGES: readonly Message[] = [
  requestVote(2, 5, { index: 3, term: 2 }, 1, 1),
  voted(2, 5),
  voted(2, 5, false),
  append(5, START, [entry(1, 1), entry(1, 2), entry(3, 3)], 1),
  accepted(2, 5, 1),
  rejected(5, 1, START),
  heartbeat(5, 0),
  alive(2, 5),
  install(snapshotAt(3, 2), 5),
  { ...requestVote(2, 5, { index: 3, term: 2 }, 1, 1), type: "RequestPreVote" },
  { type: "RequestPreVoteResponse", from: 2, to: 1, term: 5, voteGranted: true },
  { type: "RequestPreVoteResponse", from: 2, to: 1, term: 5, voteGranted: false, commit: 1, commitTerm: 1 },
  { ...heartbeat(5), read: { round: 1, context: bytes("r") }, lease: { sentAt: 1 } },
  { ...alive(2, 5), read: { round: 1, context: bytes("r") }, lease: { sentAt: 1 } },
  { type: "TimeoutNow", from: 2, to: 1, term: 5 },
  { type: "TransferLeader", from: 2, to: 1, term: 5, transferee: 2 },
  { type: "ReadIndexResp", from: 2, to: 1, term: 5, index: 1, context: bytes("r") },
];

/** No number that a node can mean. */
const BAD = [-1, 0.5, NaN, Infinity, 2 ** 52, Number.MAX_SAFE_INTEGER, 2 ** 53, null, undefined, "1", {}] as const;

/** `value` with each number in it, one at a time, replaced by `bad`. */
function* damaged(value: object, bad: unknown): Generator<object> {
  for (const [key, part] of Object.entries(value)) {
    const put = (other: unknown) => Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other };
    if (typeof part === "number") yield put(bad);
    else if (typeof part !== "object" || part instanceof Uint8Array) continue;
    else for (const other of damaged(part, bad)) yield put(other);
  }
}

Deno.test("a number that is none, or too great, is refused wherever it stands in a message, and nothing changes", () => {
  const { node } = newPeer(1, { log: [1] });
  const before = node.fingerprint();
  for (const message of MESSAGES) {
    for (const bad of BAD) {
      const { to, ...rest } = message;
      for (const hostile of damaged(rest, bad)) {
        fails("MessageInvalid", () => node.step({ ...hostile, to } as Message));
        strictEqual(node.fingerprint(), before);
      }
    }
  }
  for (const message of MESSAGES) fails("MessageInvalid", () => node.step({ ...message, from: 1 }));
});

Deno.test("entries that do not follow on each other, or on what they claim to follow on, are refused", () => {
  const cases: [name: string, message: Message][] = [
    ["a gap at the beginning", append(5, START, [entry(5, 8)])],
    ["a gap within", append(5, START, [entry(1, 1), entry(1, 3)])],
    ["an index twice", append(5, START, [entry(1, 1), entry(1, 1)])],
    ["a term that falls", append(5, START, [entry(2, 1), entry(1, 2)])],
    ["a term before the one before", append(5, { index: 1, term: 3 }, [entry(2, 2)])],
    ["a term later than the message's", append(5, START, [entry(6, 1)])],
    ["an entry without data", append(5, START, [{ ...entry(1, 1), data: undefined as unknown as Uint8Array }])],
    ["a snapshot of nothing", install(snapshotAt(0, 0), 5)],
    ["a snapshot of a later term", install(snapshotAt(3, 6), 5)],
  ];
  for (const [name, message] of cases) {
    const { node } = newPeer(1, { log: [1] });
    const before = node.fingerprint();
    fails("MessageInvalid", () => node.step(message));
    strictEqual(node.fingerprint(), before, name);
  }
});

Deno.test("an error names the field, what it must be, and what it is", () => {
  const { node } = newPeer(1);
  throws(() => node.step(append(5, START, [entry(5, 8)])), {
    message:
      "Cannot step Append from node 2: entries must follow on each other and on prevLogIndex, prevLogTerm; index 8, " +
      "term 5 does not",
  });
  throws(() => node.step({ ...heartbeat(5, 0), leaderCommit: 0.5 }), {
    message:
      "Cannot step Heartbeat from node 2: leaderCommit must be a whole number from 0 and less than 2^52, and is 0.5",
  });
});

Deno.test("a forged acknowledgement of entries that the leader does not hold stops the leader, and commits nothing", () => {
  const leader = newLeader({ heldBy: [2, 3] });
  propose(leader, "some data");
  drain(leader);
  throws(() => leader.node.step(accepted(2, 1, 3)), {
    name: "InvariantViolation",
    message: "a follower holds no more than its leader sent (expected 2, found 3)",
  });
  strictEqual(leader.node.status().hs.commit, 1);
});

Deno.test("a storage that answers with other entries than it was asked for stops its node before they are sent or applied", () => {
  const answers: ((entries: Entry[]) => Entry[])[] = [
    (entries) => entries.slice(1),
    () => [],
    (entries) => [...entries, entry(1, 9)],
    (entries) => entries.map((each) => ({ ...each, index: each.index + 1 })),
    (entries) => entries.map((each, i) => ({ ...each, term: 9 - i })),
  ];
  for (const answer of answers) {
    class Wrong extends MemStorage {
      isWrong = false;
      constructor() {
        super(newConfState({ voters: [1, 2, 3] }), START, logOf([1, 1, 1]));
      }
      override entries(low: number, high: number, maxSize: number): Entry[] {
        const entries = super.entries(low, high, maxSize);
        return this.isWrong ? answer(entries) : entries;
      }
    }
    const storage = new Wrong();
    const peer = {
      ...newPeer(1),
      storage,
      node: new RawNode({ ...newPeer(1).options, maxSizePerMsg: Infinity }, storage),
    };
    elect(peer);
    storage.isWrong = true;
    throws(() => peer.node.step(rejected(1, 3, START)), (error) => {
      ok(error instanceof InvariantViolation);
      strictEqual(error.invariant, "a storage answers with the entries it was asked for");
      return true;
    });
  }
});

Deno.test("where terms run out a node does not campaign in the same term again", () => {
  const peer = newPeer(1, { hs: { term: 2 ** 52 - 1 } });
  throws(() => peer.node.campaign(), { name: "InvariantViolation", message: /there is always a next term/ });
});

Deno.test("a node does not start on a storage with a term, vote or commit index that is none", () => {
  for (const hs of [{ term: NaN }, { term: 2 ** 53 }, { vote: 0 }, { commit: 0.5 }]) {
    const storage = MemStorage.newWithConfState({ voters: [1] });
    storage.setHardState({ term: 1, vote: null, commit: 0, ...hs });
    throws(() => new RawNode({ id: 1, random: seededRandom(1) }, storage), { name: "InvariantViolation" });
  }
});

/** What is neither a list, nor an object with parts. */
const NOTHING = [null, undefined, 0, {}, [null], new Array(1), new DataView(new ArrayBuffer(1))] as const;

Deno.test("a message without one of its parts, or with something else there, is refused, and nothing changes", () => {
  const parts: [message: Message, part: string][] = [
    [append(5, START, [entry(1, 1)]), "entries"],
    [rejected(5, 1, START), "hint"],
    [install(snapshotAt(3, 2), 5), "snapshot"],
    [{ type: "Propose", from: 1, to: 1, proposals: [new Uint8Array()] }, "proposals"],
  ];
  const { node } = newPeer(1, { log: [1] });
  const before = node.fingerprint();
  for (const [message, part] of parts) {
    for (const nothing of NOTHING) {
      fails("MessageInvalid", () => node.step({ ...message, [part]: nothing }));
      strictEqual(node.fingerprint(), before);
    }
  }
  for (const nothing of [null, undefined]) fails("MessageInvalid", () => node.step(nothing as unknown as Message));
});

Deno.test("a forged snapshot that contradicts what is committed stops the node before it is handed out", () => {
  const { node } = newPeer(1, { log: [1, 1], hs: { commit: 2 } });
  throws(() => node.step(install(snapshotAt(2, 5), 5)), {
    name: "InvariantViolation",
    message: "no committed entry is ever replaced (expected 3, found 2)",
  });
  strictEqual(node.raft.log.unstable.snapshot, null);
});
