/**
 * JupyterLab in a browser: its notebooks opened, run, and seen as a reader sees them.
 *
 * @module
 */
import * as z from "zod/mini";
import { load } from "./pack.ts";
import { poll } from "./project.ts";

/** A page of the package `playwright-core`, as far as it is used here. Expressions are JavaScript in it. */
export interface Page {
  readonly keyboard: { press(key: string): Promise<void> };
  goto(url: string): Promise<unknown>;
  evaluate(expression: string): Promise<unknown>;
  click(selector: string, options: { readonly timeout: number }): Promise<void>;
  on(event: "console", listener: (message: { text(): string }) => void): unknown;
  on(event: "pageerror", listener: (error: Error) => void): unknown;
  on(event: "request", listener: (request: { url(): string }) => void): unknown;
  close(): Promise<void>;
}

/** A browser of the package `playwright-core`, as far as it is used here. */
export interface Browser {
  newPage(options?: { readonly offline: boolean }): Promise<Page>;
  close(): Promise<void>;
}

/** Start the browser at `executablePath`, without a window. */
export async function openBrowser(executablePath: string): Promise<Browser> {
  const { chromium } = await load("playwright-core") as {
    readonly chromium: { launch(options: Readonly<Record<string, unknown>>): Promise<Browser> };
  };
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  return await chromium.launch({ executablePath, args });
}

const seenSchema = z.object({
  /** Whether the kernel is there and has nothing to do. */
  isIdle: z.boolean(),
  /** Every cell of code: its prompt, the errors among its outputs, its images, the titles of its frames. */
  cells: z.array(z.object({
    prompt: z.string(),
    errors: z.array(z.string()),
    images: z.array(z.object({ alt: z.string(), isDisplayed: z.boolean() })),
    frames: z.array(z.string()),
  })),
});

/** What is seen of a notebook. */
export type Seen = z.infer<typeof seenSchema>;

/** Gathers what `seenSchema` describes, of the notebook in front. */
const SEEN = `(() => {
  const widget = window.jupyterapp.shell.currentWidget;
  const all = (element, selector) => [...(element?.querySelectorAll(selector) ?? [])];
  const isDisplayed = (image) => image.complete && image.naturalWidth * image.naturalHeight * image.clientWidth > 0;
  return {
    isIdle: widget?.sessionContext?.session?.kernel?.status === "idle",
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

/** How long JupyterLab may take to be there, in milliseconds. */
const START_BOUND = 60_000;

/** JupyterLab in a tab of the browser. One notebook is open at a time. */
export class LabPage {
  private constructor(private readonly page: Page) {}

  /** Open JupyterLab at `url`. */
  static async open(browser: Browser, url: string): Promise<LabPage> {
    const page = await browser.newPage();
    await page.goto(url);
    await poll(() => page.evaluate("window.jupyterapp !== undefined"), (isThere) => isThere === true, START_BOUND);
    await page.evaluate("window.jupyterapp.restored.then(() => {})");
    return new LabPage(page);
  }

  /** Open the notebook `path`. */
  async openNotebook(path: string): Promise<void> {
    await this.#command("docmanager:open", { path, factory: "Notebook" });
  }

  /** Look until `isRight` says so, for `bound` milliseconds at most; what was seen last. */
  async see(isRight: (seen: Seen) => boolean, bound: number): Promise<Seen> {
    return await poll(async () => z.parse(seenSchema, await this.page.evaluate(SEEN)), isRight, bound);
  }

  /** Clear the notebook and run all of its cells. */
  async runAll(): Promise<void> {
    await this.#command("notebook:clear-all-cell-outputs");
    await this.#command("notebook:run-all-cells");
  }

  /** End the notebook's kernel and close it, without a question. */
  async closeNotebook(): Promise<void> {
    await this.page.evaluate(`(async ({ currentWidget }) => {
      await currentWidget.sessionContext.shutdown();
      currentWidget.dispose();
    })(window.jupyterapp.shell)`);
  }

  async #command(id: string, args: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.page.evaluate(`window.jupyterapp.commands.execute("${id}", ${JSON.stringify(args)}).then(() => {})`);
  }
}
