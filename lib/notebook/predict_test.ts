import { deepStrictEqual } from "node:assert/strict";
import { predict, reveal } from "./predict.ts";
import { printed } from "./printed_cases.ts";

const choices = { a: "one", b: "two" };
const why = { a: "One is no majority.", b: "Two are a majority." };

Deno.test("a prediction that was made is noted, and not judged", () => {
  const lines = printed(() => predict("How many?", choices, "a"));
  deepStrictEqual(lines, ["How many?", "  a  one   <- your prediction", "  b  two", "Noted: a. Run on to see."]);
});

Deno.test("an untouched prediction says so, and is answered anyway", () => {
  const lines = printed(() => reveal(predict("How many?", choices), "b", why));
  deepStrictEqual(lines, [
    "How many?",
    "  a  one",
    "  b  two",
    'Nothing predicted yet: put "a" or "b" between the quotes, and run again.',
    "You predicted nothing. It is b (two).",
    "Why b: Two are a majority.",
  ]);
});

Deno.test("an unknown choice is refused with the choices there are, names of object members among the unknown", () => {
  for (const choice of ["z", "toString", "ab"]) {
    const lines = printed(() => deepStrictEqual(predict("How many?", choices, choice).choice, null));
    deepStrictEqual(
      lines.at(-1)?.replace(/\s+/g, " "),
      `Cannot note "${choice}": it is none of the choices; put "a" or "b" between the quotes, and run again.`,
    );
  }
});

Deno.test("a right prediction gets its reason, a wrong one also the reason against it", () => {
  const right = predictQuietly(" b ");
  deepStrictEqual(printed(() => reveal(right, "b", why)), [
    "You predicted b (two). Right.",
    "Why b: Two are a majority.",
  ]);
  const wrong = predictQuietly("a");
  deepStrictEqual(printed(() => reveal(wrong, "b", why)), [
    "You predicted a (one). Not so: it is b (two).",
    "Why not a: One is no majority.",
    "Why b: Two are a majority.",
  ]);
});

Deno.test("asking and answering again says the same again", () => {
  const again = () => reveal(predict("How many?", choices, "a"), "b", why);
  deepStrictEqual(printed(again), printed(again));
});

function predictQuietly(choice: string) {
  let prediction = { question: "", choices, choice: null } as ReturnType<typeof predict<"a" | "b">>;
  printed(() => prediction = predict("How many?", choices, choice));
  return prediction;
}
