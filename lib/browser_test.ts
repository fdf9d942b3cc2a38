/** What a browser needs of the package: no module of the machine, and the same runs as here. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { runInNewContext } from "node:vm";
import { basic, crashRestart, play } from "hello-raft";
import { deno } from "./cli/main_cases.ts";

Deno.test("Cluster, Trace, play, scenarios and checks run in a browser, and play there as they do here", async () => {
  const options = ["--quiet", "--platform", "browser", "--format", "cjs"];
  const { status, stdout: script, stderr } = await deno("bundle", ...options, "lib/browser_cases.ts");
  strictEqual(status, 0, stderr);
  const code = script.replace(/^\s*\*.*$/gm, ""); // Examples in comments import what they like.
  deepStrictEqual(code.match(/["'`]node:.*/g), null, "no module of the machine is imported");
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
