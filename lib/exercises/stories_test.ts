import type { Step } from "../scenario/schema.ts";
import { testChecker, untyped } from "./exercise_cases.ts";
import { type Care, checkReturn, checkTwoOfFive } from "./stories.ts";

const elect: Step = { do: "runUntil", until: { is: "leader" } };
const stopTwo: Step = { do: "stop", nodes: ["leader", "follower 1"] };
const later: Step = { do: "run", ticks: 10 };
const askFollower: Step = { do: "propose", to: "follower 1" };
const put = (key: string): Step => ({ do: "propose", command: { kind: "Put", key, value: "a" } });

testChecker<Step[]>("two of five", {
  check: checkTwoOfFive,
  right: {
    "a leader, two stops, another leader": [elect, stopTwo, elect, { do: "propose" }, later],
    "a follower is asked": [elect, stopTwo, elect, { do: "run", ticks: 5 }, askFollower, later],
    "one leader after the other": [
      elect,
      { do: "stop", nodes: "leader" },
      elect,
      { do: "stop", nodes: "leader" },
      elect,
      put("y"),
      later,
    ],
    "three stop, and one is started again": [
      elect,
      { do: "stop", nodes: ["leader", "follower 1", "follower 2"] },
      { do: "restart", nodes: 1 },
      { do: "run", ticks: 60 },
      { do: "propose" },
      later,
    ],
    "a first Put before the stops": [elect, put("y"), later, stopTwo, elect, put("z"), later],
    "a wait in place of a condition": [
      { do: "run", ticks: 40 },
      stopTwo,
      { do: "run", ticks: 60 },
      { do: "propose" },
      later,
    ],
  },
  wrong: {
    "three": [
      [elect, { do: "stop", nodes: ["leader", "follower 1", "follower 2"] }, elect, { do: "propose" }],
      /^It went wrong at tick/,
    ],
    "followers only": [
      [elect, { do: "stop", nodes: ["follower 1", "follower 2"] }, { do: "propose" }, later],
      /Neither of the two ever led/,
    ],
    "asked too early": [[elect, stopTwo, { do: "propose" }], /^It went wrong at tick .*there is no "leader"/],
    "no time": [[elect, stopTwo, elect, { do: "propose" }], /The Put is in a log, and nobody has applied it/],
    "a Get": [
      [elect, stopTwo, elect, { do: "propose", command: { kind: "Get", key: "x" } }, later],
      /nobody is asked for a Put/,
    ],
    "a follower that knows no leader": [
      [elect, stopTwo, elect, askFollower, later],
      /knows no leader, and does not take it/,
    ],
    "a follower that believes in the leader that has stopped": [
      [elect, { do: "run", ticks: 5 }, stopTwo, askFollower, { do: "run", ticks: 60 }],
      /No log holds the Put/,
    ],
    "a Put before the stops": [
      [elect, put("x"), later, { do: "stop", nodes: ["leader", 1] }],
      /nobody is asked for a Put/,
    ],
    "one stop": [
      [elect, { do: "stop", nodes: "leader" }, elect, { do: "propose" }, later],
      /1 of the five are stopped/,
    ],
    "a step that is none": [untyped([{ do: "explode" }]), /^Cannot play your-steps/],
    "no list": [untyped(elect), /it takes a list of steps/],
  },
});

const care = (before: readonly Step[], after: readonly Step[]): Care => ({ before, after });
const pause = (nodes: 2 | 3 | "all" | number[]): Step => ({ do: "pauseClock", nodes });
const resume = (nodes: 2 | 3 | "all"): Step => ({ do: "resumeClock", nodes });

testChecker<Care>("a gentle return", {
  check: checkReturn,
  right: {
    "its clock is paused": care([pause(2)], [resume(2)]),
    "it is stopped": care([{ do: "stop", nodes: 2 }], [{ do: "restart", nodes: 2 }]),
    "it hears something before its clock goes on": care([pause(2)], [{ do: "run", ticks: 5 }, resume(2)]),
    "by another word": care([{ do: "pauseClock", nodes: "follower 1" }], [{ do: "resumeClock", nodes: "follower 1" }]),
    "both": care([pause(2), { do: "stop", nodes: 2 }], [{ do: "restart", nodes: 2 }, resume(2)]),
    "it is restarted on the way": care([pause(2)], [{ do: "stop", nodes: 2 }, { do: "restart", nodes: 2 }, resume(2)]),
  },
  wrong: {
    "nothing": [care([], []), /Somebody campaigns: in the end there is a term 5/],
    "the longest timeout": [
      care([{ do: "fixTimeout", nodes: 2, ticks: 19 }], [{ do: "fixTimeout", nodes: 2, ticks: null }]),
      /Somebody campaigns/,
    ],
    "all clocks are paused": [
      care([pause("all")], [resume("all")]),
      /Node 1's clock is paused as well: then the cluster does not work while node 2 is away/,
    ],
    "another clock is paused": [care([pause([2, 3])], [resume(2), resume(3)]), /Node 3's clock is paused as well/],
    "another node stops": [
      care([pause(2), { do: "stop", nodes: 3 }], [{ do: "restart", nodes: 3 }, resume(2)]),
      /Node 3 is stopped as well/,
    ],
    "the others are cut off": [
      care([pause(2), { do: "cut", from: 1, to: 3 }, pause(2)], [resume(2)]),
      /campaigns|not committed/,
    ],
    "its clock stays paused": [care([pause(2)], []), /Node 2's clock is still paused/],
    "a restart does not resume a clock": [
      care([pause(2)], [{ do: "stop", nodes: 2 }, { do: "restart", nodes: 2 }]),
      /Node 2's clock is still paused/,
    ],
    "it stays stopped": [care([{ do: "stop", nodes: 2 }], []), /Node 2 is still stopped/],
    "it is cut off again": [
      care([pause(2)], [{ do: "cut", from: 2, to: "all" }, resume(2), { do: "run", ticks: 2 }, {
        do: "pauseClock",
        nodes: 2,
      }]),
      /Node 2's clock is still paused/,
    ],
    "its messages stay lost": [care([pause(2)], [{ do: "cut", from: 1, to: 2 }, pause(2)]), /Node 2/],
    "node 1 campaigns": [care([], [{ do: "campaign", nodes: 1 }]), /Somebody campaigns/],
    "one list": [untyped([pause(2)]), /it takes two lists of steps/],
  },
});
