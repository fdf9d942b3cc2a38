import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { type Interceptor, Network } from "./network.ts";
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
  deepStrictEqual(
    changes(),
    ["held", "doubled", "released", "resumed"].map((what) => {
      return `${what} ${what === "released" ? second.id : first.id}`;
    }),
  );
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

Deno.test("what is not in flight cannot wait, and the error names it", () => {
  throws(() => new Network().holdMessage(1), {
    name: "NetworkError",
    message: "Cannot find message 1: it is not in flight",
  });
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
