import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type * as z from "zod/mini";
import { scenarioSchema, stepsSchema } from "../../scenario/schema.ts";
import { unwrapped } from "../main_cases.ts";
import { COLUMNS } from "../terminal.ts";
import { demoHelp } from "./help.ts";

type Fields = Readonly<Record<string, z.core.$ZodType>>;

/** The names of fields, with a "?" if they may be left out. */
function namesOf(fields: Fields): string[] {
  return Object.entries(fields).map(([name, { _zod }]) => `${name}${_zod.optin === "optional" ? "?" : ""}`);
}

const help = demoHelp();
const [file, setting, steps, conditions] = help.slice(help.indexOf("A scenario file")).split("\n\n");

/** What each entry of a section is about: its first word. */
const entriesOf = (section: string) => section.match(/(?<=^ {2})[^\s,]+/gm);

Deno.test("demo --help has every field of a scenario file and of its setting, no others, and no line is too wide", () => {
  deepStrictEqual(entriesOf(file), namesOf(scenarioSchema.shape));
  deepStrictEqual(entriesOf(setting), namesOf(scenarioSchema.shape.setting._zod.def.innerType.shape));
  for (const name of ["chart", "disks"] as const) {
    for (const value of scenarioSchema.shape[name]._zod.def.innerType._zod.values) {
      ok(file.includes(`"${String(value)}"`), String(value));
    }
  }
  for (const line of help.split("\n")) ok(line.length <= COLUMNS, line);
});

Deno.test("demo --help has every step and every condition, each with its fields, and no others", () => {
  const kinds = stepsSchema._zod.def.element._zod.def.options;
  const until = kinds.flatMap(({ shape }) => "until" in shape ? shape.until._zod.def.options : []);
  const parts: [text: string, key: "do" | "is", options: readonly { readonly shape: Fields }[]][] = [
    [steps, "do", kinds],
    [conditions, "is", until],
  ];
  for (const [text, key, options] of parts) {
    strictEqual(entriesOf(text)?.length, options.length);
    for (const { shape } of options) {
      const verbs = [...shape[key]._zod.values ?? []].join(", ");
      const fields = namesOf(shape).filter((name) => name !== key && name !== "title?").join(", ");
      const entry = fields === "" ? `${verbs} ` : `${verbs} ${fields}: `;
      ok(unwrapped(text).includes(` ${entry}`), `${entry} is not in:\n${text}`);
      for (const value of shape.what?._zod.values ?? []) ok(text.includes(`"${String(value)}"`), `${String(value)}`);
    }
  }
});
