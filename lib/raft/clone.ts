/**
 * Copies of a peer, and a text to compare two peers by: to try several futures, or to go back in time.
 *
 * The copies share what never changes once it is made: messages, entries and snapshots.
 *
 * @module
 */
import type { Raft, Role } from "./state.ts";
import type { Storage } from "./storage.ts";

/** A copy of `raft` that changes on its own; `storage` is a copy of its storage. */
export function cloneRaft(raft: Raft, storage: Storage): Raft {
  const [messages, readStates] = [raft.messages.slice(), raft.readStates.slice()];
  return { ...raft, log: raft.log.clone(storage), role: cloneRole(raft.role), messages, readStates };
}

function cloneRole(role: Role): Role {
  switch (role.kind) {
    case "follower":
      return role;
    case "preCandidate":
    case "candidate":
      return { ...role, votes: new Map(role.votes) };
    case "leader":
      return {
        ...role,
        tracker: new Map(Array.from(role.tracker, ([id, progress]) => [id, progress.clone()])),
        pendingReads: role.pendingReads.map((read) => ({ ...read, acks: new Map(read.acks) })),
      };
  }
}

/**
 * A text that is the same for two states exactly if they are equal. Their `Config`s and what their storages hold do not
 * count.
 */
export function fingerprint(state: object): string {
  return JSON.stringify(state, (key, value) => {
    if (key === "config" || key === "storage") return undefined;
    if (value instanceof Map) return [...value];
    return value instanceof Uint8Array ? Array.from(value) : value;
  });
}
