import { deepStrictEqual, match, throws } from "node:assert/strict";
import fc from "fast-check";
import { Codec, type Command } from "./command.ts";
import { type EntryOutcome, KvStore, StateError } from "./state_machine.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const pair = fc.tuple(
  fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "é", "\ud83d\ude00")),
  fc.string(),
);

Deno.test("a Put sets a value and says what was there", () => {
  const store = new KvStore();
  const put = (value: string) => store.apply({ kind: "Put", key: "x", value });
  deepStrictEqual(put("1"), { kind: "Put", key: "x", value: "1", previous: null });
  deepStrictEqual(put("2"), { kind: "Put", key: "x", value: "2", previous: "1" });
  deepStrictEqual(store.pairs(), [["x", "2"]]);
});

Deno.test("a Delete removes a key and says what was there", () => {
  const store = new KvStore([["x", "1"], ["y", "2"]]);
  deepStrictEqual(store.apply({ kind: "Delete", key: "x" }), { kind: "Delete", key: "x", previous: "1" });
  deepStrictEqual(store.apply({ kind: "Delete", key: "x" }), { kind: "Delete", key: "x", previous: null });
  deepStrictEqual(store.pairs(), [["y", "2"]]);
});

Deno.test("a Get is answered as of its own place in the log", () => {
  const store = new KvStore();
  const get: Command = { kind: "Get", key: "x" };
  const put = (value: string): Command => ({ kind: "Put", key: "x", value });
  const log: Command[] = [get, put("1"), get, put(""), get, { kind: "Delete", key: "x" }, get];
  const outcomes = log.map((command) => store.applyEntry(Codec.encode(command)));
  const gets = outcomes.filter((outcome) => outcome.kind === "Get");
  deepStrictEqual(gets.map(({ value }) => value), [null, "1", "", null]);
});

Deno.test("the empty entry of a new leader changes nothing", () => {
  const store = new KvStore([["x", "1"]]);
  deepStrictEqual(store.applyEntry(new Uint8Array()), { kind: "Empty" });
  deepStrictEqual(store.pairs(), [["x", "1"]]);
});

Deno.test("an entry that holds no command is rejected with a reason, and changes nothing", () => {
  const store = new KvStore([["x", "1"]]);
  const reasonFor = (data: Uint8Array) => {
    const outcome: EntryOutcome = store.applyEntry(data);
    return outcome.kind === "Rejected" ? outcome.reason : outcome.kind;
  };
  match(reasonFor(bytes("not JSON")), /bytes: must be JSON/);
  match(reasonFor(bytes('{"kind":"Put","key":"x"}')), /value/);
  match(reasonFor(bytes('{"kind":"Delete","key":""}')), /key/);
  deepStrictEqual(store.pairs(), [["x", "1"]]);
});

Deno.test("whatever bytes are committed, applying them never throws, and two replicas do the same", () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.uint8Array(), fc.json().map(bytes))), (log) => {
    const one = new KvStore(), other = new KvStore();
    deepStrictEqual(log.map((data) => one.applyEntry(data)), log.map((data) => other.applyEntry(data)));
    deepStrictEqual(one.snapshot(), other.snapshot());
  }));
});

Deno.test("equal states give equal snapshot bytes, whatever the order in which they came about", () => {
  fc.assert(fc.property(fc.uniqueArray(pair, { selector: ([k]) => k }), fc.nat(), (pairs, by) => {
    const turned = pairs.map((_, i) => pairs[(i + by) % pairs.length]).reverse();
    const other = new KvStore(turned);
    other.apply({ kind: "Put", key: "passing", value: "1" });
    other.apply({ kind: "Delete", key: "passing" });
    const expected = new KvStore(pairs.filter(([k]) => k !== "passing"));
    deepStrictEqual(other.snapshot(), expected.snapshot());
  }));
});

Deno.test("a snapshot restores the store it was made of", () => {
  fc.assert(fc.property(fc.array(pair), (pairs) => {
    const store = new KvStore(pairs);
    deepStrictEqual(KvStore.restore(store.snapshot()).pairs(), store.pairs());
  }));
});

Deno.test("bytes that are no snapshot are not restored, and the error says so", () => {
  for (const text of ["", "{}", "null", '["x"]', '[["x"]]', '[["x",1]]', '[["x","1","2"]]', '[["x","1"]']) {
    throws(() => KvStore.restore(bytes(text)), StateError);
    throws(() => KvStore.restore(bytes(text)), /^StateError: Cannot restore a store: /);
  }
  throws(() => KvStore.restore(new Uint8Array([...bytes('[["'), 0xff, ...bytes('","1"]]')])), StateError);
  throws(() => KvStore.restore(bytes('[["x","1"],["x","2"]]')), StateError);
});
