/**
 * A JupyterLab without a past: its settings, its trust and its notebooks in a folder of their own.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { KernelName } from "./kernel_specs.ts";

/** A folder for one JupyterLab. */
export class LabFolder {
  readonly #folder: string;

  /** In the folder `root` of the project. */
  constructor(root: string) {
    mkdirSync(join(root, ".jupyter"), { recursive: true });
    this.#folder = mkdtempSync(join(root, ".jupyter", "lab-"));
    // Cells that are out of sight are drawn too.
    this.#set("@jupyterlab/notebook-extension/tracker", { windowingMode: "none" });
    this.#set("@jupyterlab/apputils-extension/notification", { checkForUpdates: false, fetchNews: "false" });
    mkdirSync(this.notebooks);
  }

  /** Everything is in it. */
  get path(): string {
    return this.#folder;
  }

  /** What JupyterLab serves. */
  get notebooks(): string {
    return join(this.#folder, "notebooks");
  }

  /** Where JupyterLab keeps what it knows. */
  get env(): Readonly<Record<string, string>> {
    return {
      JUPYTER_CONFIG_DIR: join(this.#folder, "config"),
      JUPYTER_DATA_DIR: join(this.#folder, "data"),
      JUPYTER_RUNTIME_DIR: join(this.#folder, "runtime"),
      JUPYTERLAB_SETTINGS_DIR: join(this.#folder, "settings"),
      JUPYTERLAB_WORKSPACES_DIR: join(this.#folder, "workspaces"),
    };
  }

  /** Add a copy of the notebook `text`, for `kernel`; its outputs as they are, or as if it had never run. */
  add(name: string, text: string, kernel: KernelName, outputs: "kept" | "none"): void {
    const notebook: { cells: Record<string, unknown>[]; metadata: Record<string, unknown> } = JSON.parse(text);
    notebook.metadata.kernelspec = { display_name: kernel, language: "typescript", name: kernel };
    for (const cell of notebook.cells) {
      if (outputs === "none" && cell.cell_type === "code") Object.assign(cell, { outputs: [], execution_count: null });
    }
    writeFileSync(join(this.notebooks, name), JSON.stringify(notebook));
  }

  #set(plugin: string, settings: unknown): void {
    const file = join(this.#folder, "settings", `${plugin}.jupyterlab-settings`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(settings));
  }
}
