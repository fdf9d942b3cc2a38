/** Payloads whose checksum would match, and that this program did not write. */
import { deepStrictEqual, throws } from "node:assert/strict";
import { entry } from "../raft/paper_cases.ts";
import { viewOf } from "./bytes.ts";
import { decodePayload, payloadSize, putPayload, type WritePayload } from "./payload.ts";

const AT = 5;
const payload: WritePayload = {
  type: "write",
  hardState: { term: 3, vote: 2, commit: 1 },
  from: 7,
  entries: [entry(2, 7, "seven"), entry(3, 8)],
};

function encoded(): { readonly view: DataView; readonly end: number } {
  const view = viewOf(new Uint8Array(AT + payloadSize(payload)));
  putPayload(view, AT, payload);
  return { view, end: view.byteLength };
}

Deno.test("a payload that is read says where its entries stand", () => {
  const { view, end } = encoded();
  const { entries, from, hardState } = decodePayload("write", view, AT, end);
  deepStrictEqual([entries.offsets, from, hardState], [[AT + 36, AT + 36 + 12 + 5], 7, payload.hardState]);
});

Deno.test("a payload is refused if the term of an entry is no safe integer, or its size not that of its content", () => {
  const { view, end } = encoded();
  throws(() => decodePayload("write", view, AT, end - 1), {
    name: "RangeError",
    message: "the payload has 64 bytes, its content 65",
  });
  view.setUint32(AT + 36 + 17 + 4, 2 ** 21, true);
  throws(() => decodePayload("write", view, AT, end), {
    name: "RangeError",
    message: "the number at byte 58 is too large",
  });
  view.setUint32(AT + 36 + 8, 99, true);
  throws(() => decodePayload("write", view, AT, end), RangeError);
});
