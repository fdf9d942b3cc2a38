import { deepStrictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";

Deno.test("workers need no permission but that to read the library", async () => {
  const start = new URL("./start.ts", import.meta.url);
  const code = `
    import { startRuntime } from ${JSON.stringify(start)};
    await (await startRuntime("workers")).close();
    const states = ["env", "net", "write", "run", "sys", "ffi"].map((name) => Deno.permissions.querySync({ name }).state);
    console.log(...new Set(states));
  `;
  // What is asked for and not given would be "denied" afterwards; in a terminal, the question would wait for an answer.
  const child = new Deno.Command("deno", {
    args: ["run", "--allow-read", "--ext=js", "-"],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  const { code: status, stdout } = await child.output();
  deepStrictEqual([status, new TextDecoder().decode(stdout)], [0, "prompt\n"]);
});
