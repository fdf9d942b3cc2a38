/**
 * What `log` says about itself, and about the columns that it prints.
 *
 * @module
 */

/** `log --help`. */
export const HELP = `Usage: deno task log DIR [OPTION ...]

Prints what a node's log on disk holds, file by file and frame by frame. DIR is
the directory of a node, or one with node-1, node-2, ... in it, as they are left
by: deno task demo SCENARIO --storage DIR

It only reads; a node may have the log open meanwhile.

Options:
  --verbose    every entry, also where a frame has many
  --json       one JSON object a frame, a line each, and nothing else
  --help       this text

Exit status: 0 if a node can start on the log, a torn frame at its end dropped;
1 if a node would refuse to; 2 if there is no log there, or it cannot be read.
`;

/** The columns, and what happens to a frame in a crash. */
export const COLUMNS_EXPLAINED = `A frame is what one sync made durable: hard state and entries, all or nothing.
  frame     its number, through all files of the log
  valid     ok: its checksum matches, and it follows on the frame before it;
            torn: no frame, and the next start drops it; bad: no frame either,
            but no start drops it
  offset    where it begins in the file; bytes: how long it is
  type      write: it changes the log's end; base: it also says on what the log
            stands, as the first frame of a file does
  term, vote, commit    the hard state as of this frame
  checksum  CRC-32 of the frame, which also covers its place in the file
  entries   the indices it writes; from the first on it replaces what was there

A frame is written only when the one before it is on the disk. So a crash can
spoil the last frame and no other: a torn tail, which nobody was told of, and
which the next start drops. A bad frame with a good one behind it is damage: the
node may have voted or acknowledged by it, and refuses to start. A node that
refuses to start changes nothing.
`;
