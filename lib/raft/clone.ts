/**
 * Copies of a peer, and how two peers are told apart: for whoever tries several futures, or goes back in time.
 *
 * What never changes once it is made, as messages, entries and snapshots, is shared between the copies.
 *
 * @module
 */
import type { Raft, Role } from "./state.ts";
import type { Storage } from "./storage.ts";

/** A copy of `raft` that changes on its own; `storage` is a copy of its storage. */
export function cloneRaft(raft: Raft, storage: Storage): Raft {
  return { ...raft, log: raft.log.clone(storage), role: cloneRole(raft.role), messages: raft.messages.slice() };
}

function cloneRole(role: Role): Role {
  switch (role.kind) {
    case "follower":
      return role;
    case "candidate":
      return { ...role, votes: new Map(role.votes) };
    case "leader":
      return { ...role, tracker: new Map(Array.from(role.tracker, ([id, progress]) => [id, progress.clone()])) };
  }
}

/**
 * A text that is the same for two states exactly if they are equal: their configurations in the sense of `Config`, and what
 * their storages hold, are left out.
 */
export function fingerprint(state: object): string {
  return JSON.stringify(state, (key, value) => {
    if (key === "config" || key === "storage") return undefined;
    if (value instanceof Map) return [...value];
    return value instanceof Uint8Array ? Array.from(value) : value;
  });
}
