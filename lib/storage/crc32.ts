/**
 * CRC-32, as of zlib and of IEEE 802.3: finds out that bytes are not those that were written.
 *
 * The one that is here runs in a browser too. Machines have one that is a hundred times faster and gives the same, which
 * `node_files.ts` puts in its place: whoever writes to real files has it.
 *
 * @module
 */
const TABLE = new Int32Array(256).map((_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

/** The checksum of `bytes`, begun with that of the bytes before them. */
export let crc32 = (bytes: Uint8Array, before: number = 0): number => {
  let crc = ~before;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
};

/** From now on the checksum is computed by the machine's own function. */
export function useMachineCrc32(ofMachine: typeof crc32): void {
  crc32 = ofMachine;
}
