import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { type Interceptor, Network, NetworkError } from "./network.ts";
import type { Message, NodeId } from "./raft/mod.ts";

/** A message that can be told from others by its commit index. */
function letter(from: NodeId, to: NodeId, commit = 0): Message {
  return { type: "Heartbeat", from, to, term: 1, leaderCommit: commit };
}

/** A network on which so many messages go from 1 to 2, and what it has told of faults and fates since this was last asked. */
function networkWith(letters = 0, latency = 1) {
  const [faults, fates]: [string[], string[]] = [[], []];
  const network = new Network(latency, (event) => {
    if (event.kind === "message") fates.push(`${event.event} ${event.envelope.id}`);
    else if (event.kind === "messageFault") faults.push(`${event.fault} ${event.envelope.id}`);
    else faults.push(`${event.link.from}>${event.link.to} ${event.link.state} ${event.link.latency}`);
  });
  for (let i = 0; i < letters; i++) network.send(letter(1, 2));
  const inFlight = () => network.inFlight().map(({ id, arrivesAt }) => [id, arrivesAt]);
  return { network, faults: () => faults.splice(0), fates: () => fates.splice(0), inFlight };
}

/** The ids of the messages that arrive in each of the next ticks are these. */
function arrive(network: Network, ...ids: readonly number[][]): void {
  deepStrictEqual(ids.map(() => network.tick().map(({ id }) => id)), ids);
}

Deno.test("a message arrives once, as it was sent, after the network's latency", () => {
  const { network, inFlight } = networkWith(0, 3);
  const message = letter(1, 2, 7);
  deepStrictEqual(network.send(message), { id: 1, message, sentAt: 0, arrivesAt: 3 });
  strictEqual(inFlight().length, 1);
  arrive(network, [], [], [1], [], []);
  deepStrictEqual(inFlight(), []);
});

Deno.test("a message does not overtake another on its link, even if the latency is lowered", () => {
  const { network } = networkWith(1, 5);
  network.delay(1, 2, 1);
  network.delay(3, 2, 1);
  for (const from of [1, 3]) network.send(letter(from, 2));
  arrive(network, [3], [], [], [], [1, 2]);
});

Deno.test("whatever happens to a link's latency or to the link, what arrives arrives in the order of sending", () => {
  const step = fc.oneof(fc.constantFrom("send", "tick", "hold", "mend", "cut"), fc.integer({ min: 1, max: 5 }));
  fc.assert(fc.property(fc.array(step), (steps) => {
    const { network, inFlight } = networkWith();
    const arrived: number[] = [];
    const tick = () => arrived.push(...network.tick().map(({ id }) => id));
    for (const what of steps) {
      if (what === "send") network.send(letter(1, 2));
      else if (what === "tick") tick();
      else if (typeof what === "number") network.delay(1, 2, what);
      else network[what](1, 2);
    }
    network.heal();
    for (let i = 0; i < 6; i++) tick();
    deepStrictEqual(arrived, arrived.toSorted((a, b) => a - b));
    deepStrictEqual(inFlight(), []);
  }));
});

Deno.test("a cut link loses what is on it and what is sent on it, in one direction", () => {
  const { network, fates } = networkWith(1, 2);
  network.send(letter(2, 1));
  network.cut(1, 2);
  network.send(letter(1, 2));
  deepStrictEqual(fates(), ["sent 1", "sent 2", "dropped 1", "sent 3", "dropped 3"]);
  arrive(network, [], [2], []);
  network.mend(1, 2);
  network.send(letter(1, 2));
  arrive(network, [], [4]);
});

Deno.test("a held link keeps what is on it and what is sent on it; mended, it lets them go in order", () => {
  const { network, fates, inFlight } = networkWith(1, 2);
  network.hold(1, 2);
  for (const to of [2, 3]) network.send(letter(1, to));
  arrive(network, [], [3], [], []);
  deepStrictEqual(inFlight(), [[1, null], [2, null]]);
  network.mend(1, 2);
  network.send(letter(1, 2));
  arrive(network, [], [1, 2, 4], []);
  deepStrictEqual(fates(), ["sent 1", "sent 2", "sent 3", "sent 4"]);
});

Deno.test("a partition cuts every link between its groups and none within them; heal opens all", () => {
  const { network } = networkWith();
  const ids = [1, 2, 3, 4];
  const links = ids.flatMap((from) => ids.filter((to) => to !== from).map((to) => [from, to] as const));
  const passable = () => {
    for (const [from, to] of links) network.send(letter(from, to));
    return network.tick().map(({ message: { from, to } }) => `${from}>${to}`);
  };
  network.partition([1, 2], [3], [4]);
  deepStrictEqual(passable(), ["1>2", "2>1"]);
  network.hold(1, 2);
  network.heal();
  deepStrictEqual(passable(), links.map(([from, to]) => `${from}>${to}`));
});

Deno.test("one chosen message can be lost", () => {
  const { network, fates } = networkWith(3);
  network.dropMessage(2);
  arrive(network, [1, 3], []);
  deepStrictEqual(fates(), ["sent 1", "sent 2", "sent 3", "dropped 2"]);
});

Deno.test("one chosen message can overtake the others, held or not", () => {
  const { network } = networkWith(3, 3);
  network.releaseMessage(3);
  arrive(network, [3], [], [1, 2]);
  network.hold(1, 2);
  for (let i = 0; i < 2; i++) network.send(letter(1, 2));
  network.releaseMessage(5);
  arrive(network, [5], [], []);
  const together = networkWith(2).network;
  together.releaseMessage(2);
  arrive(together, [2, 1]);
});

Deno.test("one chosen message can be sent a second time, under an id of its own", () => {
  const { network } = networkWith();
  const { message } = network.send(letter(1, 2, 7));
  deepStrictEqual(network.duplicateMessage(1), { id: 2, message, sentAt: 0, arrivesAt: 1 });
  arrive(network, [1, 2], []);
});

Deno.test("what is not in flight can be neither lost nor held nor released nor doubled, and the error names it", () => {
  const { network } = networkWith(1);
  network.tick();
  for (const what of ["dropMessage", "holdMessage", "releaseMessage", "duplicateMessage"] as const) {
    throws(() => network[what](1), { name: "NetworkError", message: "Cannot find message 1: it is not in flight" });
  }
});

Deno.test("a latency is a whole number of ticks from 1, and the error names one that is not", () => {
  for (const latency of [0, -1, 1.5, NaN, Infinity, 2 ** 52]) {
    throws(() => new Network(latency), NetworkError);
    throws(
      () => new Network().delay(1, 2, latency),
      new RegExp(`the latency must be .* from 1 to 1000000, and is ${latency}$`),
    );
  }
});

Deno.test("links lead from node to node, and the error names what is none; nothing has changed then", () => {
  const events: unknown[] = [];
  const network = new Network(1, (event) => events.push(event), 3);
  for (const [groups, found] of [[[5, [1]], "5"], [[[1], null], "null"], [[[1], [2, 4]], "4"], [[[1], [NaN]], "NaN"]]) {
    const part = () => network.partition(...JSON.parse(JSON.stringify(groups)));
    throws(part, { name: "NetworkError", message: new RegExp(`and is ${found === "NaN" ? null : found}$`) });
  }
  for (const what of ["cut", "hold", "mend"] as const) {
    for (const id of [0, 4, 1.5, NaN]) throws(() => network[what](1, id), new RegExp(`from 1 to 3, and is ${id}$`));
  }
  deepStrictEqual(events, []);
});

Deno.test("a network carries 10,000 messages; what is sent beyond that is lost", () => {
  const { network, faults: _ } = networkWith(1);
  network.hold(1, 2);
  for (let doubled = 0; doubled < 15; doubled++) {
    for (const { id } of [...network.inFlight()]) network.duplicateMessage(id);
  }
  strictEqual(network.inFlight().length, 10_000);
  network.mend(1, 2);
  strictEqual(network.tick().length, 10_000);
});

Deno.test("a message that is taken in hand is told of, and not one that waits with its link, or waits already", () => {
  const { network, faults } = networkWith(2);
  network.hold(1, 2);
  network.holdMessage(1);
  network.mend(1, 2);
  deepStrictEqual(faults(), ["1>2 held 1", "1>2 open 1"]);
  network.holdMessage(1);
  network.holdMessage(1);
  network.duplicateMessage(1);
  network.releaseMessage(2);
  network.heal();
  deepStrictEqual(faults(), ["hold 1", "duplicate 1", "release 2", "resume 1"]);
});

Deno.test("a link is told of each time it changes, as it is then, and not if it is already what it shall be", () => {
  const { network, faults } = networkWith(0, 2);
  network.mend(1, 2);
  network.delay(1, 2, 2);
  network.heal();
  deepStrictEqual(faults(), []);
  for (const what of ["cut", "cut", "hold", "hold"] as const) network[what](1, 2);
  network.delay(1, 2, 5);
  network.mend(1, 2);
  deepStrictEqual(faults(), ["1>2 cut 2", "1>2 held 2", "1>2 held 5", "1>2 open 5"]);
  network.hold(2, 1);
  for (const from of [2, 3]) network.send(letter(from, 1));
  network.heal();
  deepStrictEqual(faults(), ["2>1 held 2", "2>1 open 2"]);
});

Deno.test("no node can be on two sides of a partition, and nothing is cut then", () => {
  const { network, faults } = networkWith();
  const message = "Cannot part the nodes: node 2 is in two groups";
  throws(() => network.partition([1, 2], [2, 3]), { name: "NetworkError", message });
  deepStrictEqual(faults(), []);
});

Deno.test("a link can be asked what it is; untouched, it is open and takes what the network takes", () => {
  const { network } = networkWith(0, 3);
  deepStrictEqual(network.link(1, 2), { from: 1, to: 2, latency: 3, state: "open" });
  network.delay(1, 2, 7);
  network.hold(1, 2);
  deepStrictEqual(network.link(1, 2), { from: 1, to: 2, latency: 7, state: "held" });
  deepStrictEqual(network.link(2, 1), { from: 2, to: 1, latency: 3, state: "open" });
  network.heal();
  deepStrictEqual(network.link(1, 2), { from: 1, to: 2, latency: 7, state: "open" }, "heal keeps the latency");
});

/** Does what a message's commit index says. */
const byCommit: Interceptor = (message) => {
  return (["carry", "drop", "hold"] as const)[message.type === "Heartbeat" ? message.leaderCommit : 0];
};

Deno.test("whoever intercepts decides of each message, carried, lost, or waiting, until another does, or nobody", () => {
  const { network, fates, inFlight } = networkWith();
  network.intercept(() => "drop");
  network.intercept(byCommit);
  for (const commit of [0, 1, 2]) network.send(letter(1, 2, commit));
  deepStrictEqual(fates(), ["sent 1", "sent 2", "dropped 2", "sent 3"]);
  arrive(network, [1], [], []);
  deepStrictEqual(inFlight(), [[3, null]]);
  network.intercept(null);
  network.send(letter(1, 2, 1));
  arrive(network, [4], []);
});

Deno.test("who intercepts is asked once a message, of copies too, and cannot save what is sent on a cut link", () => {
  const { network, faults, fates, inFlight } = networkWith();
  const asked: number[] = [];
  network.intercept((message) => {
    asked.push(message.to);
    return message.to === 3 ? "hold" : "carry";
  });
  network.send(letter(1, 2));
  network.duplicateMessage(1);
  network.cut(1, 3);
  network.send(letter(1, 3));
  deepStrictEqual([asked, fates().at(-1), faults()], [[2, 2, 3], "dropped 3", ["duplicate 1", "1>3 cut 1"]]);
  deepStrictEqual(inFlight(), [[1, 1], [2, 1]]);
});

const ENDS: readonly [what: string, end: (network: Network) => void, arrivals: number[][]][] = [
  ["released, at once", (network) => network.releaseMessage(1), [[1], []]],
  ["let go by its link, mended", (network) => network.mend(1, 2), [[], [1], []]],
  ["let go by its link, healed", (network) => network.heal(), [[], [1], []]],
  ["not let go by another link, mended", (network) => network.mend(2, 1), [[], [], []]],
];

for (const [what, end, arrivals] of ENDS) {
  Deno.test(`one chosen message waits while others pass, and is ${what}`, () => {
    const { network, inFlight } = networkWith(2, 2);
    network.holdMessage(1);
    arrive(network, [], [2], [], []);
    deepStrictEqual(inFlight(), [[1, null]]);
    end(network);
    arrive(network, ...arrivals);
  });
}

Deno.test("a message that is lost makes no later one wait", () => {
  const { network } = networkWith(0, 9);
  network.cut(1, 2);
  network.send(letter(1, 2));
  network.mend(1, 2);
  network.delay(1, 2, 1);
  network.send(letter(1, 2));
  arrive(network, [2]);
});
