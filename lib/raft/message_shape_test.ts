import { strictEqual, throws } from "node:assert/strict";
import type { Message } from "./mod.ts";
import { accepted, append, entry, fails, install, newPeer, rejected, snapshotAt, START, voted } from "./paper_cases.ts";

/** What is neither a list, nor an object with parts, nor a flag, nor bytes. */
const NOTHING = [
  null,
  undefined,
  0,
  "",
  {},
  [null],
  [undefined],
  new Array(1),
  new DataView(new ArrayBuffer(1)),
] as const;

const PARTS: [message: Message, part: string][] = [
  [append(5, START, [entry(1, 1)]), "entries"],
  [accepted(2, 5, 1), "success"],
  [rejected(5, 1, START), "hint"],
  [voted(2, 5), "voteGranted"],
  [install(snapshotAt(3, 2), 5), "snapshot"],
  [{ type: "Propose", from: 1, to: 1, proposals: [new Uint8Array()] }, "proposals"],
];

Deno.test("a message without one of its parts, or with something else there, is refused, and nothing changes", () => {
  const { node } = newPeer(1, { log: [1] });
  const before = node.fingerprint();
  for (const [message, part] of PARTS) {
    for (const nothing of NOTHING) {
      throws(() => node.step({ ...message, [part]: nothing }), { name: "RaftError", kind: "MessageInvalid" });
      strictEqual(node.fingerprint(), before);
    }
  }
  throws(() => node.step({ ...append(5, START, []), entries: null } as unknown as Message), {
    message: "Cannot step Append from node 2: entries is missing, or not what such a message has there",
  });
  for (const nothing of [null, undefined, {}]) {
    fails("MessageInvalid", () => node.step(nothing as unknown as Message));
  }
});

Deno.test("an entry or a snapshot without its parts is refused", () => {
  const { node } = newPeer(1, { log: [1] });
  const { metadata, data } = snapshotAt(3, 2);
  const entries = [{ ...entry(1, 1), data: [1] }, { ...entry(1, 1), type: "noop" }, { index: 1, term: 1 }];
  const snapshots = [{ metadata }, { data }, { metadata: { ...metadata, confState: { voters: [1] } }, data }];
  for (const hostile of entries) {
    fails("MessageInvalid", () => node.step({ ...append(5, START, []), entries: [hostile] } as unknown as Message));
  }
  for (const snapshot of snapshots) {
    fails("MessageInvalid", () => node.step({ ...install(snapshotAt(3, 2), 5), snapshot } as unknown as Message));
  }
});

Deno.test("a forged snapshot that contradicts what is committed stops the node before it is handed out", () => {
  const { node } = newPeer(1, { log: [1, 1], hs: { commit: 2 } });
  throws(() => node.step(install(snapshotAt(2, 5), 5)), {
    name: "InvariantViolation",
    message: "no committed entry is ever replaced (expected 3, found 2)",
  });
  strictEqual(node.raft.log.unstable.snapshot, null);
});
