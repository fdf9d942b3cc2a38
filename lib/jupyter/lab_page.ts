/**
 * JupyterLab in a browser: its notebooks opened, run, seen as a reader sees them, and compared with what they keep.
 *
 * @module
 */
import { DOMParser } from "linkedom";
import { PLAYER_CLASS } from "../player/embed.ts";
import { codeCells, type Notebook, type Output, type Problem } from "./notebook_file.ts";
import { load } from "./pack.ts";
import { poll } from "./project.ts";

/** A page of the package `playwright-core`, as far as it is used here. Expressions are JavaScript in it. */
export interface Page extends AsyncDisposable {
  readonly keyboard: { press(key: string): Promise<void> };
  readonly mouse: { move(x: number, y: number): Promise<void>; down(): Promise<void>; up(): Promise<void> };
  goto(url: string): Promise<unknown>;
  evaluate<T>(expression: string): Promise<T>;
  click(selector: string): Promise<void>;
  focus(selector: string): Promise<void>;
  fill(selector: string, value: string): Promise<void>;
  selectOption(selector: string, value: string): Promise<unknown>;
  setViewportSize(size: { readonly width: number; readonly height: number }): Promise<void>;
  emulateMedia(media: { readonly colorScheme: "light" | "dark" }): Promise<void>;
  setDefaultTimeout(milliseconds: number): void;
  waitForEvent(event: "download"): Promise<{ path(): Promise<string> }>;
  on(event: "console", listener: (message: { text(): string }) => void): unknown;
  on(event: "pageerror", listener: (error: Error) => void): unknown;
}

/** A browser of the package `playwright-core`, as far as it is used here. */
export interface Browser extends AsyncDisposable {
  newPage(options?: { readonly offline: boolean }): Promise<Page>;
}

/** Start the browser at `executablePath`, without a window. */
export async function openBrowser(executablePath: string): Promise<Browser> {
  const { chromium } = await load("playwright-core") as {
    readonly chromium: { launch(options: Readonly<Record<string, unknown>>): Promise<Browser> };
  };
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  return await chromium.launch({ executablePath, args });
}

/** What is seen of a notebook. */
export interface Seen {
  /** Whether the kernel is there and has nothing to do. */
  readonly isIdle: boolean;
  /** Whether it is marked as changed, though the kernel is the one that it names. */
  readonly isDirty: boolean;
  /** What lies over it, and asks the reader something. */
  readonly prompts: readonly string[];
  /** Every cell of code: its prompt, the errors among its outputs, its images, the titles of its frames. */
  readonly cells: readonly {
    readonly prompt: string;
    readonly errors: readonly string[];
    readonly images: readonly { readonly alt: string; readonly isDisplayed: boolean }[];
    readonly frames: readonly string[];
  }[];
}

/** Gathers what is `Seen` of the notebook in front. */
const SEEN = `(() => {
  const widget = window.jupyterapp.shell.currentWidget;
  const kernel = widget?.sessionContext?.session?.kernel;
  const all = (element, selector) => [...(element?.querySelectorAll(selector) ?? [])];
  const isDisplayed = (image) => image.complete && image.naturalWidth * image.naturalHeight * image.clientWidth > 0;
  return {
    isIdle: kernel?.status === "idle",
    isDirty: kernel?.name === "tslab" && widget.context.model.dirty,
    prompts: all(document, ".jp-Dialog, .Toastify__toast").map((prompt) => prompt.textContent),
    cells: all(widget?.node, ".jp-CodeCell").map((cell) => {
      const outputs = cell.querySelector(".jp-OutputArea");
      return {
        prompt: cell.querySelector(".jp-InputPrompt")?.textContent ?? "",
        errors: all(outputs, '[data-mime-type$=".error"], [data-mime-type$=".stderr"]').map((e) => e.textContent),
        images: all(outputs, "img").map((image) => ({ alt: image.alt, isDisplayed: isDisplayed(image) })),
        frames: all(outputs, "iframe").filter((frame) => frame.clientHeight > 0).map(({ title }) => title),
      };
    }),
  };
})()`;

/** The most that JupyterLab may take, in milliseconds: to be there, to show a notebook, to run it, to show what came of it. */
const BOUND = { start: 60_000, show: 60_000, run: 120_000, settle: 10_000 } as const;

/**
 * What is wrong with the notebook `path` in the JupyterLab at `url`, beside `notebook`: as nobody has trusted it yet, and after
 * all of its cells have run.
 */
export async function lookAt(notebook: Notebook, browser: Browser, url: string, path: string): Promise<Problem[]> {
  await using page = await browser.newPage();
  const command = async (id: string, args: Readonly<Record<string, string>> = {}) => {
    await page.evaluate(`window.jupyterapp.commands.execute("${id}", ${JSON.stringify(args)}).then(() => {})`);
  };
  const see = (isRight: (seen: Seen) => boolean, bound: number) =>
    poll(() => page.evaluate<Seen>(SEEN), isRight, bound);
  const problems = (seen: Seen, when: When) => displayProblems(notebook, seen, when);
  await page.goto(url);
  await poll(() => page.evaluate("window.jupyterapp !== undefined"), (isThere) => isThere === true, BOUND.start);
  await page.evaluate("window.jupyterapp.restored.then(() => {})");
  await command("docmanager:open", { path, factory: "Notebook" });
  await see(({ isIdle }) => isIdle, BOUND.show);
  // What the kernel says of itself has arrived, and JupyterLab has written down what it lacks.
  await page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.info.then(() => {})");
  const untrusted = await see((seen) => problems(seen, "untrusted").length === 0, BOUND.settle);
  await command("notebook:clear-all-cell-outputs");
  await command("notebook:run-all-cells");
  await see(({ isIdle, cells }) => isIdle && cells.every(({ prompt }, i) => prompt === `[${i + 1}]:`), BOUND.run);
  const run = await see((seen) => problems(seen, "run all").length === 0, BOUND.settle);
  await page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()");
  return [...problems(untrusted, "untrusted"), ...problems(run, "run all")];
}

/** Before a run a player is a film strip, since an untrusted notebook runs no script; after it a frame with its page. */
export type When = "untrusted" | "run all";

/** What a cell shows: the text alternatives of its images, and how many players can be played. */
function expectedOf(outputs: readonly Output[], when: When) {
  const shown = outputs.flatMap((output) =>
    output.output_type === "display_data" ? output.data["text/html"] ?? [] : []
  );
  const isPlayed = (html: string) => when === "run all" && html.startsWith(`<div class="${PLAYER_CLASS} `);
  const images = shown.filter((html) => !isPlayed(html)).flatMap((
    html,
  ) => [...new DOMParser().parseFromString(`<body>${html}</body>`, "text/html").querySelectorAll("img")]);
  return { alts: images.map((image) => image.getAttribute("alt") ?? ""), players: shown.filter(isPlayed).length };
}

/**
 * Whether nothing lies over the notebook, none that was just opened is marked as changed, every cell has run without an error,
 * every image is displayed with its text alternative, and every player is there.
 */
export function displayProblems(notebook: Notebook, seen: Seen, rule: When): Problem[] {
  const whole = seen.prompts.map((prompt) => `this lies over the notebook: ${prompt}`);
  if (rule === "untrusted" && seen.isDirty) whole.push("it is marked as changed as soon as it is opened");
  return [...whole.map((detail) => ({ cell: null, rule, detail })), ...cellProblems(notebook, seen, rule)];
}

function cellProblems(notebook: Notebook, { cells }: Seen, rule: When): Problem[] {
  const code = codeCells(notebook);
  if (cells.length !== code.length) {
    return [{ cell: null, rule, detail: `${cells.length} cells of code are displayed, of ${code.length}` }];
  }
  return code.flatMap(({ number, cell }, i): Problem[] => {
    const { alts, players } = expectedOf(cell.outputs, rule);
    const { prompt, errors, images, frames } = cells[i];
    const details = images.filter(({ isDisplayed }) => !isDisplayed)
      .map(({ alt }) => `this image is not displayed: ${alt}`);
    details.push(...errors.map((error) => `an error is displayed: ${error.trim()}`));
    if (rule === "run all" && prompt !== `[${i + 1}]:`) details.push(`did not run: ${prompt}`);
    if (JSON.stringify(images.map(({ alt }) => alt)) !== JSON.stringify(alts)) {
      details.push(`${images.length} images with their text alternatives, of ${alts.length}`);
    }
    if (frames.length !== players) details.push(`${frames.length} players can be played, of ${players}`);
    if (frames.includes("")) details.push("a player's frame has no title");
    return details.map((detail) => ({ cell: number, rule, detail }));
  });
}
