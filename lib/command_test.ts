import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { Codec, type Command, CommandError } from "./command.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** Any text, halves of surrogate pairs and all. */
const text = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));
const key = text.filter((k) => k !== "");
const by = fc.record({ client: fc.integer({ min: 1 }), request: fc.integer({ min: 1 }) }, { noNullPrototype: true });
const asked: fc.Arbitrary<Command> = fc.oneof(
  fc.tuple(key, text).map(([key, value]) => ({ kind: "Put" as const, key, value })),
  key.map((key) => ({ kind: "Delete" as const, key })),
  key.map((key) => ({ kind: "Get" as const, key })),
);
const command: fc.Arbitrary<Command> = fc.oneof(
  asked,
  fc.tuple(asked, by).map(([command, by]) => ({ ...command, by })),
);

function refuses(field: string, call: () => unknown): void {
  throws(call, (error: unknown) => {
    strictEqual(error instanceof CommandError && error.field, field, String(error));
    strictEqual(String(error).startsWith(`CommandError: Cannot read a command: ${field}: `), true, String(error));
    return true;
  });
}

Deno.test("a command comes back from its bytes as it was", () => {
  fc.assert(fc.property(command, (original) => {
    deepStrictEqual(Codec.decode(Codec.encode(original)), original);
  }));
});

Deno.test("the bytes of a command are a small JSON object", () => {
  const encoded = Codec.encode({ kind: "Put", key: "x", value: "1" });
  strictEqual(new TextDecoder().decode(encoded), '{"kind":"Put","key":"x","value":"1"}');
});

Deno.test("whose request it is stands in the bytes, if it is said", () => {
  const encoded = Codec.encode({ kind: "Get", key: "x", by: { client: 2, request: 7 } });
  strictEqual(new TextDecoder().decode(encoded), '{"kind":"Get","key":"x","by":{"client":2,"request":7}}');
});

Deno.test("whatever the bytes are, decoding gives a command or a CommandError", () => {
  const json = fc.json().map(bytes);
  fc.assert(fc.property(fc.oneof(fc.uint8Array(), json), (data) => {
    try {
      deepStrictEqual(Codec.decode(Codec.encode(Codec.decode(data))), Codec.decode(data));
    } catch (error) {
      strictEqual(error instanceof CommandError, true, String(error));
    }
  }));
});

const CASES: [what: string, field: string, data: Uint8Array][] = [
  ["no bytes", "bytes", bytes("")],
  ["malformed JSON", "bytes", bytes('{"kind":"Get","key":"x"')],
  ["bad UTF-8 around the fields", "bytes", new Uint8Array([0xff, 0xfe])],
  ["bad UTF-8 within a field", "bytes", new Uint8Array([...bytes('{"kind":"Get","key":"'), 0xc3, ...bytes('"}')])],
  ["null", "bytes", bytes("null")],
  ["a number", "bytes", bytes("3")],
  ["a list", "bytes", bytes('["Get","x"]')],
  ["no kind", "kind", bytes('{"key":"x"}')],
  ["an unknown kind", "kind", bytes('{"kind":"Increment","key":"x"}')],
  ["a kind that every object inherits", "kind", bytes('{"kind":"toString","key":"x"}')],
  ["a kind of the wrong type", "kind", bytes('{"kind":1,"key":"x"}')],
  ["a Get without a key", "key", bytes('{"kind":"Get"}')],
  ["a Put without a value", "value", bytes('{"kind":"Put","key":"x"}')],
  ["a key of the wrong type", "key", bytes('{"kind":"Delete","key":7}')],
  ["a value of the wrong type", "value", bytes('{"kind":"Put","key":"x","value":null}')],
  ["an empty key", "key", bytes('{"kind":"Put","key":"","value":"1"}')],
  ["a Get with a value", "value", bytes('{"kind":"Get","key":"x","value":"1"}')],
  ["a field that no command has", "ttl", bytes('{"kind":"Put","key":"x","value":"1","ttl":9}')],
  ["a request of nobody", "by", bytes('{"kind":"Get","key":"x","by":null}')],
  ["a request without a client", "by.client", bytes('{"kind":"Get","key":"x","by":{"request":1}}')],
  ["a request without a number", "by.request", bytes('{"kind":"Get","key":"x","by":{"client":1}}')],
  ["a client 0", "by.client", bytes('{"kind":"Get","key":"x","by":{"client":0,"request":1}}')],
  [
    "a request that is no whole number",
    "by.request",
    bytes('{"kind":"Get","key":"x","by":{"client":1,"request":1.5}}'),
  ],
  ["a client of the wrong type", "by.client", bytes('{"kind":"Get","key":"x","by":{"client":"1","request":1}}')],
  ["a field that no request has", "of", bytes('{"kind":"Get","key":"x","by":{"client":1,"request":1,"of":2}}')],
  ["a field named __proto__", "__proto__", bytes('{"kind":"Get","key":"x","__proto__":{}}')],
];

for (const [what, field, data] of CASES) {
  Deno.test(`decoding ${what} throws a CommandError that names ${field}`, () => {
    refuses(field, () => Codec.decode(data));
  });
}

Deno.test("a CommandError says which kinds there are", () => {
  throws(() => Codec.decode(bytes('{"kind":"Increment","key":"x"}')), /must be Put, Delete or Get/);
});

Deno.test("what is no command is not encoded", () => {
  refuses("key", () => Codec.encode({ kind: "Put", key: "", value: "1" }));
  refuses("kind", () => Codec.encode(JSON.parse('{"kind":"Increment","key":"x"}')));
  const extra = { kind: "Get", key: "x", value: "1" } as const;
  refuses("value", () => Codec.encode(extra));
  refuses("by.request", () => Codec.encode({ kind: "Get", key: "x", by: { client: 1, request: 0 } }));
});
