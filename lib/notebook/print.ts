/**
 * Lines for a reader: plain text that every notebook kernel shows alike.
 *
 * @module
 */

/** The widest line that needs no scrolling in a notebook. */
const WIDTH = 100;

/** Print `text`, broken into lines where it is too wide; what follows the first line is set in by four. */
export function print(text: string): void {
  const lines = [""];
  for (const [i, word] of text.split(/(?<=\S)\s(?=\S)/).entries()) {
    const line = lines[lines.length - 1];
    if (i === 0) lines[0] = word;
    else if (line.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`    ${word}`);
  }
  console.log(lines.join("\n"));
}

/** `"a", "b" or "c"`. */
export function inWords(choices: readonly string[]): string {
  const quoted = choices.map((choice) => `"${choice}"`);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted[quoted.length - 1]}`;
}
