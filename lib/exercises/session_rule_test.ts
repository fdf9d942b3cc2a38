import { match, strictEqual } from "node:assert/strict";
import { testChecker, untyped } from "./exercise_cases.ts";
import { checkSessionRule, type SessionRule } from "./session_rule.ts";
import { whatIsDoneTwice } from "./session_run.ts";

const byNumber: SessionRule = (sessions, { client, request }) => {
  const last = sessions.find((session) => session.client === client)?.request ?? 0;
  if (request > last) return "apply";
  return request === last ? "answer" : "refuse";
};

const always: SessionRule = () => "apply";
const otherThanTheLast: SessionRule = (sessions, incoming) =>
  byNumber(sessions, incoming) === "answer" ? "answer" : "apply";
const onlyTheNext: SessionRule = (sessions, { client, request }) => {
  const last = sessions.find((session) => session.client === client)?.request;
  if (last === undefined || request === last + 1) return "apply";
  return request === last ? "answer" : "refuse";
};
const anyClient: SessionRule = (sessions, { client, request }) => {
  if (sessions.some((last) => last.client === client)) return byNumber(sessions, { client, request });
  return sessions.some((last) => last.request === request) ? "answer" : "apply";
};

testChecker<SessionRule>("the session's check", {
  check: checkSessionRule,
  right: {
    "by the number": byNumber,
    "the new first": (sessions, { client, request }) => {
      const own = sessions.filter((session) => session.client === client);
      if (own.length === 0 || own[0].request < request) return "apply";
      return own[0].request > request ? "refuse" : "answer";
    },
    "as a table": (sessions, { client, request }) => {
      const table = new Map(sessions.map((session) => [session.client, session.request]));
      return (["refuse", "answer", "apply"] as const)[Math.sign(request - (table.get(client) ?? 0)) + 1];
    },
    "in a loop": (sessions, incoming) => {
      for (const { client, request } of sessions) {
        if (client !== incoming.client) continue;
        if (request === incoming.request) return "answer";
        if (request > incoming.request) return "refuse";
      }
      return "apply";
    },
    "what is there, and what was there": (sessions, { client, request }) => {
      const mine = (test: (last: number) => boolean) =>
        sessions.some((last) => last.client === client && test(last.request));
      return mine((last) => last === request) ? "answer" : mine((last) => last > request) ? "refuse" : "apply";
    },
  },
  wrong: {
    "always carried out": [always, /it was carried out already, and its client may still wait/],
    "all but the last": [otherThanTheLast, /request 1 of client \d comes.*long ago/],
    "only the next": [onlyTheNext, /later than what was carried out last, whatever became of those between/],
    "of any client": [anyClient, /asks for the first time/],
    "whatever is old is answered": [
      (sessions, incoming) => byNumber(sessions, incoming) === "apply" ? "apply" : "answer",
      /refuses it: it was carried out, or given up, long ago/,
    ],
    "whatever is old is refused": [
      (sessions, incoming) => byNumber(sessions, incoming) === "apply" ? "apply" : "refuse",
      /answers from memory: it was carried out already/,
    ],
    "who is not known is refused": [
      (sessions, incoming) => sessions.length === 0 ? "refuse" : byNumber(sessions, incoming),
      /The store remembers nobody.*asks for the first time/,
    ],
    "a number": [untyped(() => 1), /answers 1; an answer is "apply", "answer" or "refuse"/],
  },
});

Deno.test("stores that know requests again carry each out once", () => strictEqual(whatIsDoneTwice(byNumber), null));

const WRONG: Readonly<Record<string, readonly [rule: SessionRule, says: RegExp]>> = {
  "carries out whatever comes": [always, /carried out 2 times/],
  "takes another client's request for this one's": [anyClient, /never carried out/],
  "carries out nothing": [() => "answer", /never carried out/],
};

for (const [name, [rule, says]] of Object.entries(WRONG)) {
  Deno.test(`a store that ${name} is found out`, () => match(whatIsDoneTwice(rule) ?? "nothing", says));
}
