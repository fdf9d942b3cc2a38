import { testChecker, untyped } from "./exercise_cases.ts";
import { resetsTimer } from "./rules_cases.ts";
import { checkTimer, type TimerRule } from "./timer.ts";

testChecker<TimerRule>("the timer", {
  check: checkTimer,
  right: {
    "what does not count first": resetsTimer,
    "a list of the leader's messages": ({ what, term, currentTerm, says }) =>
      what === "campaign" || (term >= currentTerm &&
        (["Append", "Heartbeat", "Snapshot"].includes(what) || (what === "RequestVote" && says === "yes"))),
    "by kind": ({ what, term, currentTerm, says }) => {
      switch (what) {
        case "campaign":
          return true;
        case "Append":
        case "Heartbeat":
        case "Snapshot":
          return currentTerm <= term;
        case "RequestVote":
          return says === "yes";
        default:
          return false;
      }
    },
    "without answers": ({ what, term, currentTerm, says }) =>
      !(term < currentTerm) && !what.endsWith("Response") && (what !== "RequestVote" || says === "yes"),
    "whatever a refused vote of a higher term does": (event) =>
      resetsTimer(event) || (event.what === "RequestVote" && event.term > event.currentTerm),
  },
  wrong: {
    "any message": [() => true, /RequestVote of term 1; asked for its vote, it says no.* only a vote that is given/],
    "any message of its term": [
      ({ term, currentTerm }) => term >= currentTerm,
      /only a vote that is given restarts the timer/,
    ],
    "an older leader's message": [
      (event) => resetsTimer({ ...event, term: event.currentTerm }),
      /Append of term 1\. Your rule restarts the timer; Raft lets the timer run on: a message of an older term is dropped/,
    ],
    "only what is accepted": [
      (event) => resetsTimer(event) && event.says !== "no",
      /Append of term 1; asked to hold entries, it says no.* the leader of the term is alive, whatever the answer/,
    ],
    "not a vote that is given": [
      (event) => event.what !== "RequestVote" && resetsTimer(event),
      /Raft restarts the timer: only a vote that is given/,
    ],
    "heartbeats only": [({ what }) => what === "campaign" || what === "Heartbeat", /Append of term 1/],
    "not its own campaign": [
      (event) => event.what !== "campaign" && resetsTimer(event),
      /begins an election, in term 2\. Your rule lets the timer run on/,
    ],
    "answers, too": [
      (event) => resetsTimer(event) || (event.what === "AppendResponse" && event.term === event.currentTerm),
      /an answer says nothing of a leader/,
    ],
    "nothing restarts it": [() => false, /^Case 1: /],
    "no answer": [untyped(() => {}), /answers undefined; an answer is true or false/],
  },
});
