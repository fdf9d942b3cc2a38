import { testChecker, untyped } from "./exercise_cases.ts";
import { type ChangeRule, checkChangeRule } from "./takes_change.ts";

testChecker<ChangeRule>("may this change be taken now", {
  check: checkChangeRule,
  right: {
    "one question after the other": ({ lastChange, applied, isJoint, leavesJoint, hasCommitted }) => {
      if (!hasCommitted) return "refuse";
      if (lastChange > applied) return "empty";
      return isJoint === leavesJoint ? "append" : "empty";
    },
    "in one expression": ({ lastChange, applied, isJoint, leavesJoint, hasCommitted }) =>
      !hasCommitted ? "refuse" : lastChange <= applied && isJoint === leavesJoint ? "append" : "empty",
    "what stands in its way": (view) => {
      const isOnItsWay = view.applied < view.lastChange;
      const doesNotFit = view.isJoint ? !view.leavesJoint : view.leavesJoint;
      if (view.hasCommitted) return isOnItsWay || doesNotFit ? "empty" : "append";
      return "refuse";
    },
    "case by case": ({ lastChange, applied, isJoint, leavesJoint, hasCommitted }) => {
      if (hasCommitted && lastChange <= applied && isJoint && leavesJoint) return "append";
      if (hasCommitted && lastChange <= applied && !isJoint && !leavesJoint) return "append";
      return hasCommitted ? "empty" : "refuse";
    },
    "as a list of reasons": ({ lastChange, applied, isJoint, leavesJoint, hasCommitted }) => {
      const reasons = [lastChange > applied, isJoint && !leavesJoint, !isJoint && leavesJoint];
      return hasCommitted ? (reasons.includes(true) ? "empty" : "append") : "refuse";
    },
  },
  wrong: {
    "always": [() => "append", /answers "append"; the library answers "empty": there is no joint configuration to end/],
    "never": [() => "empty", /answers "append": nothing stands in its way/],
    "own commit is not asked": [
      ({ lastChange, applied, isJoint, leavesJoint }) =>
        lastChange > applied || isJoint !== leavesJoint ? "empty" : "append",
      /has committed nothing in its term.*"refuse": it may not know yet what an earlier leader has begun/,
    ],
    "a change that is applied is still on its way": [
      ({ lastChange, applied, isJoint, leavesJoint, hasCommitted }) =>
        !hasCommitted ? "refuse" : lastChange >= applied || isJoint !== leavesJoint ? "empty" : "append",
      /applied up to index 0; there is no change in its log.*"append"/,
    ],
    "the end of a joint configuration may always be asked for": [
      ({ lastChange, applied, isJoint, leavesJoint, hasCommitted }) =>
        !hasCommitted ? "refuse" : lastChange > applied || isJoint && !leavesJoint ? "empty" : "append",
      /there is no joint configuration to end/,
    ],
    "in a joint configuration, everything": [
      ({ lastChange, applied, isJoint, leavesJoint, hasCommitted }) =>
        !hasCommitted ? "refuse" : lastChange > applied || !isJoint && leavesJoint ? "empty" : "append",
      /a joint configuration must end first/,
    ],
    "a second change is refused": [
      ({ lastChange, applied, isJoint, leavesJoint, hasCommitted }) =>
        !hasCommitted || lastChange > applied ? "refuse" : isJoint === leavesJoint ? "append" : "empty",
      /answers "refuse"; the library answers "empty": the change at index 1 is not applied yet/,
    ],
    "yes or no": [untyped(() => true), /answers true; an answer is "append", "empty" or "refuse"/],
    "nothing": [untyped(() => {}), /answers undefined/],
  },
});
