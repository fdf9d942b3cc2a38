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

const putBy = (client: number, request: number, value: string): Command => {
  return { kind: "Put", key: "x", value, by: { client, request } };
};

Deno.test("a request that is sent again is applied once, and answered with what it did then", () => {
  const store = new KvStore([["x", "0"]]);
  const by = { client: 1, request: 1 };
  const did = { kind: "Put", key: "x", value: "1", previous: "0" };
  deepStrictEqual(store.apply(putBy(1, 1, "1")), did);
  store.apply({ kind: "Put", key: "x", value: "2" });
  deepStrictEqual(store.apply(putBy(1, 1, "1")), { kind: "Repeated", by, outcome: did });
  deepStrictEqual(store.pairs(), [["x", "2"]]);
});

Deno.test("what a Get found is its answer, even if the key has another value when it comes again", () => {
  const store = new KvStore([["x", "0"]]);
  const get = { kind: "Get", key: "x", by: { client: 1, request: 1 } } as const;
  const did = store.apply(get);
  store.apply({ kind: "Put", key: "x", value: "1" });
  deepStrictEqual(store.apply(get), { kind: "Repeated", by: get.by, outcome: did });
  deepStrictEqual(did, { kind: "Get", key: "x", value: "0" });
});

Deno.test("a request older than the client's last one is not applied, and its answer is not known any more", () => {
  const store = new KvStore();
  store.apply(putBy(1, 1, "1"));
  store.apply(putBy(1, 3, "3"));
  for (const request of [1, 2]) {
    const repeated = { kind: "Repeated", by: { client: 1, request }, outcome: null };
    deepStrictEqual(store.apply(putBy(1, request, "late")), repeated);
  }
  deepStrictEqual(store.pairs(), [["x", "3"]]);
});

Deno.test("clients number their requests each for itself, and without a number every entry counts", () => {
  const store = new KvStore();
  const commands = [
    putBy(2, 1, "a"),
    putBy(1, 1, "b"),
    putBy(2, 2, "c"),
    { kind: "Put", key: "x", value: "d" } as const,
  ];
  deepStrictEqual(commands.map((command) => store.apply(command).kind), Array(4).fill("Put"));
  store.apply({ kind: "Put", key: "x", value: "e" });
  deepStrictEqual(store.apply({ kind: "Put", key: "x", value: "d" }), {
    kind: "Put",
    key: "x",
    value: "d",
    previous: "e",
  });
  deepStrictEqual(store.sessions().map(({ client, request }) => [client, request]), [[1, 1], [2, 2]]);
});

Deno.test("a store that is restored from a snapshot knows the requests that were applied before", () => {
  const store = new KvStore();
  store.apply(putBy(3, 2, "1"));
  store.apply({ kind: "Put", key: "x", value: "2" });
  const restored = KvStore.restore(store.snapshot());
  deepStrictEqual(restored.sessions(), store.sessions());
  deepStrictEqual(restored.apply(putBy(3, 2, "1")), store.apply(putBy(3, 2, "1")));
  deepStrictEqual(restored.pairs(), [["x", "2"]]);
});

Deno.test("equal states give equal bytes, in whatever order clients came", () => {
  const [one, other] = [new KvStore(), new KvStore()];
  const of = (client: number): Command => ({ kind: "Delete", key: "x", by: { client, request: 1 } });
  for (const client of [1, 10, 2]) one.apply(of(client));
  for (const client of [2, 1, 10]) other.apply(of(client));
  deepStrictEqual(one.snapshot(), other.snapshot());
});

/** What a snapshot of this state would be. */
const stateOf = (pairs: unknown, sessions: unknown) => bytes(JSON.stringify({ pairs, sessions }));
const SESSION = { client: 1, request: 1, outcome: { kind: "Get", key: "x", value: null } };

const NO_STATES: [what: string, bytes: Uint8Array][] = [
  ...["", "{}", "null", "[]", '[["x","1"]]', '{"pairs":[],"sessions":[]'].map((
    text,
  ): [string, Uint8Array] => [text, bytes(text)]),
  ["no UTF-8", new Uint8Array([...bytes('{"pairs":[["'), 0xff, ...bytes('","1"]],"sessions":[]}')])],
  ["a field too many", bytes('{"pairs":[],"sessions":[],"more":1}')],
  ["pairs without sessions", bytes('{"pairs":[]}')],
  ["a key without a value", stateOf([["x"]], [])],
  ["a value that is no text", stateOf([["x", 1]], [])],
  ["a pair of three", stateOf([["x", "1", "2"]], [])],
  ["a key twice", stateOf([["x", "1"], ["x", "2"]], [])],
  ["a client twice", stateOf([], [SESSION, { ...SESSION, request: 2 }])],
  ["a client that is no number", stateOf([], [{ ...SESSION, client: "1" }])],
  ["a request 0", stateOf([], [{ ...SESSION, request: 0 }])],
  ["a session without an outcome", stateOf([], [{ client: 1, request: 1 }])],
  ["an outcome that no command has", stateOf([], [{ ...SESSION, outcome: { kind: "Empty" } }])],
];

for (const [what, data] of NO_STATES) {
  Deno.test(`bytes that are no state are not restored, and the error says so: ${what}`, () => {
    throws(() => KvStore.restore(data), StateError);
    throws(() => KvStore.restore(data), /^StateError: Cannot restore a store: /);
  });
}

Deno.test("what differs from those in nothing else is restored", () => {
  const state = { pairs: [["x", "1"], ["y", "2"]], sessions: [SESSION, { ...SESSION, client: 2 }] };
  const restored = KvStore.restore(stateOf(state.pairs, state.sessions));
  deepStrictEqual([restored.pairs(), restored.sessions()], [state.pairs, state.sessions]);
});
