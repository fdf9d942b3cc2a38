/**
 * Text, compressed, as a page can carry it.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { gzipSync, strToU8 } from "fflate";

/** `text` as base64 of gzip; nothing in it can be taken for markup. */
export function packed(text: string): string {
  return Buffer.from(gzipSync(strToU8(text), { level: 9, mtime: 0 })).toString("base64");
}

/** JavaScript for the browser: a promise of the text that `base64`, an expression, is packed from. */
export function unpacks(base64: string): string {
  return `new Response(new Blob([Uint8Array.from(atob(${base64}), (character) => character.charCodeAt(0))])
.stream().pipeThrough(new DecompressionStream("gzip"))).text()`;
}
