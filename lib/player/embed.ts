/**
 * A player in a notebook: a figure as long as no script may run, a frame with the page as soon as one may.
 *
 * The page is in a frame of its own, so that neither JupyterLab's keys and styles reach it nor its keys JupyterLab. It is
 * stored compressed: a notebook is a file that people load and review.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { packed, unpacks } from "./packed.ts";

/** The class of the element that holds the figure, then the frame. */
export const PLAYER_CLASS = "hello-raft-player";

/**
 * `figure` as HTML, followed by the script that puts a frame with `page` in its place. The script finds the figure by what is
 * to be shown in it; so a cell can run twice, and the same player can be in a notebook twice. The figure goes when the frame
 * says that it is there.
 */
export function embed(title: string, figure: string, page: string): string {
  const name = `player-${createHash("sha256").update(page).digest("hex").slice(0, 8)}`;
  const words: Record<string, string> = { NAME: name, TITLE: `Player: ${title}`, PAGE: packed(page) };
  // Nothing in it can end the script that holds it, or begin another.
  const jsonOf = (word: string) => JSON.stringify(words[word]).replaceAll("<", "\\u003c");
  const script = EMBED.trim().replace(/^ +/gm, "").replace(/NAME|TITLE|PAGE/g, jsonOf);
  return `<div class="${PLAYER_CLASS} ${name}">
${figure}
</div>
<script>
${script}
</script>`;
}

/** JavaScript for the browser. */
const EMBED = String.raw`
for (const place of document.querySelectorAll("." + NAME)) {
  if (place.querySelector("iframe")) continue;
  const frame = document.createElement("iframe");
  frame.title = TITLE;
  frame.setAttribute("sandbox", "allow-scripts allow-downloads");
  place.style.position = "relative";
  frame.style.cssText = "position: absolute; top: 0; width: 100%; height: 900px; visibility: hidden";
  window.addEventListener("message", ({ data, source }) => {
    const height = data?.helloRaftPlayer;
    if (frame.contentWindow !== source || typeof height !== "number") return;
    const px = height > 0 ? Math.min(height, 4000) : 900;
    frame.style.cssText = "display: block; width: 100%; border: 0; height: " + px + "px";
    for (const other of [...place.children]) if (other !== frame) other.remove();
  });
  place.append(frame);
  ${unpacks("PAGE")}.then((page) => frame.srcdoc = page);
}
`;
