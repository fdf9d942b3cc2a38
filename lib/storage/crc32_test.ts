import { strictEqual } from "node:assert/strict";
import { crc32 as ofZlib } from "node:zlib";
import { crc32 } from "./crc32.ts";

Deno.test("the checksum that a browser computes is zlib's, also of bytes in two pieces", () => {
  const bytes = new Uint8Array(1000).map((_, i) => i * i + (i >> 3));
  for (let length = 0; length <= bytes.length; length += 37) {
    const [one, other] = [bytes.subarray(0, length), bytes.subarray(length)];
    strictEqual(crc32(one), ofZlib(one));
    strictEqual(crc32(other, crc32(one)), ofZlib(bytes));
  }
});
