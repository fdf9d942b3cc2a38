import { match, strictEqual } from "node:assert/strict";
import { checkBytes, checkRecovery, type FindFrame, type Recovery } from "./damaged_log.ts";

Deno.test("find the byte: bytes from the middle of a part and from its edges", () => {
  const right = [[500, 820, 840], [0, 808, 804], [803, 831, 832], [79, 808, 849], [316, 815, 807]];
  for (const [both, onlyTorn, neither] of right) strictEqual(checkBytes({ both, onlyTorn, neither }), null, `${both}`);
});

Deno.test("find the byte: what has more behind it, what tells the length, what is no byte", () => {
  const wrong: [bytes: number[], says: RegExp][] = [
    [[500, 820, 700], /byte 700 for neither, and it is one for both/],
    [[500, 840, 804], /byte 840 for onlyTorn, and it is one for neither/],
    [[500, 820, 567], /byte 567 for neither, and it is one for both/],
    [[820, 820, 840], /byte 820 for both, and it is one for onlyTorn/],
    [[500, 820, 850], /850 is no byte of both logs/],
    [[-1, 820, 840], /-1 is no byte/],
    [[1.5, 820, 840], /1.5 is no byte/],
  ];
  for (const [[both, onlyTorn, neither], says] of wrong) {
    match(checkBytes({ both, onlyTorn, neither }) ?? "right", says);
  }
});

function endOfChain(frame: FindFrame): number {
  const found = frame(316);
  return found === null ? 316 : chainFrom(frame, 316 + found.length);
}

function chainFrom(frame: FindFrame, end: number): number {
  for (let found = frame(end); found !== null; found = frame(end)) end += found.length;
  return end;
}

/** How many frames there are before `end`, the first among them. */
function countTo(frame: FindFrame, end: number): number {
  let count = 1;
  for (let at = 316; at < end; at += frame(at)?.length ?? end) count++;
  return count;
}

/** A recovery that compares the head at the end in one way, and takes fewer bytes than `most` before zeros for torn. */
function endsBy(isTorn: (length: number, rest: number) => boolean, most: number): Recovery {
  return ({ length, zerosFrom, frame, head }) => {
    const end = endOfChain(frame), rest = length - end, next = countTo(frame, end) + 1;
    const last = rest > 28 ? head(length - 24) : null, first = head(end + 4);
    if (last !== null) return last.number === next && isTorn(last.length, rest) ? end : "refuse";
    if (first !== null) return first.number === next && rest <= first.length ? end : "refuse";
    return zerosFrom - end < most ? end : "refuse";
  };
}

const RIGHT: Record<string, Recovery> = {
  "asks the head at the end first": ({ length, zerosFrom, frame, head }) => {
    const end = endOfChain(frame), left = length - end, next = countTo(frame, end) + 1;
    const first = head(end + 4), last = left > 28 ? head(length - 24) : null;
    if (last !== null) return last.number === next && last.length === left ? end : "refuse";
    if (first !== null) return first.number === next && left <= first.length ? end : "refuse";
    return zerosFrom - end < 28 ? end : "refuse";
  },
  "one condition": ({ length, zerosFrom, frame, head }) => {
    let end = 316, next = 2;
    for (let found = frame(end); found !== null; found = frame(end), next++) end += found.length;
    const left = length - end, first = head(end + 4), last = left > 28 ? head(length - 24) : null;
    const isTorn = last
      ? last.number === next && last.length === left
      : first
      ? first.number === next && left <= first.length
      : zerosFrom - end < 28;
    return isTorn ? end : "refuse";
  },
  "counts by the frames' own numbers": ({ length, zerosFrom, frame, head }) => {
    let end = 316, number = 1;
    for (;;) {
      const found = frame(end);
      if (found === null) break;
      number = found.number;
      end += found.length;
    }
    if (end === length) return end;
    const tail = length - end;
    const fits = (found: { number: number }) => found.number === number + 1;
    const atEnd = tail > 28 ? head(length - 24) : null;
    if (atEnd !== null) return fits(atEnd) && atEnd.length === tail ? end : "refuse";
    const atBegin = head(end + 4);
    if (atBegin !== null) return fits(atBegin) && atBegin.length >= tail ? end : "refuse";
    return zerosFrom <= end + 27 ? end : "refuse";
  },
  "recursive": ({ length, zerosFrom, frame, head }) => {
    const from = (at: number, next: number): number | "refuse" => {
      const found = frame(at);
      if (found !== null) return from(at + found.length, next + 1);
      const last = length - at > 28 ? head(length - 24) : null, first = head(at + 4);
      const said = last ?? first;
      if (said === null) return zerosFrom - at >= 28 ? "refuse" : at;
      if (said.number !== next) return "refuse";
      return (last === null ? length - at <= said.length : length - at === said.length) ? at : "refuse";
    };
    return from(316, 2);
  },
  "says early what is whole": ({ length, zerosFrom, frame, head }) => {
    const end = endOfChain(frame);
    if (end === length) return length;
    const next = countTo(frame, end) + 1, left = length - end;
    const candidates = [left > 28 ? head(length - 24) : null, head(end + 4)];
    const found = candidates.find((candidate) => candidate !== null);
    if (!found) return zerosFrom - end < 28 ? end : "refuse";
    const isLong = candidates[0] === null ? left > found.length : left !== found.length;
    return isLong || found.number !== next ? "refuse" : end;
  },
};

Deno.test("write the recovery: several ways to write it", () => {
  for (const [name, recovery] of Object.entries(RIGHT)) strictEqual(checkRecovery(recovery), null, name);
});

Deno.test("write the recovery: what stops at the break, refuses every break, jumps over it, or asks one end only", () => {
  const wrong: [recovery: Recovery, says: RegExp][] = [
    [({ frame }) => endOfChain(frame), /frame 5 a second time .*you said 892; it must be refused: /],
    [
      ({ length, frame }) => endOfChain(frame) === length ? length : "refuse",
      /4096 zeros .*you said refuse; it is 892/,
    ],
    [({ length, frame }) => {
      let end = 316;
      for (let at = end; at < length; at++) end = Math.max(end, at + (frame(at)?.length ?? -at));
      return end;
    }, /you said 892; it must be refused/],
    [({ length, frame }) => {
      const end = endOfChain(frame);
      for (let at = end + 1; at < length; at++) if (frame(at) !== null) return "refuse";
      return end;
    }, /you said 892; it must be refused/],
    [({ length, zerosFrom, frame, head }) => {
      const end = endOfChain(frame), first = head(end + 4);
      return (first === null ? zerosFrom - end < 28 : length - end <= first.length) ? end : "refuse";
    }, /its first half zeros .*you said refuse; it is 892/],
    [endsBy((head, rest) => head >= rest, 28), /frame 6 without its first 10 bytes .*must be refused/],
    [endsBy((head, rest) => head === rest, 29), /28 bytes of 7, then zeros .*must be refused/],
    [() => 316, /you said 316/],
    [() => "refuse", /you said refuse/],
  ];
  for (const [recovery, says] of wrong) match(checkRecovery(recovery) ?? "right", says);
});
