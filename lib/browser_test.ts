/** What a browser needs of the package: no module of the machine, and the same runs as here. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { basic, crashRestart, play } from "hello-raft";

/** The package for a browser, as one script. */
function bundle(): string {
  const entry = fileURLToPath(new URL("./browser_cases.ts", import.meta.url));
  const args = ["bundle", "--quiet", "--platform", "browser", "--format", "cjs", entry];
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), { args }).outputSync();
  ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("Cluster, Trace, play, scenarios and checks run in a browser, and play there as they do here", () => {
  const script = bundle();
  deepStrictEqual(script.match(/["'`]node:.*/g), null, "no module of the machine is imported");
  // The language itself, and of the web these alone: neither Deno nor process, no timer, no clock.
  const browser = { TextEncoder, TextDecoder, structuredClone, module: { exports: {} } };
  const playThere = runInNewContext(
    `${script}; ({ basic, crashRestart, InvariantChecker, play }) => {
      if (typeof Deno + typeof process !== "undefinedundefined") throw new Error("This is no browser");
      new InvariantChecker().checkAll();
      return [basic, crashRestart].map((scenario) => play(scenario).trace.toJsonLines());
    };`,
    browser,
  );
  deepStrictEqual(
    [...playThere(browser.module.exports)],
    [basic, crashRestart].map((s) => play(s).trace.toJsonLines()),
  );
});
