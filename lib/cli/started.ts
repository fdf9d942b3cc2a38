/**
 * How this program was started, so that the commands it prints can be run: by Deno, or by an npx that brought it.
 *
 * @module
 */

const VARIABLE = "npm_lifecycle_event";

/** `text`, in which every `deno task` is as the user has to write it. */
export function asStarted(text: string): string {
  return isByNpx() ? text.replaceAll("deno task ", "npx --yes deno task ") : text;
}

function isByNpx(): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable: VARIABLE });
  return state === "granted" && Deno.env.get(VARIABLE) === "npx";
}
