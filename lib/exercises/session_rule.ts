/**
 * The reader writes the check by which a store carries out each request once (thesis §6.3).
 *
 * @module
 */
import type { RequestId } from "../command.ts";
import { KvStore, type Session } from "../state_machine.ts";
import { firstDifferenceOf, seededCases } from "./cases.ts";

/** What a store remembers of a client: the last of its requests that was carried out, and what was answered. */
export interface Remembered extends RequestId {
  /** The answer. */
  readonly answer: string;
}

/** What is done with a request: carried out; not again, but answered from memory; or neither. */
export type SessionVerdict = "apply" | "answer" | "refuse";

/** What a store that remembers `sessions`, at most one for each client, does with `incoming`. */
export type SessionRule = (sessions: Remembered[], incoming: RequestId) => SessionVerdict;

type Case = readonly [sessions: Remembered[], incoming: RequestId];

const VERDICTS: readonly unknown[] = ["apply", "answer", "refuse"] satisfies SessionVerdict[];

const DOES: Readonly<Record<SessionVerdict, string>> = {
  apply: "carries it out",
  answer: "answers from memory",
  refuse: "refuses it",
};

/**
 * Compare a check of requests with the library's store.
 *
 * @returns The first case in which it differs; `null` if there is none.
 *
 * @example
 * ```ts
 * import { checkSessionRule, exercise } from "hello-raft";
 *
 * exercise("the session's check", () => "apply" as const, checkSessionRule); // not yet, and why
 * ```
 */
export function checkSessionRule(attempt: SessionRule): string | null {
  return firstDifferenceOf<Case, SessionVerdict>(([sessions, incoming]) => attempt(sessions, incoming), {
    cases: cases(),
    right: verdictOf,
    kind: '"apply", "answer" or "refuse"',
    isAnswer: (said) => VERDICTS.includes(said),
    told: ([sessions, { client, request }]) => {
      const remembered = sessions.map(({ client, request }) => `request ${request} of client ${client}`);
      return `The store remembers ${
        remembered.join(" and ") || "nobody"
      }; request ${request} of client ${client} comes.`;
    },
    does: (verdict) => DOES[verdict],
    who: "the library's store",
    why,
  });
}

function why([sessions, { client, request }]: Case): string {
  const last = sessions.find((session) => session.client === client)?.request;
  if (last === undefined) return `client ${client} asks for the first time`;
  if (request === last) return "it was carried out already, and its client may still wait for the answer";
  return request > last
    ? "it is later than what was carried out last, whatever became of those between"
    : "it was carried out, or given up, long ago: its client has asked for something else since, and waits for this no more";
}

const cases = () =>
  seededCases(9, 6000, (random): Case[] => {
    const order = random(0, 2) === 0 ? [1, 2, 3] : [3, 1, 2];
    const clients = order.filter(() => random(0, 2) === 0);
    const sessions = clients.map((client) => ({ client, request: random(1, 9), answer: "abc"[random(0, 3)] }));
    return [[sessions, { client: random(1, 4), request: random(1, 10) }]];
  });

/** What the library's store does. */
function verdictOf([sessions, by]: Case): SessionVerdict {
  const known = sessions.map(({ client, request, answer }): Session => ({
    client,
    request,
    outcome: { kind: "Get", key: "x", value: answer },
  }));
  const outcome = new KvStore([], known).apply({ kind: "Put", key: "x", value: "new", by });
  if (outcome.kind !== "Repeated") return "apply";
  return outcome.outcome === null ? "refuse" : "answer";
}
