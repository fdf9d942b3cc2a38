import { deepStrictEqual } from "node:assert/strict";
import type { Link } from "../network.ts";
import { newConfState } from "../raft/mod.ts";
import { changeText, commandText } from "../trace/words.ts";
import { fatesIn, goOn, inFlight, LED, tell, tellLed } from "./stage_cases.ts";
import type { MessageFilter, Step } from "./schema.ts";

/** The links of a cluster that are not as they were at first: `1>2 cut 1`. */
function changed({ cluster }: ReturnType<typeof tell>): string[] {
  const links: Link[] = cluster.ids.flatMap((from) => cluster.ids.map((to) => cluster.network.link(from, to)));
  return links.filter(({ state, latency }) => state !== "open" || latency !== 1)
    .map(({ from, to, state, latency }) => `${from}>${to} ${state} ${latency}`);
}

/** Who was asked for what, and what came of it. */
function proposals({ trace }: ReturnType<typeof tell>): unknown[] {
  return trace.of("proposal").map(({ node, command, result }) => [node, commandText(command), result]);
}

Deno.test("propose asks the leader to put the key and the value of the options, if nothing else is said", () => {
  const played = tellLed([{ do: "propose" }], { key: "colour", value: "red" });
  deepStrictEqual(proposals(played), [[1, "Put colour = red", "appended"]]);
});

Deno.test("propose asks whom it names for what it names", () => {
  const command = { kind: "Put", key: "y", value: "2" } as const;
  deepStrictEqual(proposals(tellLed([{ do: "propose", to: "follower 1", command }])), [[2, "Put y = 2", "forwarded"]]);
});

Deno.test("where nobody takes a proposal the client is out of luck, and the story goes on", () => {
  const played = tell([{ do: "propose", to: 2 }, { do: "run", ticks: 3 }]);
  deepStrictEqual(proposals(played), [[2, "Put x = a", "dropped"]]);
  deepStrictEqual([played.cluster.now, played.stage.failed], [3, false]);
});

Deno.test("read asks the leader, or whom it names, for a key in one of two ways", () => {
  const played = tellLed([
    { do: "propose" },
    { do: "run", ticks: 4 },
    { do: "read", way: "store", to: "follower 2" },
    { do: "read", way: "readIndex", key: "y" },
    { do: "read", way: "readIndex", to: 2 },
    { do: "cut", from: 3, to: "all" },
    { do: "read", way: "readIndex", to: 3 },
    { do: "run", ticks: 4 },
  ]);
  const rows = played.trace.of("read");
  deepStrictEqual(rows.map(({ number, node, event, value }) => [number, node, event, value]), [
    [1, 3, "answered", "a"],
    [2, 1, "asked", null],
    [3, 2, "forwarded", null],
    [4, 3, "forwarded", null],
    [2, 1, "answered", null],
    [3, 2, "answered", "a"],
  ]);
});

Deno.test("request is of a client that stays the same, and asks until it is answered; loseAnswer loses what it is told", () => {
  const { trace } = tellLed([
    { do: "loseAnswer", client: 1, count: 1 },
    { do: "request", client: 1, to: "follower 1", timeout: 4 },
    { do: "request", client: 1, command: { kind: "Get", key: "x" }, way: "readIndex" },
    { do: "request", client: 2, command: { kind: "Delete", key: "y" }, sessions: false },
    { do: "run", ticks: 20 },
  ]);
  const told = (client: number) =>
    trace.of("request").filter((row) => row.client === client)
      .map(({ request, event, node, command, value }) => [request, event, node, commandText(command), value]);
  deepStrictEqual(told(1), [
    [1, "asked", 2, "Put x = a", null],
    [1, "refused", 2, "Put x = a", null],
    [1, "asked", 1, "Put x = a", null],
    [1, "lost", 1, "Put x = a", null],
    [1, "timedOut", 1, "Put x = a", null],
    [1, "asked", 3, "Put x = a", null],
    [1, "refused", 3, "Put x = a", null],
    [1, "asked", 1, "Put x = a", null],
    [1, "answered", 1, "Put x = a", null],
    [2, "asked", 1, "Get x", null],
    [2, "answered", 1, "Get x", "a"],
  ]);
  deepStrictEqual(told(2), [[1, "asked", 1, "Delete y", null], [1, "answered", 1, "Delete y", null]]);
  const asked = trace.of("proposal").map(({ command, by }) => [command.by ?? null, by]);
  const [mine, other] = [{ client: 1, request: 1 }, { client: 2, request: 1 }];
  deepStrictEqual(asked, [[null, other], [mine, mine], [mine, mine]]);
});

Deno.test("confChange asks the leader, or whom it names, for another configuration; it may be that it cannot be", () => {
  const played = tell([
    { do: "confChange", to: 2, remove: 3 },
    ...LED,
    { do: "confChange", addVoters: 5, addLearners: ["leader"], remove: ["follower 1", 3], transition: "explicit" },
    { do: "run", ticks: 9 },
    { do: "confChange", to: 2 },
    { do: "run", ticks: 9 },
    { do: "confChange", remove: "all", to: 1 },
  ], { nodes: 5, setting: { spares: 2 } });
  deepStrictEqual(played.trace.of("confChange").map(({ node, change, result }) => [node, changeText(change), result]), [
    [2, "remove node 3", "dropped"],
    [1, "add node 5 as a voter, add node 1 as a learner, and remove nodes 2 and 3", "appended"],
    [2, "leave the joint configuration", "forwarded"],
    [1, "remove nodes 1 to 5", "dropped"],
  ]);
  deepStrictEqual(played.cluster.node(1).configuration, newConfState({ voters: [5], learners: [1] }));
});

Deno.test("a node without a vote cannot be told to campaign", () => {
  const { expectations: [{ found }] } = tellLed([{ do: "campaign", nodes: 3 }], { setting: { spares: 1 } });
  deepStrictEqual(found, "Cannot campaign: node 3 is no voter of its configuration; campaign on one, or add it first");
});

Deno.test("transfer asks the leader, or whom it names, for one node to lead; it may be that it cannot", () => {
  const played = tellLed([
    { do: "transfer", to: "follower 2" },
    { do: "transfer", to: 2, from: 3 },
    { do: "transfer", to: "leader" },
  ]);
  deepStrictEqual(played.trace.of("transfer").map(({ node, transferee, result }) => [node, transferee, result]), [
    [1, 3, "begun"],
    [3, 2, "forwarded"],
    [1, 1, "refused"],
  ]);
});

Deno.test("compact discards what was applied, but for the last entries, on the nodes it names", () => {
  const write: Step[] = [{ do: "propose" }, { do: "run", ticks: 4 }];
  const { cluster } = tellLed([...write, ...write, { do: "compact", nodes: [1, 2], keep: 1 }]);
  deepStrictEqual(cluster.nodes().map((node) => [node.status().firstIndex, node.terms()]), [
    [3, [1]],
    [3, [1]],
    [1, [1, 1, 1]],
  ]);
});

const LINKS: [action: Step, links: string[]][] = [
  [{ do: "cut", from: 1, to: 2 }, ["1>2 cut 1", "2>1 cut 1"]],
  [{ do: "cut", from: 1, to: 2, oneWay: true }, ["1>2 cut 1"]],
  [{ do: "hold", from: "leader", to: "followers", oneWay: true }, ["1>2 held 1", "1>3 held 1"]],
  [{ do: "hold", from: [1, 2], to: "all" }, ["1>2", "1>3", "2>1", "2>3", "3>1", "3>2"].map((link) => `${link} held 1`)],
  [{ do: "delay", from: 2, to: 3, ticks: 5 }, ["2>3 open 5", "3>2 open 5"]],
  [{ do: "delay", from: 2, to: 3, ticks: 5, oneWay: true }, ["2>3 open 5"]],
  [{ do: "partition", groups: [1, ["followers"]] }, ["1>2 cut 1", "1>3 cut 1", "2>1 cut 1", "3>1 cut 1"]],
];

for (const [action, links] of LINKS) {
  Deno.test(`${JSON.stringify(action)} makes the links ${links.join(", ")}`, () => {
    deepStrictEqual(changed(tellLed([action])), links);
  });
}

Deno.test("mend opens the links it names, both ways or one, and heal all", () => {
  const cut: Step = { do: "cut", from: "all", to: "all" };
  deepStrictEqual(changed(tellLed([cut, { do: "mend", from: 1, to: 2 }])).length, 4);
  deepStrictEqual(changed(tellLed([cut, { do: "mend", from: 1, to: 2, oneWay: true }])).length, 5);
  deepStrictEqual(changed(tellLed([cut, { do: "heal" }])), []);
});

Deno.test("a step with a title begins a part of the story", () => {
  const { trace, stage } = tell([...LED, { do: "heal", title: "A part" }]);
  deepStrictEqual(trace.of("part").map(({ title, tick }) => [title, tick]), [["A part", stage.cluster.now]]);
});

/** Four appends are in flight: at index 1 and then 2, to node 2 and to node 3. */
const TWO_WRITES: readonly Step[] = [{ do: "propose" }, { do: "propose" }];
const ALL = ["Append 1>2", "Append 1>3", "Append 1>2", "Append 1>3"];

const FILTERS: [filter: MessageFilter, lost: number[]][] = [
  [{}, [0, 1, 2, 3]],
  [{ type: "Append" }, [0, 1, 2, 3]],
  [{ type: "Heartbeat" }, []],
  [{ from: 1 }, [0, 1, 2, 3]],
  [{ from: "followers" }, []],
  [{ to: 3 }, [1, 3]],
  [{ to: ["follower 1", 1] }, [0, 2]],
  [{ index: 2 }, [2, 3]],
  [{ type: "Append", from: "leader", to: 3, index: 1 }, [1]],
];

for (const [filter, lost] of FILTERS) {
  Deno.test(`of four messages in flight, ${JSON.stringify(filter)} means ${lost.length}`, () => {
    const { cluster } = tellLed([...TWO_WRITES, { do: "dropMessages", ...filter }]);
    deepStrictEqual(inFlight(cluster), ALL.filter((_, i) => !lost.includes(i)));
  });
}

Deno.test("messages that are held wait until they are released, and arrive with the next tick then", () => {
  const played = tellLed([...TWO_WRITES, { do: "holdMessages", to: 3 }, { do: "run", ticks: 20 }]);
  deepStrictEqual(inFlight(played.cluster), ["Append 1>3", "Append 1>3"]);
  goOn(played.stage, [{ do: "releaseMessages", to: 3, type: "Append", index: 1 }]);
  deepStrictEqual(fatesIn(played, 1).slice(0, 1), ["delivered Append 1>3"]);
  deepStrictEqual(inFlight(played.cluster).slice(0, 1), ["Append 1>3"], "the other waits on");
});

Deno.test("messages that are duplicated arrive twice", () => {
  const played = tellLed([{ do: "propose" }, { do: "duplicateMessages", to: 2 }]);
  deepStrictEqual(inFlight(played.cluster), ["Append 1>2", "Append 1>3", "Append 1>2"]);
  deepStrictEqual(fatesIn(played, 1).slice(0, 3), [ALL[0], ALL[1], ALL[0]].map((message) => `delivered ${message}`));
});

/** What becomes of five appends to each follower, after these steps: how many of them are lost, by receiver. */
function lostAfter(steps: readonly Step[]): Record<string, number> {
  const writes = Array.from({ length: 5 }, (): Step => ({ do: "propose" }));
  const { trace } = tellLed([...steps, ...writes]);
  const lost = trace.of("message").filter(({ event }) => event === "dropped");
  return Object.fromEntries([2, 3].map((id) => [id, lost.filter(({ to }) => to === id).length]));
}

Deno.test("dropNext loses exactly as many messages as it says, of those it means", () => {
  deepStrictEqual(lostAfter([{ do: "dropNext", count: 3, to: 2 }]), { 2: 3, 3: 0 });
  deepStrictEqual(lostAfter([{ do: "dropNext", count: 3 }]), { 2: 2, 3: 1 });
  deepStrictEqual(lostAfter([{ do: "dropNext", count: 0, to: 2 }]), { 2: 0, 3: 0 });
  deepStrictEqual(lostAfter([{ do: "dropNext", count: 9, type: "Heartbeat" }]), { 2: 0, 3: 0 });
  deepStrictEqual(lostAfter([{ do: "dropNext", count: 9, index: 3 }]), { 2: 1, 3: 1 });
});

Deno.test("several dropNext add up, and no message counts for two of them", () => {
  const toTwo: Step = { do: "dropNext", count: 1, to: 2 };
  deepStrictEqual(lostAfter([toTwo, toTwo]), { 2: 2, 3: 0 });
  deepStrictEqual(lostAfter([toTwo, { do: "dropNext", count: 2, to: 3 }]), { 2: 1, 3: 2 });
});

Deno.test("dropNext means the nodes that its words mean when it is said", () => {
  const { trace } = tellLed([
    { do: "dropNext", count: 1, from: "leader", type: "RequestVote" },
    { do: "dropNext", count: 1, to: "leader", type: "RequestVote" },
    { do: "campaign", nodes: 2 },
    { do: "run", ticks: 3 },
  ]);
  const lost = trace.of("message").filter(({ event }) => event === "dropped");
  deepStrictEqual(lost.map(({ type, from, to }) => [type, from, to]), [["RequestVote", 2, 1]]);
});
