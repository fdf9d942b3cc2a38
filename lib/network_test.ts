import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { type Interceptor, Network, NetworkError } from "./network.ts";
import type { Message, NodeId } from "./raft/mod.ts";

/** A message that can be told from others by its commit index. */
function letter(from: NodeId, to: NodeId, commit = 0): Message {
  return { type: "Heartbeat", from, to, term: 1, leaderCommit: commit };
}

/** The ids of the messages that arrive in each of the next `ticks` ticks. */
function arrivals(network: Network, ticks: number): number[][] {
  return Array.from({ length: ticks }, () => network.tick().map(({ id }) => id));
}

/** A network, what it has told of faults since this was last asked, and fates of messages. */
function watched(latency = 1): { network: Network; changes: () => string[]; fates: string[] } {
  const [faults, fates]: [string[], string[]] = [[], []];
  const network = new Network(latency, (event) => {
    if (event.kind === "message") fates.push(`${event.event} ${event.envelope.id}`);
    else if (event.kind === "messageFault") faults.push(`${event.fault} ${event.envelope.id}`);
    else faults.push(`${event.link.from}>${event.link.to} ${event.link.state} ${event.link.latency}`);
  });
  return { network, changes: () => faults.splice(0), fates };
}

Deno.test("a message arrives once, as it was sent, after the network's latency", () => {
  const network = new Network(3);
  const message = letter(1, 2, 7);
  deepStrictEqual(network.send(message), { id: 1, message, sentAt: 0, arrivesAt: 3 });
  strictEqual(network.inFlight().length, 1);
  deepStrictEqual(arrivals(network, 5), [[], [], [1], [], []]);
  deepStrictEqual(network.inFlight(), []);
});

Deno.test("each direction of each link has its own latency", () => {
  const network = new Network();
  network.delay(1, 2, 3);
  network.send(letter(1, 2));
  network.send(letter(2, 1));
  network.send(letter(1, 3));
  deepStrictEqual(arrivals(network, 3), [[2, 3], [], [1]]);
});

Deno.test("a message does not overtake another on its link, even if the latency is lowered", () => {
  const network = new Network();
  network.delay(1, 2, 5);
  network.send(letter(1, 2));
  network.delay(1, 2, 1);
  network.send(letter(1, 2));
  network.send(letter(3, 2));
  deepStrictEqual(arrivals(network, 5), [[3], [], [], [], [1, 2]]);
});

Deno.test("whatever happens to a link's latency or to the link, what arrives arrives in the order of sending", () => {
  const step = fc.oneof(
    fc.constant("send"),
    fc.constant("tick"),
    fc.constantFrom("hold", "mend", "cut"),
    fc.integer({ min: 1, max: 5 }),
  );
  fc.assert(fc.property(fc.array(step), (steps) => {
    const network = new Network();
    const arrived: number[] = [];
    const tick = () => arrived.push(...network.tick().map(({ id }) => id));
    for (const what of steps) {
      if (what === "send") network.send(letter(1, 2));
      else if (what === "tick") tick();
      else if (what === "hold") network.hold(1, 2);
      else if (what === "mend") network.mend(1, 2);
      else if (what === "cut") network.cut(1, 2);
      else if (typeof what === "number") network.delay(1, 2, what);
    }
    network.heal();
    for (let i = 0; i < 6; i++) tick();
    deepStrictEqual(arrived, arrived.toSorted((a, b) => a - b));
    deepStrictEqual(network.inFlight(), []);
  }));
});

Deno.test("a cut link loses what is on it and what is sent on it, in one direction", () => {
  const { network, fates } = watched(2);
  network.send(letter(1, 2));
  network.send(letter(2, 1));
  network.cut(1, 2);
  network.send(letter(1, 2));
  deepStrictEqual(fates, ["sent 1", "sent 2", "dropped 1", "sent 3", "dropped 3"]);
  deepStrictEqual(arrivals(network, 3), [[], [2], []]);
  network.mend(1, 2);
  network.send(letter(1, 2));
  deepStrictEqual(arrivals(network, 2), [[], [4]]);
});

Deno.test("a held link keeps what is on it and what is sent on it; mended, it lets them go in order", () => {
  const { network, fates } = watched(2);
  network.send(letter(1, 2));
  network.hold(1, 2);
  network.send(letter(1, 2));
  network.send(letter(1, 3));
  deepStrictEqual(arrivals(network, 4), [[], [3], [], []]);
  deepStrictEqual(network.inFlight().map(({ id, arrivesAt }) => [id, arrivesAt]), [[1, null], [2, null]]);
  network.mend(1, 2);
  network.send(letter(1, 2));
  deepStrictEqual(arrivals(network, 3), [[], [1, 2, 4], []]);
  deepStrictEqual(fates, ["sent 1", "sent 2", "sent 3", "sent 4"]);
});

Deno.test("a cut loses what was held", () => {
  const { network, fates } = watched();
  network.hold(1, 2);
  network.send(letter(1, 2));
  network.cut(1, 2);
  network.mend(1, 2);
  deepStrictEqual([fates, arrivals(network, 2)], [["sent 1", "dropped 1"], [[], []]]);
});

Deno.test("a partition cuts every link between its groups and none within them; heal opens all", () => {
  const network = new Network();
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
  const { network, fates } = watched();
  for (let i = 0; i < 3; i++) network.send(letter(1, 2));
  network.dropMessage(2);
  deepStrictEqual(arrivals(network, 2), [[1, 3], []]);
  deepStrictEqual(fates, ["sent 1", "sent 2", "sent 3", "dropped 2"]);
});

Deno.test("one chosen message can overtake the others, held or not", () => {
  const network = new Network(3);
  for (let i = 0; i < 3; i++) network.send(letter(1, 2));
  network.releaseMessage(3);
  deepStrictEqual(arrivals(network, 3), [[3], [], [1, 2]]);
  network.hold(1, 2);
  for (let i = 0; i < 2; i++) network.send(letter(1, 2));
  network.releaseMessage(5);
  deepStrictEqual(arrivals(network, 3), [[5], [], []]);

  const together = new Network(1);
  for (let i = 0; i < 2; i++) together.send(letter(1, 2));
  together.releaseMessage(2);
  deepStrictEqual(arrivals(together, 1), [[2, 1]]);
});

Deno.test("one chosen message can be sent a second time, under an id of its own", () => {
  const network = new Network();
  const { message } = network.send(letter(1, 2, 7));
  deepStrictEqual(network.duplicateMessage(1), { id: 2, message, sentAt: 0, arrivesAt: 1 });
  deepStrictEqual(arrivals(network, 2), [[1, 2], []]);
});

Deno.test("what is not in flight can be neither lost nor held nor released nor doubled, and the error names it", () => {
  const network = new Network();
  network.send(letter(1, 2));
  network.tick();
  for (
    const call of [
      () => network.dropMessage(1),
      () => network.holdMessage(1),
      () => network.releaseMessage(1),
      () => network.duplicateMessage(1),
    ]
  ) {
    throws(call, { name: "NetworkError", message: "Cannot find message 1: it is not in flight" });
  }
});

Deno.test("a latency is a whole number of ticks from 1, and the error names one that is not", () => {
  const network = new Network();
  for (const latency of [0, -1, 1.5, NaN, Infinity]) {
    throws(() => new Network(latency), NetworkError);
    throws(() => network.delay(1, 2, latency), new RegExp(`Cannot use a latency of ${latency}: .* from 1$`));
  }
});

Deno.test("a message that is taken in hand is told of, and not one that waits with its link, or waits already", () => {
  const { network, changes } = watched();
  const [first, second] = [network.send(letter(1, 2)), network.send(letter(1, 2))];
  network.hold(1, 2);
  network.holdMessage(first.id);
  network.mend(1, 2);
  deepStrictEqual(changes(), ["1>2 held 1", "1>2 open 1"]);
  network.holdMessage(first.id);
  network.holdMessage(first.id);
  network.duplicateMessage(first.id);
  network.releaseMessage(second.id);
  network.heal();
  const [one, other] = [first.id, second.id];
  deepStrictEqual(changes(), [`hold ${one}`, `duplicate ${one}`, `release ${other}`, `resume ${one}`]);
});

Deno.test("a link is told of each time it changes, as it is then", () => {
  const { network, changes } = watched(2);
  network.cut(1, 2);
  network.hold(1, 2);
  network.delay(1, 2, 5);
  network.mend(1, 2);
  deepStrictEqual(changes(), ["1>2 cut 2", "1>2 held 2", "1>2 held 5", "1>2 open 5"]);
});

Deno.test("a link is not told of if it is already what it shall be", () => {
  const { network, changes } = watched();
  network.mend(1, 2);
  network.delay(1, 2, 1);
  network.heal();
  deepStrictEqual(changes(), []);
  network.cut(1, 2);
  network.cut(1, 2);
  network.hold(2, 1);
  network.hold(2, 1);
  deepStrictEqual(changes(), ["1>2 cut 1", "2>1 held 1"]);
  network.send(letter(2, 1));
  network.send(letter(3, 1));
  network.heal();
  deepStrictEqual(changes(), ["1>2 open 1", "2>1 open 1"]);
});

Deno.test("a partition tells of every link that it cuts, and of none that was cut before", () => {
  const { network, changes } = watched();
  network.cut(1, 2);
  changes();
  network.partition([1], [2, 3]);
  deepStrictEqual(changes().toSorted(), ["1>3 cut 1", "2>1 cut 1", "3>1 cut 1"]);
  network.heal();
  deepStrictEqual(changes().length, 4);
});

Deno.test("no node can be on two sides of a partition, and nothing is cut then", () => {
  const { network, changes } = watched();
  throws(() => network.partition([1, 2], [2, 3]), {
    name: "NetworkError",
    message: "Cannot part the nodes: node 2 is in two groups",
  });
  deepStrictEqual(changes(), []);
});

Deno.test("a link can be asked what it is; untouched, it is open and takes what the network takes", () => {
  const network = new Network(3);
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
  if (message.type !== "Heartbeat") return "carry";
  return message.leaderCommit === 1 ? "drop" : message.leaderCommit === 2 ? "hold" : "carry";
};

Deno.test("whoever intercepts decides of each message: it is carried, lost, or waits", () => {
  const { network, fates } = watched();
  network.intercept(byCommit);
  for (const commit of [0, 1, 2]) network.send(letter(1, 2, commit));
  deepStrictEqual(fates, ["sent 1", "sent 2", "dropped 2", "sent 3"]);
  deepStrictEqual(arrivals(network, 3), [[1], [], []]);
  deepStrictEqual(network.inFlight().map(({ id, arrivesAt }) => [id, arrivesAt]), [[3, null]]);
});

Deno.test("one who intercepts takes the place of another; null, and nobody intercepts", () => {
  const { network } = watched();
  network.intercept(() => "drop");
  network.send(letter(1, 2));
  network.intercept(byCommit);
  network.send(letter(1, 2));
  network.intercept(null);
  network.send(letter(1, 2, 1));
  deepStrictEqual(arrivals(network, 2), [[2, 3], []]);
});

Deno.test("who intercepts is asked once a message, of copies too, and cannot save what is sent on a cut link", () => {
  const { network, fates } = watched();
  const asked: number[] = [];
  network.intercept((message) => {
    asked.push(message.to);
    return message.to === 3 ? "hold" : "carry";
  });
  network.send(letter(1, 2));
  network.duplicateMessage(1);
  network.cut(1, 3);
  network.send(letter(1, 3));
  deepStrictEqual([asked, fates.at(-1)], [[2, 2, 3], "dropped 3"]);
  deepStrictEqual(network.inFlight().map(({ id }) => id), [1, 2]);
});

/** A network on which the first of two messages waits. */
function waiting(): Network {
  const network = new Network(2);
  for (let i = 0; i < 2; i++) network.send(letter(1, 2));
  network.holdMessage(1);
  deepStrictEqual(arrivals(network, 4), [[], [2], [], []]);
  strictEqual(network.inFlight()[0].arrivesAt, null);
  return network;
}

Deno.test("one chosen message can wait while others pass, until it is released", () => {
  const network = waiting();
  network.releaseMessage(1);
  deepStrictEqual(arrivals(network, 2), [[1], []]);
});

for (
  const [what, open] of [["mended", (network: Network) => network.mend(1, 2)], [
    "healed",
    (network: Network) => network.heal(),
  ]] as const
) {
  Deno.test(`a message that waits on an open link goes on its way once that is ${what}`, () => {
    const network = waiting();
    open(network);
    deepStrictEqual(arrivals(network, 3), [[], [1], []]);
  });
}

Deno.test("a link that is mended lets only its own messages go on", () => {
  const network = waiting();
  network.mend(2, 1);
  deepStrictEqual(arrivals(network, 3), [[], [], []]);
});

Deno.test("a message that is lost makes no later one wait", () => {
  const network = new Network(9);
  network.cut(1, 2);
  network.send({ type: "Heartbeat", from: 1, to: 2, term: 1, leaderCommit: 0 });
  network.mend(1, 2);
  network.delay(1, 2, 1);
  network.send({ type: "Heartbeat", from: 1, to: 2, term: 1, leaderCommit: 1 });
  deepStrictEqual(network.tick().map(({ id }) => id), [2]);
});
