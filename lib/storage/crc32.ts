/**
 * CRC-32, as of zlib and of IEEE 802.3: finds out that bytes are not those that were written.
 *
 * In JavaScript, and not by `node:zlib`, so that a log in memory can be kept in a browser too. Four bytes at a time, by four
 * tables; it is three times as fast as one byte at a time.
 *
 * @module
 */
const TABLE = new Int32Array(256).map((_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});
/** What becomes of a byte when one, two or three bytes of 0 follow it. */
const TABLE1 = TABLE.map((crc) => TABLE[crc & 255] ^ (crc >>> 8));
const TABLE2 = TABLE1.map((crc) => TABLE[crc & 255] ^ (crc >>> 8));
const TABLE3 = TABLE2.map((crc) => TABLE[crc & 255] ^ (crc >>> 8));

/** The checksum of `bytes`, begun with that of the bytes before them. */
export function crc32(bytes: Uint8Array, before: number = 0): number {
  let crc = ~before;
  let i = 0;
  for (; i + 3 < bytes.length; i += 4) {
    crc ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    crc = TABLE3[crc & 255] ^ TABLE2[(crc >>> 8) & 255] ^ TABLE1[(crc >>> 16) & 255] ^ TABLE[crc >>> 24];
  }
  for (; i < bytes.length; i++) crc = TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}
