/**
 * Hostile messages: a small cluster goes on, while nodes are given messages that are late, mixed with others, and damaged.
 *
 * A message is taken, or it is refused and nothing has changed, or it stops its node with a broken invariant. After each
 * step the node's log is well formed, and what the node holds is bounded. That the nodes still agree is not asked:
 * against liars Raft cannot help.
 *
 * @module
 */
import { type Config, InvariantViolation, MemStorage, type Message, type NodeId, type Raft } from "../raft/mod.ts";
import { RaftError, type RandomInt, randomInts, RawNode, seededRandom } from "../raft/mod.ts";

/** The most that a node may hold, of entries and of messages; that is on its way to a follower; and of messages in all. */
const [BOUND, WINDOW, MAX_SENT] = [200, 2, 12];
const IDS = [1, 2, 3];
/** What hardly any part of a message can be. */
const ODD: readonly unknown[] = [-1, 0.5, NaN, 2 ** 52 - 1, 2 ** 52, 2 ** 53, null, undefined, "1", {}, [null], true];

/** How many steps there were, how many were refused or stopped a node, and how many ended an election or a restore. */
export type MessageCoverage = ReturnType<typeof newWorld>["seen"];

function newWorld(random: RandomInt) {
  const seen = { steps: 0, refused: 0, stopped: 0, elections: 0, restored: 0 };
  const sent: Message[] = [{ type: "Propose", from: 1, to: 1, proposals: [new Uint8Array(1)] }];
  const lease = random(0, 2) > 0;
  const readOnlyOption = lease && random(0, 2) > 0 ? "leaseBased" : "safe";
  const features = { preVote: random(0, 2) > 0, checkQuorum: lease, readOnlyOption } as const;
  return { random, seen, sent, features, nodes: IDS.map((id) => fresh(id, random, features)) };
}

function fresh(id: NodeId, random: RandomInt, features: Partial<Config>): RawNode {
  const storage = MemStorage.newWithConfState({ voters: IDS });
  const ticks = { electionTick: 4, maxInflightMsgs: WINDOW };
  return new RawNode({ id, random: seededRandom(random(0, 1e6)), ...ticks, ...features }, storage);
}

/**
 * Give hostile messages to the nodes of a small cluster, as `seed` decides. After many more steps than these forged terms have
 * used up most of all terms.
 *
 * @returns What was seen.
 * @throws {Error} if a message does what none may do, with that message.
 */
export function fuzzMessages(seed: number, steps = 500): MessageCoverage {
  const world = newWorld(randomInts(seed));
  for (; world.seen.steps < steps; world.seen.steps++) step(world);
  return world.seen;
}

/** A tick, or a message: one that was sent, perhaps not for the first time, or a hostile one; then perhaps the ready loop. */
function step(world: ReturnType<typeof newWorld>): void {
  const { random, seen, nodes, sent, features } = world;
  const [old, what] = [sent[random(0, sent.length)], random(0, 100)];
  const message = what < 36 ? null : what < 78 ? old : hostile(old, sent[random(0, sent.length)], random);
  const node = nodes[(message === old ? old.to : random(1, 4)) - 1];
  const { raft, raft: { id, role } } = node;
  const before = message === null ? "" : node.fingerprint();
  try {
    if (message === null && what < 2) node.readIndex(new Uint8Array(1).fill(random(0, 256)));
    else if (message === null && what < 3) node.transferLeader(random(1, 4));
    else if (message === null) node.tick();
    else node.step(message);
    if (what % 4 > 0) turn(world, node);
    if (!isSound(raft)) throw new Error("the log is not well formed, or what the node holds is not bounded");
    if (raft.role !== role && raft.role.kind === "leader") seen.elections++;
  } catch (error) {
    const isRefused = error instanceof RaftError && node.fingerprint() === before;
    if (!isRefused && !(error instanceof InvariantViolation)) {
      throw new Error(`Cannot go on after ${JSON.stringify(message)}: ${error}`, { cause: error });
    }
    if (!isRefused) nodes[id - 1] = fresh(id, random, features);
    seen[isRefused ? "refused" : "stopped"]++;
  }
}

/** The ready loop, once. No node starts again, so no hard state is stored; the proposal stays among what was sent. */
function turn({ sent, seen }: ReturnType<typeof newWorld>, node: RawNode): void {
  const { storage, applied } = node.raft.log;
  if (!node.hasReady() || !(storage instanceof MemStorage)) return;
  const ready = node.ready();
  if (ready.snapshot !== null) storage.applySnapshot(ready.snapshot);
  if (ready.snapshot !== null) seen.restored++;
  storage.append(ready.entries);
  const { messages } = node.advance(ready);
  node.advanceApply();
  sent.push(...[...ready.messages, ...ready.persistedMessages, ...messages].filter(({ to }) => IDS.includes(to)));
  sent.splice(1, sent.length - MAX_SENT);
  if (applied < storage.firstIndex()) return;
  storage.createSnapshot(applied, new Uint8Array(1));
  storage.compact(applied);
}

/** Two messages mixed, and two parts replaced, perhaps by what they are. */
function hostile(one: Message, other: Message, random: RandomInt): Message {
  const mixed = { ...other, ...one, type: random(0, 2) > 0 ? one.type : other.type };
  return damaged(damaged(mixed, random), random) as Message;
}

/** `value` with one of its parts, or a part of that, replaced. */
function damaged(value: object, random: RandomInt): object {
  const parts = Object.entries(value);
  const [key, part] = parts[random(0, parts.length)];
  const isNested = typeof part === "object" && Object.keys(part ?? {}).length > 0 && random(0, 4) > 0;
  const odd = typeof part === "number" && random(0, 12) > 0
    ? part + random(0, 2) * random(-3, 5)
    : ODD[random(0, ODD.length)];
  const other = isNested ? damaged(part, random) : odd;
  return Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other };
}

/** Whether the log is well formed, its marks are in order, and what the node holds is bounded. */
function isSound({ term, log, role, messages }: Raft): boolean {
  const [first, last, mark] = [log.firstIndex(), log.lastIndex(), Math.min(log.committed, log.persisted)];
  const terms = Array.from({ length: last - first + 2 }, (_, i) => log.term(first - 1 + i) ?? NaN).concat(term);
  const followers = role.kind === "leader" ? [...role.tracker.values()] : [];
  return log.applied <= mark && mark <= last && terms.every((now, i) => i === 0 || terms[i - 1] <= now) &&
    log.unstable.entries.every(({ index }, i) => index === log.unstable.offset + i) &&
    last - first < BOUND && messages.length < BOUND && followers.every(({ matchIndex }) => matchIndex <= last) &&
    followers.every(({ state }) => state.kind !== "replicate" || state.inflights.count <= WINDOW);
}
