/**
 * The parameters of a node; crate item `raft::Config`.
 *
 * @module
 */
import { RaftError } from "./errors.ts";
import type { RandomState } from "./random.ts";
import type { Index, NodeId, Ticks } from "./types.ts";

/**
 * How a leader knows that it still leads when it answers a read; crate item `raft::ReadOnlyOption`. `safe` asks a
 * majority; `leaseBased` asks nobody and is right only while all clocks run at the same rate.
 */
export type ReadOnlyOption = "safe" | "leaseBased";

/** The parameters of a node. `newConfig` fills in what is left out. */
export interface Config {
  /** The node's own identity. */
  readonly id: NodeId;
  /** Ticks without word from a leader after which a follower may campaign. Greater than `heartbeatTick`. */
  readonly electionTick: Ticks;
  /** Ticks between a leader's heartbeats. */
  readonly heartbeatTick: Ticks;
  /** The least randomised election timeout (paper §5.2). */
  readonly minElectionTick: Ticks;
  /** One more than the greatest randomised election timeout. */
  readonly maxElectionTick: Ticks;
  /** On a restart: the last index the application has applied. */
  readonly applied: Index;
  /** The most bytes of entries an `Append` carries; 0 is one entry a message. */
  readonly maxSizePerMsg: number;
  /** The most `Append`s with entries that may be on their way to one follower. */
  readonly maxInflightMsgs: number;
  /** The most bytes of data a leader holds uncommitted before it drops proposals. */
  readonly maxUncommittedSize: number;
  /** The most bytes of entries that one `Ready` hands over to be applied. */
  readonly maxCommittedSizePerReady: number;
  /** Whether a node asks whether it could win before it starts an election (PreVote, thesis §9.6). */
  readonly preVote: boolean;
  /**
   * Whether a leader that hears from no majority for an election timeout steps down, and a node that hears from its
   * leader votes for nobody (CheckQuorum, thesis §6.2, §4.2.3).
   */
  readonly checkQuorum: boolean;
  /** Whether a leader makes sure that it still leads before it answers a read, or trusts `checkQuorum` (thesis §6.4). */
  readonly readOnlyOption: ReadOnlyOption;
  /**
   * Whether to keep what the crate 0.7 does wrong, so that recorded runs of it can be compared. With it a change of the
   * configuration needs no committed entry of the leader's term, may leave no voter and begin with none; a leader that
   * is removed leads on; a lease outlives `TimeoutNow`; late answers count: to a pre-vote, to an earlier read of the
   * same context, and a rejection of what the follower has taken since; an only voter speaks as leader before its own
   * vote is durable; and a learner of a greater term than its leader's may ignore it for ever.
   */
  readonly crateFlaws: boolean;
  /** What the randomised election timeouts depend on: `seededRandom(seed)`, or where a sequence stands. */
  readonly random: RandomState;
  /** The timeout of every election, in place of a random one; `null`: timeouts are random. */
  readonly fixedTimeout: Ticks | null;
}

/** What must be said of a node, and what may be. */
export type ConfigOptions = Pick<Config, "id" | "random"> & Partial<Config>;

/**
 * Complete, valid parameters. The defaults are the crate's.
 *
 * @throws {RaftError} `ConfigInvalid`, naming the field and what it may be.
 *
 * @example
 * ```ts
 * import { newConfig, seededRandom } from "hello-raft/raft";
 *
 * const config = newConfig({ id: 1, random: seededRandom(42), electionTick: 10, heartbeatTick: 3 });
 * console.log(config.minElectionTick, config.maxElectionTick); // 10 20
 * ```
 */
export function newConfig(options: ConfigOptions): Config {
  const heartbeatTick = options?.heartbeatTick ?? 2;
  const electionTick = options?.electionTick ?? 20;
  const config: Config = {
    minElectionTick: electionTick,
    maxElectionTick: 2 * electionTick,
    applied: 0,
    maxSizePerMsg: 0,
    maxInflightMsgs: 256,
    maxUncommittedSize: Infinity,
    maxCommittedSizePerReady: Infinity,
    fixedTimeout: null,
    preVote: false,
    checkQuorum: false,
    readOnlyOption: "safe",
    crateFlaws: false,
    ...options,
    heartbeatTick,
    electionTick,
  };
  requireWhole(config, "id", 1);
  requireWhole(config, "heartbeatTick", 1);
  requireWhole(config, "electionTick", config.heartbeatTick + 1);
  requireWhole(config, "minElectionTick", config.electionTick);
  requireWhole(config, "maxElectionTick", config.minElectionTick + 1);
  requireWhole(config, "applied", 0);
  requireWhole(config, "maxInflightMsgs", 1);
  if (config.fixedTimeout !== null) requireWhole(config, "fixedTimeout", 1);
  requireRandom(config.random);
  requireFeatures(config);
  requireSize(config, "maxSizePerMsg", 0);
  requireSize(config, "maxUncommittedSize", config.maxSizePerMsg === Infinity ? 0 : config.maxSizePerMsg);
  requireSize(config, "maxCommittedSizePerReady", 0);
  return config;
}

function requireWhole(config: Config, field: keyof Config, least: number): void {
  const value = config[field];
  if (Number.isSafeInteger(value) && Number(value) >= least) return;
  throw new RaftError("ConfigInvalid", `Cannot use ${field} = ${value}: it must be a whole number from ${least}`);
}

function requireSize(config: Config, field: keyof Config, least: number): void {
  const value = config[field];
  if (typeof value === "number" && value >= least) return;
  throw new RaftError("ConfigInvalid", `Cannot use ${field} = ${value}: it must be a number of bytes from ${least}`);
}

function requireFeatures({ preVote, checkQuorum, readOnlyOption }: Config): void {
  const fail = (field: string, rule: string) => {
    throw new RaftError("ConfigInvalid", `Cannot use ${field}: it must be ${rule}`);
  };
  if (typeof preVote !== "boolean") fail(`preVote = ${preVote}`, "true or false");
  if (typeof checkQuorum !== "boolean") fail(`checkQuorum = ${checkQuorum}`, "true or false");
  const isKnown = readOnlyOption === "safe" || readOnlyOption === "leaseBased";
  if (!isKnown) fail(`readOnlyOption = ${readOnlyOption}`, '"safe" or "leaseBased"');
  if (readOnlyOption === "leaseBased" && !checkQuorum) {
    fail('readOnlyOption = "leaseBased" without checkQuorum', '"safe", for there is no lease');
  }
}

function requireRandom(random: RandomState): void {
  if (Array.isArray(random) && random.length === 4 && random.every(Number.isInteger)) return;
  throw new RaftError("ConfigInvalid", `Cannot use random = ${random}: it must be what seededRandom(seed) gives`);
}
