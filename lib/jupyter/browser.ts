/**
 * What a reader sees of a notebook in JupyterLab, through a browser.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod/mini";
import { PLAYER_CLASS } from "../player/embed.ts";
import { load } from "./packages.ts";

/** A document of the package `playwright-core`: a page's own, or one in a frame. Expressions are JavaScript in it. */
export interface Frame {
  evaluate(expression: string): Promise<unknown>;
  click(selector: string, options?: { readonly timeout: number }): Promise<void>;
  selectOption(selector: string, value: string): Promise<unknown>;
}

/** What is said on a page's console. */
interface ConsoleMessage {
  type(): string;
  text(): string;
}

/** A page of the package `playwright-core`, as far as it is used here. */
export interface Page extends Frame {
  readonly keyboard: { press(key: string): Promise<void> };
  goto(url: string): Promise<unknown>;
  frames(): Frame[];
  setViewportSize(size: Size): Promise<void>;
  on(event: "console", listener: (message: ConsoleMessage) => void): unknown;
  on(event: "pageerror", listener: (error: Error) => void): unknown;
  on(event: "request", listener: (request: { url(): string }) => void): unknown;
  close(): Promise<void>;
}

/** In pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** A browser of the package `playwright-core`, as far as it is used here. */
export interface Browser {
  newPage(options: { readonly viewport: Size; readonly offline?: boolean }): Promise<Page>;
  close(): Promise<void>;
}

/** How often the page is looked at, in milliseconds. */
const LOOK = 250;

/** Start the browser at `executablePath`, without a window. */
export async function openBrowser(executablePath: string): Promise<Browser> {
  const { chromium } = await load("playwright-core") as {
    readonly chromium: { launch(options: Readonly<Record<string, unknown>>): Promise<Browser> };
  };
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  return await chromium.launch({ executablePath, args });
}

const imageSchema = z.object({ alt: z.string(), width: z.number(), height: z.number(), shown: z.number() });

const seenSchema = z.object({
  /** Whether the theme is a light one. */
  light: z.boolean(),
  /** Whether the kernel is there and has nothing to do. */
  idle: z.boolean(),
  /** Every cell of code: its prompt, the text of its outputs, its images; of each player its strip, or its frame's title. */
  cells: z.array(z.object({
    prompt: z.string(),
    text: z.string(),
    errors: z.number(),
    images: z.array(imageSchema),
    players: z.array(z.object({ strip: z.array(imageSchema), frames: z.array(z.string()) })),
  })),
});

/** What is seen of a notebook. */
export type Seen = z.infer<typeof seenSchema>;

/** Before anything is seen. */
const NOTHING: Seen = { light: true, idle: false, cells: [] };

/** Gathers what `seenSchema` describes; `null` while JupyterLab or the notebook is not there yet. */
const SEEN = `(() => {
  const panel = document.querySelector(".jp-NotebookPanel");
  const cells = [...(panel?.querySelectorAll(".jp-CodeCell") ?? [])];
  const imagesIn = (element) => [...(element?.querySelectorAll("img") ?? [])].map((image) => ({
    alt: image.alt,
    width: image.complete ? image.naturalWidth : 0,
    height: image.complete ? image.naturalHeight : 0,
    shown: image.getBoundingClientRect().width,
    own: image.closest(".${PLAYER_CLASS}") === null,
  }));
  const textOf = (output) => {
    const copy = output.cloneNode(true);
    for (const other of copy.querySelectorAll(".${PLAYER_CLASS}, script")) other.remove();
    return copy.textContent.trim();
  };
  if (cells.length === 0 || document.body.dataset.jpThemeLight === undefined) return null;
  return {
    light: document.body.dataset.jpThemeLight === "true",
    idle: window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === "idle",
    cells: cells.map((cell) => {
      const outputs = cell.querySelector(".jp-OutputArea");
      return {
        prompt: cell.querySelector(".jp-InputPrompt")?.textContent ?? "",
        text: [...(outputs?.querySelectorAll(".jp-OutputArea-output") ?? [])].map(textOf).join("\\n"),
        errors: outputs?.querySelectorAll('[data-mime-type$=".error"], [data-mime-type$=".stderr"]').length ?? 0,
        images: imagesIn(outputs).filter(({ own }) => own),
        players: [...(outputs?.querySelectorAll(".${PLAYER_CLASS}") ?? [])].map((player) => ({
          strip: imagesIn(player),
          frames: [...player.querySelectorAll("iframe")].filter((f) => f.clientHeight > 0).map(({ title }) => title),
        })),
      };
    }),
  };
})()`;

/** A notebook, open in JupyterLab. */
export class OpenNotebook {
  private constructor(readonly page: Page) {}

  /** Open `url` in a tab of its own. */
  static async open(browser: Browser, url: string): Promise<OpenNotebook> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1024 } });
    await page.goto(url);
    return new OpenNotebook(page);
  }

  /** Look until `isRight` says so, for `bound` milliseconds at most; what was seen last. */
  async see(isRight: (seen: Seen) => boolean, bound: number): Promise<Seen> {
    let seen = NOTHING;
    for (let waited = 0; waited < bound; waited += LOOK) {
      const value = await this.page.evaluate(SEEN);
      if (value !== null) seen = z.parse(seenSchema, value);
      if (value !== null && isRight(seen)) return seen;
      await sleep(LOOK);
    }
    return seen;
  }

  /** Have all cells run; it is not waited for. */
  async runAll(): Promise<void> {
    await this.page.evaluate(`void window.jupyterapp.commands.execute("notebook:run-all-cells")`);
  }

  /** Change JupyterLab's theme; it is not waited for. */
  async setTheme(theme: "Light" | "Dark"): Promise<void> {
    const args = JSON.stringify({ theme: `JupyterLab ${theme}` });
    await this.page.evaluate(`void window.jupyterapp.commands.execute("apputils:change-theme", ${args})`);
  }

  /** The documents of the players. */
  async players(): Promise<Frame[]> {
    const players: Frame[] = [];
    for (const frame of this.page.frames()) {
      if (await frame.evaluate(`document.getElementById("play") !== null`)) players.push(frame);
    }
    return players;
  }

  /** Close the tab. */
  async close(): Promise<void> {
    await this.page.close();
  }
}
