/**
 * The run to take away: link, scenario file, notebook cell, picture.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Ticks } from "../../raft/mod.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { Branch } from "../session.ts";
import { hashOf, notebookLine, scenarioFile } from "../share.ts";
import { html, part, svg } from "./dom.ts";

/** What a run is written as. */
export type Form = "link" | "file" | "cell";

const PROGRAM = "In this run a rule of Raft is taken out, which no scenario can say: take the link.";

/**
 * Write down `branch` as far as `tick`, ready to be copied; a scenario file is saved too.
 *
 * @param own The scenario that the page was made for.
 */
export function take(form: Form, branch: Branch, tick: Ticks, own: Scenario): void {
  const { plan } = branch;
  const touches = branch.touches.filter((touch) => touch.tick <= tick);
  const seen = branch.now === tick ? branch : new Branch({ ...plan, touches }, tick, tick);
  const isProgram = plan.double !== null || plan.scenario.mutation !== undefined;
  const { file, command } = scenarioFile(seen);
  const texts: Record<Form, () => string> = {
    link: () => `${location.href.split("#")[0]}${hashOf({ ...plan, touches: branch.touches }, tick, own)}`,
    file: () => `${command}\n\n${file}`,
    cell: () => notebookLine(seen),
  };
  const area = part("taken", HTMLTextAreaElement);
  area.value = isProgram && form !== "link" ? PROGRAM : texts[form]();
  area.hidden = false;
  area.focus();
  area.select();
  if (form !== "file" || isProgram) return;
  download(`${plan.scenario.name}.json`, new Blob([file], { type: "application/json" }));
}

/** Save what is to be seen as a picture. */
export async function picture(type: "svg" | "png", tick: Ticks): Promise<void> {
  const { text, width, height } = pictureOf(`${document.title}, tick ${tick}`);
  if (type === "svg") return download("raft.svg", new Blob([text], { type: "image/svg+xml" }));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * width, 2 * height];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => blob !== null && download("raft.png", blob));
}

function download(name: string, file: Blob): void {
  const address = URL.createObjectURL(file);
  html("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** The ring and the lanes below each other, as a document of its own. */
function pictureOf(title: string): { text: string; width: number; height: number } {
  let height = 30;
  const copies = ["stage", "lanes"].map((id) => {
    const copy = part(id, SVGSVGElement).cloneNode(true) as SVGSVGElement;
    const [, , wide, tall] = (copy.getAttribute("viewBox") ?? "0 0 300 100").split(" ").map(Number);
    for (const [name, value] of Object.entries({ y: height, width: wide, height: tall })) {
      copy.setAttribute(name, `${value}`);
    }
    height += tall + 8;
    return { copy, wide };
  });
  const width = Math.max(...copies.map(({ wide }) => wide));
  const all = svg(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` },
    svg("style", {}, document.querySelector("style")?.textContent ?? ""),
    svg("rect", { class: "paper", width, height }),
    svg("text", { class: "title", x: 8, y: 20 }, title),
    ...copies.map(({ copy }) => copy),
  );
  return { text: new XMLSerializer().serializeToString(all), width, height };
}
