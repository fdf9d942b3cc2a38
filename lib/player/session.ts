/**
 * A run that one can touch: it goes on as far as one likes, and whatever is done to it is written down, so that it can be
 * played again anywhere.
 *
 * A run is a function of its plan: scenario, options, rules that are broken on purpose, and touches. Going back is looking at
 * the scenes that were kept; doing something in the past is playing the plan again up to there.
 *
 * @module
 */
import { InvariantChecker } from "../check/checker.ts";
import { watchedDisks } from "../check/watched_disks.ts";
import type { Cluster } from "../cluster.ts";
import { ClusterError } from "../cluster_options.ts";
import { NetworkError } from "../network.ts";
import type { DemoNode } from "../node.ts";
import { InvariantViolation, RaftError, type Ticks } from "../raft/mod.ts";
import { type Act, act, clusterOptionsFor, perform } from "../scenario/perform.ts";
import { type Scenario, ScenarioError, stepsOf } from "../scenario/scenario.ts";
import type { ScenarioOptions, Step } from "../scenario/schema.ts";
import { Stage } from "../scenario/stage.ts";
import type { Scene } from "../trace/fold.ts";
import { type Sentence, Story } from "../trace/story.ts";
import { Trace } from "../trace/trace.ts";
import { type Double, invariantsOf, ruleOut } from "./doubles.ts";
import type { Touch } from "./touch.ts";

/** All that a run is made of. */
export interface Plan {
  /** What is done by itself, up to the first touch. */
  readonly scenario: Scenario;
  readonly options: ScenarioOptions;
  /** The rule that every node breaks; `null`: none. */
  readonly double: Double | null;
  /** In the order in which they are done. */
  readonly touches: readonly Touch[];
}

/** An invariant that does not hold any more. */
export interface Broken {
  /** When it was noticed. */
  readonly tick: Ticks;
  /** What was expected and found, of which node, in which term. */
  readonly violation: InvariantViolation;
}

/** The longest run, in ticks. */
export const LONGEST = 5_000;

/** A run that goes on. */
export class Branch {
  readonly trace = new Trace();
  readonly cluster: Cluster;
  /** The invariant that broke; nothing goes on after that. */
  broken: Broken | null = null;
  /** What was done so far, as steps of a scenario; the last one may be under way. */
  readonly #steps: Step[] = [];
  readonly #touches: Touch[] = [];
  readonly #stage: Stage<Cluster>;
  readonly #checker: InvariantChecker;
  /** What the scenario still does; `null` once something was done by hand. */
  #script: Generator<void, void> | null;
  /** The scenario's step that is under way, and when it began. */
  #open: { readonly step: Step; readonly tick: Ticks } | null = null;
  /** Ticks since the last step that was written down. */
  #waited: Ticks = 0;
  #seen: { readonly rows: number; readonly scenes: readonly Scene[] } = { rows: -1, scenes: [] };
  /** What is told of the ticks that are over, and of the last one. */
  readonly #told = { story: new Story(), sentences: new Array<readonly Sentence[]>() };
  #last: { readonly rows: number; readonly sentences: readonly Sentence[] } = { rows: -1, sentences: [] };

  /**
   * Play `plan` up to its last touch, or to `to` if that is later.
   *
   * @param known Up to which tick it is known that no invariant breaks: there it is enough to look once a tick.
   */
  constructor(readonly plan: Plan, to: Ticks = 0, readonly known: Ticks = 0) {
    const { scenario, options, double } = plan;
    const disks = scenario.disks === "files" ? watchedDisks() : null;
    const given = clusterOptionsFor(scenario, options, this.trace.record, disks?.diskOf ?? null);
    const onStart = (node: DemoNode) => {
      given.onStart?.(node);
      if (double !== null) ruleOut(double).breaks(node);
    };
    this.#checker = new InvariantChecker({ ...given, onStart }, disks?.durableOf ?? null);
    this.#checker.invariants = invariantsOf(double);
    this.cluster = this.#checker.cluster;
    this.#stage = new Stage(this.cluster, options, this.trace.record);
    this.#script = this.#play(stepsOf(scenario, options));
    this.#guard(() => {
      if (this.#script?.next().done) this.#script = null;
    });
    for (const { tick, step } of plan.touches) {
      while (this.now < tick && this.goOn());
      if (this.now === tick) this.touch(step);
    }
    while (this.now < to && this.goOn());
  }

  /** The tick that it has come to. */
  get now(): Ticks {
    return this.cluster.now;
  }

  /** What was done by hand. */
  get touches(): readonly Touch[] {
    return this.#touches;
  }

  /** Every tick, from 0 on. */
  get scenes(): readonly Scene[] {
    const { length } = this.trace.rows;
    if (this.#seen.rows !== length) this.#seen = { rows: length, scenes: this.trace.scenes() };
    return this.#seen.scenes;
  }

  /** Whether the scenario still has something to do. */
  get isScripted(): boolean {
    return this.#script !== null;
  }

  /** One tick more: whether there was one. */
  goOn(): boolean {
    if (this.broken !== null || this.now >= LONGEST) return false;
    this.#waited++;
    this.#guard(() => {
      const isKnown = this.now < this.known;
      this.cluster.tick((id) => isKnown || this.#checker.check(id));
      const { length } = this.trace.rows;
      if (this.#script?.next().done) this.#script = null;
      if (isKnown || this.trace.rows.length > length) this.#checker.checkAll();
    });
    return true;
  }

  /**
   * Do something by hand, now. From here on the scenario does nothing more by itself.
   *
   * @returns Why it cannot be done; `null` if it was.
   */
  touch(step: Act): string | null {
    if (this.broken !== null) return "an invariant is broken: go back in time to go on";
    const steps = this.stepsSoFar();
    try {
      this.#guard(() => {
        act(step, this.#stage);
        this.#checker.checkAll();
      });
    } catch (error) {
      const isRefusal = [ScenarioError, ClusterError, NetworkError, RaftError].some((type) => error instanceof type);
      if (error instanceof Error && isRefusal) return error.message;
      throw error;
    }
    this.#steps.splice(0, Infinity, ...steps, step);
    this.#touches.push({ tick: this.now, step });
    [this.#script, this.#open, this.#waited] = [null, null, 0];
    return null;
  }

  /** What was done, as the steps of a scenario that gives the same rows up to now. */
  stepsSoFar(): Step[] {
    const waits: Step[] = this.#waited > 0 ? [{ do: "run", ticks: this.#waited }] : [];
    if (this.#open === null) return [...this.#steps, ...waits];
    const { step: { title }, tick } = this.#open;
    const ticks = this.now - tick;
    const named = title === undefined ? {} : { title };
    if (ticks > 0) return [...this.#steps, { do: "run", ...named, ticks }];
    return title === undefined ? [...this.#steps] : [...this.#steps, { do: "mark", title, as: "here" }];
  }

  /** What is told of a tick. */
  sentences(tick: Ticks): readonly Sentence[] {
    const { scenes, now } = this;
    const { story, sentences } = this.#told;
    // The last tick can still have more done in it.
    while (sentences.length < now) sentences.push(story.hear(scenes[sentences.length]));
    if (tick < now) return sentences[tick] ?? [];
    const { length: rows } = this.trace.rows;
    if (this.#last.rows !== rows) this.#last = { rows, sentences: story.copy().hear(scenes[now]) };
    return this.#last.sentences;
  }

  /** The scenario's steps, each written down once it is done. */
  *#play(steps: readonly Step[]): Generator<void, void> {
    for (const step of steps) {
      this.#open = { step, tick: this.now };
      this.#waited = 0;
      if (!(yield* perform([step], this.#stage))) break;
      this.#steps.push(step);
      this.#open = null;
      this.#waited = 0;
    }
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      // The tick that it broke off is to be seen.
      if (this.trace.lastTick() < this.now) this.cluster.observeNodes();
      this.broken = { tick: this.now, violation: error };
    }
  }
}
