/**
 * A player in a notebook: a figure as long as no script may run, a frame with the page as soon as one may.
 *
 * The page is in a frame of its own, so that neither JupyterLab's keys and styles reach it nor its keys JupyterLab.
 *
 * @module
 */
import { jsonInScript } from "./page.ts";

/** The class of the element that holds the figure, then the frame. */
export const PLAYER_CLASS = "hello-raft-player";

/**
 * `figure` as HTML, followed by the script that puts a frame with `page` in its place. The script finds the figure by what is
 * to be shown in it; so a cell can run twice, and the same player can be in a notebook twice. The figure goes when the frame
 * says that it is there.
 */
export function embed(title: string, figure: string, page: string): string {
  const name = `player-${checksum(page)}`;
  const words: Record<string, string> = { NAME: name, TITLE: `Player: ${title}`, PAGE: page };
  const script = EMBED.trim().replace(/^ +/gm, "").replace(/NAME|TITLE|PAGE/g, (word) => jsonInScript(words[word]));
  return `<div class="${PLAYER_CLASS} ${name}">
${figure}
</div>
<script>
${script}
</script>`;
}

/** JavaScript for the browser. One listener hears all frames of a notebook. */
const EMBED = String.raw`
(() => {
  const [name, title, page] = [NAME, TITLE, PAGE];
  if (!window.helloRaftPlayers) {
    window.helloRaftPlayers = true;
    window.addEventListener("message", ({ data, source }) => {
      const height = data?.helloRaftPlayer;
      if (typeof height !== "number") return;
      for (const frame of document.querySelectorAll(".hello-raft-player > iframe")) {
        if (frame.contentWindow !== source) continue;
        const px = height > 0 ? Math.min(height, 4000) : 900;
        frame.style.cssText = "display: block; width: 100%; border: 0; height: " + px + "px";
        for (const other of [...frame.parentElement.children]) if (other !== frame) other.remove();
      }
    });
  }
  for (const place of document.querySelectorAll("." + name)) {
    if (place.querySelector("iframe")) continue;
    const frame = document.createElement("iframe");
    frame.title = title;
    frame.setAttribute("sandbox", "allow-scripts");
    place.style.position = "relative";
    frame.style.cssText = "position: absolute; top: 0; width: 100%; height: 900px; visibility: hidden";
    frame.srcdoc = page;
    place.append(frame);
  }
})();
`;

/** A number that hardly two pages share (FNV-1a). */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
