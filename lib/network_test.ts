import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { Network, NetworkError } from "./network.ts";
import type { Message, NodeId } from "./raft/mod.ts";

/** A message that can be told from others by its commit index. */
function letter(from: NodeId, to: NodeId, commit = 0): Message {
  return { type: "Heartbeat", from, to, term: 1, leaderCommit: commit };
}

/** The ids of the messages that arrive in each of the next `ticks` ticks. */
function arrivals(network: Network, ticks: number): number[][] {
  return Array.from({ length: ticks }, () => network.tick().map(({ id }) => id));
}

/** A network, and the fates it has reported, such as `sent 1`. */
function watched(latency = 1): { network: Network; fates: string[] } {
  const fates: string[] = [];
  return {
    network: new Network(
      latency,
      (event) => event.kind === "message" && fates.push(`${event.event} ${event.envelope.id}`),
    ),
    fates,
  };
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

Deno.test("what is not in flight can be neither lost nor released nor doubled, and the error names it", () => {
  const network = new Network();
  network.send(letter(1, 2));
  network.tick();
  for (
    const call of [() => network.dropMessage(1), () => network.releaseMessage(1), () => network.duplicateMessage(1)]
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
