/**
 * Fuzz runs of the core alone: nodes join, leave and crash, leadership is handed over, clients write and read, the log is
 * compacted, and messages are lost, late and sent twice, all decided by a seed. The invariants of VERIFY hold after every
 * step, among them those of configurations (17, 19) and reads (18); and once everything is mended, all members agree (20).
 *
 * @module
 */
import { changeConfiguration } from "../raft/conf_change.ts";
import { membersOf, votersOf } from "../raft/configuration.ts";
import { assert, type ConfChange, type ConfState, decodeConfChange, type Entry, type HardState } from "../raft/mod.ts";
import { type Index, InvariantViolation, majority, MemStorage, type Message, newConfState } from "../raft/mod.ts";
import {
  type NodeId,
  RaftError,
  type RandomInt,
  randomInts,
  RawNode,
  type Ready,
  seededRandom,
  StorageError,
} from "../raft/mod.ts";

const IDS: readonly NodeId[] = [1, 2, 3, 4, 5, 6];
const STEPS = 1500;
/** The most messages that are on their way; more are lost. */
const MAX_IN_FLIGHT = 120;
/** Ticks within which a mended cluster agrees. */
const PATIENCE = 1000;

/** How often something was seen. */
export interface CoreCoverage {
  elections: number;
  /** Configurations that came into force, those that were joint, and leaders that left with one. */
  changes: number;
  joint: number;
  removedLeaders: number;
  /** Reads that were answered. */
  reads: number;
  /** Campaigns that a leader asked for. */
  transfers: number;
  snapshots: number;
  crashes: number;
}

/** What may be added to a run. */
export interface CoreFuzzOptions {
  /** Called with every node that starts: breaks something, to see whether it is found. */
  readonly mutation?: (node: RawNode) => void;
}

/** A node, its disk, and what its application has made of the log. */
interface Member {
  readonly id: NodeId;
  node: RawNode;
  storage: MemStorage;
  /** What a crash leaves. */
  durable: MemStorage;
  /** What the disk was given and has not stored yet, and what is durable then. */
  writes: { readonly ready: Ready; readonly durable: MemStorage }[];
  /** What was last seen of it. */
  seen: { hs: HardState; leads: boolean; confState: ConfState };
}

/**
 * Let six nodes go through what `seed` decides.
 *
 * @returns What was seen.
 * @throws {InvariantViolation} with the seed and the step at which an invariant broke.
 */
export function fuzzCore(seed: number, options: CoreFuzzOptions = {}): CoreCoverage {
  const world = new World(seed, options);
  let step = 0;
  try {
    while (step++ < STEPS) world.step();
    world.mend();
    return world.coverage;
  } catch (error) {
    throw error instanceof InvariantViolation ? error.at({ seed, step }) : error;
  }
}

class World {
  readonly coverage: CoreCoverage = {
    elections: 0,
    changes: 0,
    joint: 0,
    removedLeaders: 0,
    reads: 0,
    transfers: 0,
    snapshots: 0,
    crashes: 0,
  };
  readonly #random: RandomInt;
  readonly #mutation: (node: RawNode) => void;
  readonly #config;
  readonly #founders: ConfState;
  readonly #writes: "waited for" | "under way";
  readonly #members: Member[];
  readonly #history = new History();
  /** What is on its way, in no order. */
  #inFlight: Message[] = [];
  /** Who can hear whom: nodes of the same side. */
  #sides = new Map<NodeId, number>();
  /** By context: the highest index that was committed when the read was asked for. */
  readonly #reads = new Map<string, Index>();
  #number = 0;

  constructor(seed: number, { mutation = () => {} }: CoreFuzzOptions) {
    this.#random = randomInts(seed);
    this.#mutation = mutation;
    this.#founders = newConfState({ voters: IDS.slice(0, this.#oneOf([1, 2, 3, 3, 4, 5])) });
    const [preVote, checkQuorum] = [this.#chance(500), this.#chance(500)];
    this.#writes = this.#oneOf(["waited for", "waited for", "under way"]);
    const maxSizePerMsg = this.#oneOf([0, 100, Infinity]);
    const maxCommittedSizePerReady = this.#oneOf([0, Infinity]);
    const maxInflightMsgs = this.#oneOf([1, 4, 256]);
    const readOnlyOption = checkQuorum && this.#chance(500) ? "leaseBased" as const : "safe" as const;
    const limits = { maxSizePerMsg, maxCommittedSizePerReady, maxInflightMsgs };
    this.#config = { electionTick: 6, heartbeatTick: 2, preVote, checkQuorum, readOnlyOption, ...limits };
    this.#members = IDS.map((id) => this.#start(id, MemStorage.newWithConfState(this.#founders)));
  }

  /** Something happens, and is looked at. */
  step(): void {
    const member = this.#oneOf(this.#members);
    const what = this.#random(0, 1000);
    if (what < 330 && this.#config.readOnlyOption === "leaseBased") this.#tickAll();
    else if (what < 330) member.node.tick();
    else if (what < 800) this.#disturb();
    else if (what < 850) this.#write(member);
    else if (what < 915) this.#read(member);
    else if (what < 945) this.#change(member);
    else if (what < 960) member.node.transferLeader(this.#oneOf(IDS));
    else if (what < 970) this.#compact(member);
    else if (what < 978) this.#divide();
    else if (what < 986) this.#sides.clear();
    else if (what < 992) this.#crash(member);
    else if (this.#config.readOnlyOption === "safe") this.#try(() => member.node.campaign());
    this.#look(member);
    if (this.#chance(800)) this.#turn(member);
  }

  /** A lease is right only while all clocks run alike; and no lease holds back a campaign by hand. */
  #tickAll(): void {
    if (!this.#chance(300)) return;
    for (const member of this.#members) {
      member.node.tick();
      this.#look(member);
    }
  }

  /** 20: everything is mended, and nothing breaks any more. */
  mend(): void {
    this.#sides.clear();
    for (let tick = 0; tick < PATIENCE; tick++) {
      for (const member of this.#members) {
        member.node.tick();
        this.#look(member);
      }
      for (let round = 0; round < 50 && (round === 0 || this.#inFlight.length > 0); round++) {
        const messages = this.#inFlight;
        this.#inFlight = [];
        for (const message of messages) this.#deliver(message);
        for (const member of this.#members) {
          while (member.node.hasReady() || member.writes.length > 0) this.#turn(member, 0);
        }
      }
      if (tick % 100 === 50) { for (const member of this.#members) this.#write(member); }
      if (tick > 60 && this.#agree()) return;
    }
    throw new InvariantViolation("Liveness: a mended cluster goes on until all members have applied the same");
  }

  #agree(): boolean {
    const leaders = this.#members.filter(({ node }) => node.raft.role.kind === "leader");
    if (leaders.length !== 1 || leaders[0].node.raft.confState.autoLeave) return false;
    const { raft } = leaders[0].node;
    const last = raft.log.lastIndex();
    const members = this.#members.filter(({ id }) => membersOf(raft.confState).includes(id));
    return members.every(({ node }) => node.raft.log.applied === last);
  }

  /** A message arrives, now or once more later, or is lost. */
  #disturb(): void {
    if (this.#inFlight.length === 0) return;
    const position = this.#random(0, this.#inFlight.length);
    const message = this.#inFlight[position];
    const what = this.#random(0, 100);
    if (what >= 5) this.#inFlight.splice(position, 1);
    if (what < 12 && what >= 5 || this.#inFlight.length > MAX_IN_FLIGHT || this.#isCut(message)) {
      if (message.type === "Snapshot") this.#member(message.from).node.reportSnapshot(message.to, "failure");
    } else this.#deliver(message);
  }

  #deliver(message: Message): void {
    const member = this.#member(message.to);
    const before = member.node.raft.term;
    this.#try(() => member.node.step(message));
    if (message.type === "TimeoutNow" && member.node.raft.term > before) this.coverage.transfers++;
    if (message.type === "Snapshot") this.#member(message.from).node.reportSnapshot(message.to, "finish");
    this.#look(member);
  }

  #isCut({ from, to }: Message): boolean {
    return this.#sides.get(from) !== this.#sides.get(to);
  }

  #divide(): void {
    for (const id of IDS) this.#sides.set(id, this.#random(0, 2));
  }

  #write({ node }: Member): void {
    this.#try(() => node.propose(new TextEncoder().encode(`w${++this.#number}`)));
  }

  #read({ node }: Member): void {
    const context = `r${++this.#number}`;
    this.#reads.set(context, this.#history.committedUpTo);
    this.#try(() => node.readIndex(new TextEncoder().encode(context)));
  }

  #change({ node }: Member): void {
    const types = ["addNode", "addNode", "addLearnerNode", "removeNode"] as const;
    const changes = Array.from({ length: this.#random(0, 4) }, () => ({
      type: this.#oneOf(types),
      node: this.#oneOf(IDS),
    }));
    const transition = changes.length === 0 ? "auto" : this.#oneOf(["auto", "auto", "implicit", "explicit"] as const);
    this.#try(() => node.proposeConfChange({ transition, changes }));
  }

  /** A snapshot of what is applied, in place of the log up to there. */
  #compact({ node, storage }: Member): void {
    const { applied } = node.raft.log;
    if (applied < storage.firstIndex() || applied > storage.lastIndex()) return;
    storage.setConfState(node.raft.confState);
    storage.createSnapshot(applied, new Uint8Array());
    storage.compact(applied + 1 - this.#random(0, 3));
  }

  /** What was not synced is lost; the application starts from its snapshot. */
  #crash(member: Member): void {
    this.coverage.crashes++;
    Object.assign(member, this.#start(member.id, member.durable));
  }

  #start(id: NodeId, durable: MemStorage): Member {
    const storage = durable.clone();
    const applied = snapshotIndex(storage);
    const node = new RawNode({ ...this.#config, id, applied, random: seededRandom(this.#random(0, 1e6)) }, storage);
    this.#mutation(node);
    const { hs } = node.status();
    return { id, node, storage, durable, writes: [], seen: { hs, leads: false, confState: node.raft.confState } };
  }

  /** The ready loop, once; perhaps the node crashes before its write is durable. */
  #turn(member: Member, crashes = 20): void {
    const { node, storage } = member;
    if (member.writes.length > 0 && this.#chance(600)) this.#endWrites(member);
    if (!node.hasReady()) return;
    const ready = node.ready();
    this.#send(ready.messages);
    this.#answer(ready);
    if (ready.snapshot !== null) this.coverage.snapshots++;
    if (ready.snapshot !== null) storage.applySnapshot(ready.snapshot);
    this.#apply(member, ready.committedEntries);
    storage.append(ready.entries);
    if (ready.hs !== null) storage.setHardState(ready.hs);
    if (this.#chance(crashes)) return this.#crash(member);
    if (this.#writes === "under way") return this.#beginWrite(member, ready);
    member.durable = storage.clone();
    this.#send(ready.persistedMessages);
    const light = node.advance(ready);
    if (light.commitIndex !== null) storage.setCommit(light.commitIndex);
    this.#send(light.messages);
    this.#apply(member, light.committedEntries);
    node.advanceApply();
    this.#look(member);
    this.#renewSnapshot(member);
  }

  /** The node goes on while its disk writes. */
  #beginWrite(member: Member, ready: Ready): void {
    const { node, storage, writes } = member;
    node.advanceAppendAsync(ready);
    const last = ready.committedEntries.at(-1);
    if (last !== undefined) node.advanceApplyTo(last.index);
    writes.push({ ready, durable: storage.clone() });
    this.#look(member);
  }

  /** Some of what a disk was given is durable now: what waited for that may leave. */
  #endWrites(member: Member): void {
    const { node, writes } = member;
    const done = writes.splice(0, this.#random(1, writes.length + 1));
    for (const { ready: { number, snapshot, persistedMessages }, durable } of done) {
      member.durable = durable;
      node.onPersistReady(number);
      if (snapshot !== null) node.advanceApplyTo(snapshot.metadata.index);
      this.#send(persistedMessages);
    }
    this.#look(member);
    this.#renewSnapshot(member);
  }

  /** A snapshot from before a node joined is of no use to it. */
  #renewSnapshot(member: Member): void {
    const { node, storage } = member;
    if (snapshotIndex(storage) === 0) return;
    const { confState } = storage.snapshot().metadata;
    if (JSON.stringify(confState) !== JSON.stringify(node.raft.confState)) this.#compact(member);
  }

  #send(messages: readonly Message[]): void {
    this.#inFlight.push(...messages);
  }

  /** 18 (thesis §6.4). */
  #answer({ readStates }: Ready): void {
    for (const { context, index: found } of readStates) {
      this.coverage.reads++;
      const expected = this.#reads.get(new TextDecoder().decode(context)) ?? Infinity;
      assert(
        found >= expected,
        "A read index is at least what was committed when the read was asked for",
        expected,
        found,
      );
    }
  }

  #apply(member: Member, entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#history.applied(entry);
      if (entry.type !== "configuration") continue;
      const { raft } = member.node;
      const leads = raft.role.kind === "leader";
      const change = decodeConfChange(entry.data);
      const expected = this.#history.configuration(entry.index, raft.confState, change);
      const found = member.node.applyConfChange(change);
      // 19: whoever applies this entry comes from the same configuration, and to the same one.
      const invariant = "A node's configuration is the fold of its snapshot and the applied changes";
      assert(JSON.stringify(found) === expected, invariant, expected, JSON.stringify(found));
      this.coverage.changes++;
      if (found.votersOutgoing.length > 0) this.coverage.joint++;
      if (leads && raft.role.kind !== "leader") this.coverage.removedLeaders++;
    }
  }

  #look(member: Member): void {
    const { id, node: { raft }, seen } = member;
    const { term, vote, log: { committed } } = raft;
    const leads = raft.role.kind === "leader";
    // 6, 7, 8. Of a node that has crashed the commit index may be an older one.
    assert(term >= member.durable.initialState().hardState.term, "A term never decreases, crashes included");
    const keepsVote = seen.hs.term !== term || seen.hs.vote === null || seen.hs.vote === vote || vote === null;
    assert(keepsVote, "A vote changes only from nobody to somebody within a term", seen.hs.vote, vote);
    if (leads && !(seen.leads && seen.hs.term === term)) this.#elected(member);
    else if (leads && committed > seen.hs.commit) this.#committed(member);
    if (leads) this.#oneChange(member);
    const { durable } = member;
    this.#history.matches(durable.entries(durable.firstIndex(), durable.lastIndex() + 1, Infinity));
    this.#history.stays(raft.log.entries(raft.log.firstIndex(), Infinity) ?? [], committed, term);
    member.seen = { hs: { term, vote, commit: committed }, leads, confState: raft.confState };
    assert(this.#history.leaderOf.get(term) === id || !leads, "Election Safety: at most one leader a term");
  }

  /** 1, 4 (paper §5.2, §5.4.3). */
  #elected({ id, node: { raft } }: Member): void {
    this.coverage.elections++;
    const expected = this.#history.leaderOf.get(raft.term) ?? id;
    assert(expected === id, "Election Safety: at most one leader a term", expected, id);
    this.#history.leaderOf.set(raft.term, id);
    for (const [index, { term, committedIn }] of this.#history.committed) {
      if (committedIn >= raft.term || index < raft.log.firstIndex()) continue;
      const invariant = "Leader Completeness: a leader holds every entry committed in a smaller term";
      assert(raft.log.matchTerm(index, term), invariant, `${index}@${term}`, raft.log.term(index));
    }
  }

  /** 14 (paper §5.4.2, §6): in the configuration that it was in, or is in now. */
  #committed({ node: { raft }, seen }: Member): void {
    const { committed, firstIndex } = { committed: raft.log.committed, firstIndex: raft.log.firstIndex() };
    assert(raft.log.matchTerm(committed, raft.term), "A leader commits only an entry of its current term by counting");
    const holders = this.#members.filter(({ durable }) => {
      if (committed < durable.firstIndex()) return true;
      return committed <= durable.lastIndex() && durable.term(committed) === raft.term;
    }).map(({ id }) => id);
    const isQuorum = isQuorumOf(seen.confState, holders) || isQuorumOf(raft.confState, holders);
    if (committed >= firstIndex) {
      assert(isQuorum, "A leader commits only what a quorum holds durably", undefined, holders);
    }
  }

  /** 17 (thesis §4.1): of those that the leader has proposed itself. */
  #oneChange({ node: { raft } }: Member): void {
    const { log, term } = raft;
    const entries = log.entries(Math.max(log.applied + 1, log.firstIndex()), Infinity) ?? [];
    const pending = entries.filter((entry) => entry.type === "configuration" && entry.term === term);
    assert(pending.length <= 1, "At most one change of the configuration is on its way", 1, pending.length);
  }

  #try(call: () => void): void {
    try {
      call();
    } catch (error) {
      if (!(error instanceof RaftError)) throw error;
    }
  }

  #member(id: NodeId): Member {
    return this.#members[id - 1];
  }

  #chance(inAThousand: number): boolean {
    return this.#random(0, 1000) < inAThousand;
  }

  #oneOf<T>(choices: readonly T[]): T {
    return choices[this.#random(0, choices.length)];
  }
}

function snapshotIndex(storage: MemStorage): Index {
  try {
    return storage.snapshot().metadata.index;
  } catch (error) {
    if (error instanceof StorageError) return 0;
    throw error;
  }
}

/** What no single node knows. */
class History {
  readonly leaderOf = new Map<number, NodeId>();
  readonly committed = new Map<Index, { readonly term: number; readonly committedIn: number }>();
  readonly #applied = new Map<Index, string>();
  readonly #entries = new Map<string, string>();
  /** By index of the change: the configurations before and after it. */
  readonly #configurations = new Map<Index, { readonly before: string; readonly after: string }>();
  committedUpTo: Index = 0;

  /** 5 (paper §5.4.3). */
  applied({ index, term, type, data }: Entry): void {
    const found = `${term} ${type} ${data.join(",")}`;
    const expected = this.#applied.get(index) ?? found;
    this.#applied.set(index, expected);
    assert(
      found === expected,
      "State Machine Safety: no two nodes apply different entries at an index",
      expected,
      found,
    );
  }

  /** 3 (paper §5.3), of durable logs: what an only voter has not stored yet may be lost, and other entries come there. */
  matches(entries: readonly Entry[]): void {
    let previous: number | null = null;
    for (const { index, term, type, data } of entries) {
      const found = `${type} ${data.join(",")}`;
      const expected = this.#entries.get(`${index}@${term}`) ?? found;
      this.#entries.set(`${index}@${term}`, expected);
      assert(found === expected, "Log Matching: equal term at an index means equal entries", expected, found);
      assert(previous === null || previous <= term, "Terms in a log never decrease", previous, term);
      previous = term;
    }
  }

  /** 16 (paper §5.4). */
  stays(entries: readonly Entry[], committed: Index, currentTerm: number): void {
    for (const { index, term } of entries) {
      if (index > committed) return;
      const first = this.committed.get(index) ?? { term, committedIn: currentTerm };
      this.committed.set(index, first);
      assert(first.term === term, "A committed entry is the same on every node", first.term, term);
      this.committedUpTo = Math.max(this.committedUpTo, index);
    }
  }

  /** 17, 19: what the change at `index` makes of this configuration, as text. */
  configuration(index: Index, confState: ConfState, change: ConfChange): string {
    const after = changeConfiguration(confState, change).confState;
    const found = { before: JSON.stringify(confState), after: JSON.stringify(after) };
    const known = this.#configurations.get(index);
    if (known === undefined) {
      const invariant = "Majorities of two configurations that follow on each other have a node in common";
      assert(meet(confState, after), invariant, found.before, found.after);
      this.#configurations.set(index, found);
    }
    const { before, after: expected } = known ?? found;
    const invariant = "All nodes come to a change from the same configuration";
    assert(before === found.before, invariant, before, found.before);
    return expected;
  }
}

function isQuorumOf({ voters, votersOutgoing }: ConfState, nodes: readonly NodeId[]): boolean {
  const has = (half: readonly NodeId[]) => half.filter((id) => nodes.includes(id)).length >= majority(half.length);
  return has(voters) && (votersOutgoing.length === 0 || has(votersOutgoing));
}

/** Whether no majority of one leaves a majority of the other. */
function meet(one: ConfState, other: ConfState): boolean {
  const voters = [...new Set([...votersOf(one), ...votersOf(other)])];
  for (let bits = 0; bits < 2 ** voters.length; bits++) {
    const [some, rest] = [1, 0].map((side) => voters.filter((_, i) => (bits >> i & 1) === side));
    if (isQuorumOf(one, some) && isQuorumOf(other, rest)) return false;
  }
  return true;
}
