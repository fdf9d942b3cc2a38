import { testChecker, untyped } from "./exercise_cases.ts";
import { checkMustWrite, checkTurn, type MustWrite, type ReadyLoop } from "./ready_loop.ts";

const documented: ReadyLoop = (ready, disk, send) => {
  send(ready.messages);
  disk.append(ready.entries);
  if (ready.hs !== null) disk.setHardState(ready.hs);
  send(ready.persistedMessages);
};

testChecker<ReadyLoop>("the loop", {
  check: checkTurn,
  right: {
    "in the order of the documentation": documented,
    "a leader's messages last but one": ({ messages, entries, hs, persistedMessages }, disk, send) => {
      disk.append(entries);
      if (hs) disk.setHardState(hs);
      send(messages);
      send(persistedMessages);
    },
    "store first, and send all at once": (ready, disk, send) => {
      disk.append(ready.entries);
      if (ready.hs !== null) disk.setHardState(ready.hs);
      send([...ready.messages, ...ready.persistedMessages]);
    },
    "copies of messages, one by one": (ready, disk, send) => {
      for (const message of ready.messages) send([{ ...message }]);
      if (ready.entries.length > 0) disk.append([...ready.entries]);
      if (ready.hs !== null) disk.setHardState({ ...ready.hs });
      for (const message of ready.persistedMessages) send([structuredClone(message)]);
    },
    "the hard state in two parts": (ready, disk, send) => {
      disk.append(ready.entries);
      if (ready.hs !== null) disk.setHardState({ ...ready.hs, commit: disk.initialState().hardState.commit });
      if (ready.hs !== null) disk.setCommit(ready.hs.commit);
      send(ready.persistedMessages);
      send(ready.messages);
    },
  },
  wrong: {
    "the hard state before the entries": [
      ({ messages, entries, hs, persistedMessages }, disk, send) => {
        send(messages);
        if (hs !== null) disk.setHardState(hs);
        disk.append(entries);
        send(persistedMessages);
      },
      /^As a follower .* committed already: the hard state \(5\) is on disk before the entries \(4\) that it commits/,
    ],
    "everything is sent at once": [
      (ready, disk, send) => {
        send([...ready.messages, ...ready.persistedMessages]);
        documented(ready, disk, () => {});
      },
      /^As a candidate: one RequestVote leaves, and the hard state \(5\), term and vote, is not on disk/,
    ],
    "asynchronous": [
      // deno-lint-ignore require-await
      untyped(async (ready: Parameters<ReadyLoop>[0], disk: Parameters<ReadyLoop>[1]) => disk.append(ready.entries)),
      /the loop must not be asynchronous/,
    ],
    "entries late": [
      (ready, disk, send) => {
        if (ready.hs !== null) disk.setHardState(ready.hs);
        send([...ready.messages, ...ready.persistedMessages]);
        disk.append(ready.entries);
      },
      /^As a follower with a new entry.*: one AppendResponse leaves, and the entries \(4\) are not on disk/,
    ],
    "no hard state": [
      (ready, disk, send) => documented({ ...ready, hs: null }, disk, send),
      /the hard state \(5\), term and vote, is not on disk/,
    ],
    "no commit index": [
      (ready, disk, send) => documented({ ...ready, hs: ready.hs && { ...ready.hs, commit: 0 } }, disk, send),
      /the commit index of the hard state \(5\) is not on disk/,
    ],
    "term and vote in time, the rest of the hard state after its messages": [
      (ready, disk, send) => {
        disk.append(ready.entries);
        if (ready.hs !== null) disk.setHardState({ ...ready.hs, commit: disk.initialState().hardState.commit });
        send([...ready.messages, ...ready.persistedMessages]);
        if (ready.hs !== null) disk.setHardState(ready.hs);
      },
      /one AppendResponse leaves, and the commit index of the hard state \(5\) is not on disk/,
    ],
    "copies, too early": [
      (ready, disk, send) => {
        send(ready.persistedMessages.map((message) => ({ ...message })));
        documented({ ...ready, persistedMessages: [] }, disk, send);
      },
      /one RequestVote leaves, and the hard state/,
    ],
    "only a leader's messages": [
      (ready, disk, send) => documented({ ...ready, persistedMessages: [] }, disk, send),
      /one RequestVote is never sent/,
    ],
    "only the messages that wait": [
      (ready, disk, send) => documented({ ...ready, messages: [] }, disk, send),
      /^As a new leader.*: one Append is never sent/,
    ],
    "everything twice": [
      (ready, disk, send) => {
        documented(ready, disk, send);
        send(ready.persistedMessages);
      },
      /is sent that the Ready does not hold, or is sent twice/,
    ],
    "no entries": [
      (ready, disk, send) => documented({ ...ready, entries: [] }, disk, send),
      /the entries \(4\) are not on disk/,
    ],
    "an error": [(ready) => untyped<{ go: () => void }>(ready).go(), /^As a candidate: it stops with an error/],
  },
});

const changed: MustWrite = (onDisk, { hs }) => hs !== null && (hs.term !== onDisk.term || hs.vote !== onDisk.vote);
const hasData: MustWrite = (_onDisk, { entries, snapshot }) => entries.length > 0 || snapshot !== null;

testChecker<MustWrite>("must it be written now", {
  check: checkMustWrite,
  right: {
    "entries, snapshot, term or vote": (onDisk, ready) => hasData(onDisk, ready) || changed(onDisk, ready),
    "what may wait first": (onDisk, { entries, snapshot, hs }) => {
      if (entries.length === 0 && snapshot === null && hs === null) return false;
      if (entries.length > 0 || snapshot !== null) return true;
      return hs?.term !== onDisk.term || hs?.vote !== onDisk.vote;
    },
    "as text": (onDisk, { entries, snapshot, hs }) => {
      const text = ({ term, vote }: { term: number; vote: number | null }) => JSON.stringify([term, vote]);
      return entries.length > 0 || !!snapshot || (!!hs && text(hs) !== text(onDisk));
    },
    "by what is missing": (onDisk, { entries, snapshot, hs }) => {
      const { term, vote } = hs ?? onDisk;
      return [entries.length > 0, snapshot !== null, term !== onDisk.term, vote !== onDisk.vote].some(Boolean);
    },
    "nothing but a commit index": (onDisk, { entries, snapshot, hs }) =>
      !(entries.length === 0 && snapshot === null &&
        (hs === null || (hs.term === onDisk.term && hs.vote === onDisk.vote))),
  },
  wrong: {
    "whenever the hard state has changed": [
      (onDisk, ready) => hasData(onDisk, ready) || ready.hs !== null,
      /a leader that commits an entry\..* only the commit index is new, and that can be heard again/,
    ],
    "only entries": [(_onDisk, { entries }) => entries.length > 0, /Ready of a candidate\. Your rule does not wait/],
    "only the term": [
      (onDisk, ready) => hasData(onDisk, ready) || (ready.hs !== null && ready.hs.term !== onDisk.term),
      /a voter that gives its vote in a term that is on its disk.* its vote is new, and must not be lost/,
    ],
    "only the vote": [
      (onDisk, ready) => hasData(onDisk, ready) || (ready.hs !== null && ready.hs.vote !== onDisk.vote),
      /its term is new, and must not be lost/,
    ],
    "no snapshot": [
      (onDisk, ready) => ready.entries.length > 0 || changed(onDisk, ready),
      /a follower that gets a snapshot.* a snapshot must not be lost/,
    ],
    "whenever a message waits": [
      (onDisk, ready) => hasData(onDisk, ready) || ready.persistedMessages.length > 0,
      /waits for the disk; the crate \(mustSync\) does not wait/,
    ],
    "only if a message waits": [
      (onDisk, ready) => ready.persistedMessages.length > 0 && (hasData(onDisk, ready) || changed(onDisk, ready)),
      /a new leader with its empty entry.* entries must not be lost/,
    ],
    "only the hard state": [changed, /entries must not be lost/],
    "whenever there is something to apply": [
      (onDisk, ready) => hasData(onDisk, ready) || changed(onDisk, ready) || ready.committedEntries.length > 0,
      /the crate \(mustSync\) does not wait for the disk/,
    ],
    "never": [() => false, /^Case 1: .* its term is new/],
    "always": [() => true, /only the commit index is new|there is nothing to store/],
    "no answer": [untyped(() => {}), /answers undefined; an answer is true or false/],
  },
});
