/**
 * The page: it plays a run by running it, goes back, and forks where something is done.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Ticks } from "../../raft/mod.ts";
import type { Act } from "../../scenario/perform.ts";
import { firstDifference } from "../../trace/difference.ts";
import type { Scene, Way } from "../../trace/fold.ts";
import { capital } from "../../trace/text.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { ruleOut } from "../doubles.ts";
import { breaking, type Mission, MISSIONS } from "../missions.ts";
import { Branch, LONGEST, type Plan } from "../session.ts";
import { readHash, readPlan, type Shared } from "../share.ts";
import { drawClients, isWaiting, LOSE_ANSWER, requestOf, WAYS } from "./clients.ts";
import { button, html, options, part, svg, text } from "./dom.ts";
import { fillForm, listenToForm } from "./forms.ts";
import { Found } from "./found.ts";
import { TimeBar } from "./lanes.ts";
import { Members } from "./members.ts";
import { configurationOf } from "../places.ts";
import { choicesOf, Menu, type Write } from "./menu.ts";
import { drawNews, FAR, toldTick } from "./news.ts";
import { type Flying, Stage } from "./stage.ts";
import { drawStores, LogTable } from "./tables.ts";
import { picture, take } from "./take.ts";
import { drawTour, markChapter } from "./tour.ts";

/** How far between two ticks messages are shown while time stands. */
const STILL = 0.38;

/** How often the client that is asked for writes, in ticks. */
const WRITES = 5;

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** A key does what a button does. */
const KEYS: Readonly<Record<string, string>> = {
  " ": "play",
  ArrowLeft: "back",
  ArrowRight: "step",
  Home: "start",
  End: "end",
  n: "next",
  p: "previous",
};

/** What is drawn only when what it shows has changed, and while time passes a few times a second at most. */
class Seldom {
  #shown: readonly unknown[] = [];
  #due = 0;

  /** It stays as it is for at least `rest` milliseconds. */
  constructor(readonly rest: number) {}

  /** Whether it is to be drawn in this `frame`, to show this; without a frame time stands. */
  isDue(shows: readonly unknown[], frame: number | null): boolean {
    if (shows.every((each, i) => each === this.#shown[i]) || frame !== null && frame < this.#due) return false;
    [this.#shown, this.#due] = [shows, (frame ?? 0) + this.rest];
    return true;
  }

  forget(): void {
    this.#shown = [];
  }
}

/** A run to begin with, how far it is played, and why it is not the one that was asked for. */
interface Opened extends Shared {
  readonly to: Ticks;
  readonly problem: string;
}

/** The run that an address leads to, or else the page's `own`. */
function openedBy(hash: string, own: Opened): Opened {
  if (hash.length < 2) return own;
  try {
    const shared = readHash(hash, own.plan.scenario);
    return { ...shared, to: Math.min(shared.tick, LONGEST), problem: "" };
  } catch (error) {
    return { ...own, problem: `The address leads to no run: ${error instanceof Error ? error.message : error}` };
  }
}

class App {
  /** The run that is looked at, and the future that was left for it. */
  branch: Branch;
  other: Branch | null = null;
  tick: Ticks = 0;
  /** How far the next tick has come, from 0 to 1, while time passes. */
  passed = 0;
  plays = false;
  mission: Mission | null = null;
  /** Where the first difference of the two futures is. */
  parting: Ticks | null = null;
  /** Where a film ends: there it stops once. Infinite, if it is none. */
  filmEnd: Ticks = Infinity;
  /** What was found in the rows of the branch. */
  #found: Found;
  /** How wide the stage and the lanes are. */
  #width = 0;
  /** When the last frame was, while time passes. */
  #frame: number | null = null;
  readonly #seldom = { lanes: new Seldom(250), tables: new Seldom(110) };
  /** At which tick the page said something: at another it is forgotten. */
  #saidAt: Ticks = 0;
  readonly #bar = new TimeBar(part("lanes", SVGSVGElement), part("range", HTMLInputElement));
  readonly #logs = new LogTable(part("logs", HTMLTableElement));
  readonly #menu = new Menu(part("menu"), (step) => this.touch(step));
  readonly #members = new Members((step) => this.touch(step));
  readonly #stage = new Stage(part("stage", SVGSVGElement), (target, at) => {
    this.play(false);
    this.#menu.open(choicesOf(target, this.scene.state, this.#nextWrite()), at);
  });

  /** `own` is the scenario that the page was made for, `others` can be chosen too. */
  constructor({ plan, tick, to }: Opened, readonly own: Scenario, others: readonly Scenario[]) {
    this.branch = new Branch(plan, to);
    this.#found = new Found(this.branch);
    this.#listen([own, ...others]);
    this.begin(this.branch, tick);
  }

  /** The tick that is looked at. */
  get scene(): Scene {
    return this.branch.scenes[Math.min(this.tick, this.branch.now)];
  }

  /** Look at `branch`, from `tick` on. What a scenario does is a film. */
  begin(branch: Branch, tick: Ticks): void {
    this.play(false);
    this.branch = branch;
    while (branch.isScripted && branch.plan.scenario.name !== "sandbox" && branch.goOn());
    this.filmEnd = branch.now > 0 && tick < branch.now ? branch.now : Infinity;
    [this.other, this.parting, this.passed] = [null, null, 0];
    this.tick = Math.min(tick, branch.now);
    fillForm(branch.plan);
    this.draw();
  }

  /** Set `mission`, or leave it. */
  quest(mission: Mission | null, plan: Plan | null = mission?.plan ?? null): void {
    this.mission = mission;
    if (plan !== null) this.begin(new Branch(plan), 0);
    else this.draw();
  }

  /** Do something by hand: in the past, or while a scenario still has something to do, that is another future. */
  touch(step: Act): void {
    this.play(false);
    const before = this.branch;
    const isFork = this.tick < before.now || before.isScripted;
    const touches = before.touches.filter(({ tick }) => tick <= this.tick);
    const branch = isFork ? new Branch({ ...before.plan, touches }, this.tick, this.tick) : before;
    const no = branch.touch(step);
    if (no !== null) return this.say(`That cannot be done: ${no}.`);
    if (isFork) {
      [this.branch, this.other, this.parting, this.filmEnd] = [branch, before, null, Infinity];
      this.say(`Another future begins at tick ${this.tick}; the one that was is kept.`);
    } else this.say("");
    this.passed = 0;
    this.draw();
  }

  /** To another tick, as far as the run goes; time stands still there. */
  go(tick: Ticks): void {
    this.play(false);
    this.passed = 0;
    this.tick = Math.max(0, Math.min(this.branch.now, tick));
    this.draw();
  }

  /** One tick more, of the run that was, or of the one that goes on now: whether there is one. */
  step(): boolean {
    const { branch } = this;
    if (this.tick >= branch.now && !branch.goOn()) return false;
    this.passed = 0;
    this.tick++;
    if (this.tick === branch.now && this.tick % WRITES === 0 && !branch.isScripted) this.#writeByItself();
    return true;
  }

  /** The client that is asked for writes: once, or again until it is answered. */
  #writeByItself(): void {
    const { branch } = this;
    const { value: way } = part("autopilot", HTMLSelectElement);
    const command = { kind: "Put", ...this.#nextWrite() } as const;
    if (way === "once" && branch.cluster.leader() !== null) branch.touch({ do: "propose", command });
    if (way === "again" && !isWaiting(this.#read())) branch.touch(requestOf(command));
  }

  /** To the next tick in which something is told. */
  next(): void {
    const told = toldTick(this.branch, this.tick, 1);
    if (told !== null) return this.go(told);
    for (let i = 0; i < FAR && this.step(); i++) if (this.branch.sentences(this.tick).length > 0) break;
    this.draw();
  }

  play(plays: boolean): void {
    if (plays === this.plays) return;
    this.plays = plays;
    const control = part("play");
    control.setAttribute("aria-label", plays ? "Pause" : "Play");
    control.classList.toggle("playing", plays);
    part("news").setAttribute("aria-live", plays ? "off" : "polite");
    this.#frame = null;
    if (!plays) {
      this.passed = 0;
      return this.draw();
    }
    const frame = (now: number) => {
      if (!this.plays) return;
      const gone = this.#frame === null ? 0 : Math.min(now - this.#frame, 250);
      this.passed += gone / 1000 * Number(part("speed", HTMLSelectElement).value);
      this.#frame = now;
      let isOver = false;
      while (this.passed >= 1 && !isOver) {
        const rest = this.passed - 1;
        isOver = !this.step() || this.tick === this.filmEnd || this.branch.broken?.tick === this.tick;
        this.passed = isOver ? 0 : rest;
      }
      if (isOver) return this.play(false);
      this.draw();
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  /** Tell the reader of the page itself. */
  say(words: string): void {
    this.#saidAt = this.tick;
    text("said", words);
  }

  draw(): void {
    if (this.#width === 0) return;
    const { branch, tick, other, scene: { state } } = this;
    const passed = this.plays && !calm.matches ? this.passed : 0;
    const { broken } = branch;
    const look = {
      state,
      passed,
      flying: this.#flying(passed),
      notes: this.#notes(),
      configuration: configurationOf(state),
      broken: broken?.tick === tick ? Number(broken.violation.place["node"] ?? 0) : null,
    };
    this.#stage.draw(look, this.#width);
    const { lanes, tables } = this.#seldom;
    const run = [branch, branch.trace.rows.length, other];
    if (lanes.isDue([...run, this.filmEnd, this.#width], this.#frame)) {
      this.#drawLanes();
      tables.forget();
    }
    this.#bar.move(tick + passed);
    if (tables.isDue([...run, tick, this.plays, this.mission], this.#frame)) this.#drawTick();
  }

  /** The whole of the run. */
  #drawLanes(): void {
    const { branch, other } = this;
    const others = other === null ? [] : [{ label: "the other future", scenes: other.scenes }];
    if (other !== null) this.parting ??= firstDifference(branch.trace, other.trace)?.tick ?? null;
    const isFilm = this.filmEnd === branch.now;
    this.#bar.draw([{ label: "this future", scenes: branch.scenes }, ...others], this.#width, isFilm, this.parting);
    drawTour(branch, this.filmEnd, (to) => this.go(to));
  }

  /** All that changes with the tick, and not between two. */
  #drawTick(): void {
    const { branch, tick, scene, scene: { state }, other, mission } = this;
    const range = part("range", HTMLInputElement);
    range.value = `${tick}`;
    if (tick !== this.#saidAt) this.say("");
    range.setAttribute("aria-valuetext", `tick ${tick} of ${branch.now}`);
    text("tick", `tick ${tick}${tick < branch.now ? ` of ${branch.now}` : ""}`);
    text("chapter", markChapter(tick) ?? `${capital(branch.plan.scenario.summary ?? "")}.`);
    drawNews(branch, scene, (to) => this.go(to));
    this.#logs.draw(state);
    this.#members.draw(state);
    const found = this.#read();
    drawStores(part("stores"), state, found.keys);
    drawClients(part("clients"), found, tick);
    part("swap").hidden = other === null;
    for (const what of ["loss", "delay"] as const) part(what, HTMLSelectElement).value = `${this.#dial(what)}`;
    const { broken } = branch;
    part("alarm").hidden = broken === null;
    text("alarm", broken === null ? "" : `Tick ${broken.tick}: an invariant is broken. ${broken.violation.message}.`);
    const { double } = branch.plan;
    const isTold = double === null || this.mission !== null;
    text("broken-rule", isTold ? "" : `A rule is taken out. ${ruleOut(double).what}`);
    part("quest").hidden = mission === null;
    if (mission === null) return;
    const { done, text: judgement } = mission.judge(branch);
    text("task", `${mission.name}. ${mission.task}`);
    text("judgement", `${done ? "✓ Done. " : ""}${judgement}`);
    part("quest").classList.toggle("done", done);
  }

  /** The messages between this tick and the next. */
  #flying(passed: number): Flying[] {
    const { branch: { cluster }, tick, scene } = this;
    const { ends: at } = this.#read();
    const time = tick + (passed === 0 ? STILL : passed);
    const due = new Map(cluster.network.inFlight().map(({ id, arrivesAt }) => [id, arrivesAt]));
    return [...scene.state.inFlight.values()].map(({ id, message, sentAt }): Flying => {
      const end = at.get(id)?.tick ?? due.get(id) ?? null;
      if (end === null) return { id, message, part: 0.5, fate: "waits" };
      const isLost = at.get(id)?.event === "dropped" && time > end - 0.5;
      const part = Math.min(0.97, (time - sentAt) / Math.max(1, end - sentAt));
      return { id, message, part: isLost ? Math.min(part, 0.6) : part, fate: isLost ? "lost" : "flies" };
    }).concat(scene.rows.flatMap((row): Flying[] => {
      // What is lost at once was never on its way.
      const isLost = row.kind === "message" && row.event === "dropped";
      return isLost ? [{ id: row.id, message: row, part: 0.55, fate: "lost" }] : [];
    }));
  }

  /** Ways that are slower or faster than the rest, or lossy, up to this tick. */
  #notes(): Map<Way, string> {
    const base = this.#dial("delay");
    const notes = new Map<Way, string>();
    for (const { from, to, latency, fault, tick } of this.#read().faults) {
      if (fault === "delay" && tick <= this.tick) {
        notes.set(`${from}>${to}`, latency === base ? "" : `${latency} ticks`);
      }
    }
    for (const { tick, step } of this.branch.touches) {
      if (tick > this.tick || step.do !== "loss" || !Array.isArray(step.from)) continue;
      const [a, b] = step.from.map(Number);
      const note = step.percent === 0 ? "" : `${step.percent} % lost`;
      notes.set(`${a}>${b}`, note).set(`${b}>${a}`, note);
    }
    return notes;
  }

  /** How lossy, or slow, all links were set by hand up to this tick, or else are by themselves. */
  #dial(what: "loss" | "delay"): number {
    const found = this.branch.touches.findLast(({ tick, step }) =>
      tick <= this.tick && step.do === what && (step.from ?? "all") === "all"
    )?.step;
    if (found?.do === "loss") return found.percent;
    if (found?.do === "delay") return found.ticks;
    return what === "loss" ? 0 : this.branch.plan.scenario.setting?.latency ?? 1;
  }

  #read(): Found {
    if (this.#found.branch !== this.branch) this.#found = new Found(this.branch);
    return this.#found.read();
  }

  /** What a client writes next: a, b, c, …, whatever has not been written. */
  #nextWrite(): Write {
    const asked = [...this.#read().asked.values()].map(([first]) => first).filter(({ tick }) => tick <= this.tick);
    const used = new Set(
      asked.map((row) => row.kind !== "read" && row.command.kind === "Put" ? row.command.value : ""),
    );
    for (let i = 0;; i++) {
      const value = String.fromCharCode(97 + i % 26) + (i < 26 ? "" : Math.floor(i / 26));
      if (!used.has(value)) return { key: this.branch.plan.options.key, value };
    }
  }

  /** What the buttons do. */
  #actions(): Readonly<Record<string, () => void>> {
    return {
      start: () => this.go(0),
      previous: () => this.go(toldTick(this.branch, this.tick, -1) ?? 0),
      back: () => this.go(this.tick - 1),
      step: () => (this.step(), this.draw()),
      next: () => this.next(),
      end: () => this.go(this.branch.now),
      swap: () => {
        if (this.other === null) return;
        [this.branch, this.other] = [this.other, this.branch];
        this.go(this.tick);
      },
      heal: () => this.touch({ do: "heal" }),
      "cut-leader": () => this.touch({ do: "cut", from: "leader", to: "all" }),
      "cut-minority": () => this.#cutMinority(),
      knife: () => this.#toggleKnife(),
      "client-put": () => this.touch(requestOf({ kind: "Put", ...this.#nextWrite() })),
      "client-get": () => this.touch(requestOf({ kind: "Get", key: this.#nextWrite().key })),
      "lose-answer": () => {
        this.touch(LOSE_ANSWER);
        this.say("The next answer to client 1 will be lost.");
      },
      "show-way": () => this.#showWay(),
      again: () => this.quest(this.mission),
      leave: () => this.quest(null, null),
      link: () => take("link", this.branch, this.tick, this.own),
      file: () => take("file", this.branch, this.tick, this.own),
      cell: () => take("cell", this.branch, this.tick, this.own),
      svg: () => void picture("svg", this.tick),
      png: () => void picture("png", this.tick),
    };
  }

  #listen(scenarios: readonly Scenario[]): void {
    const actions = this.#actions();
    // Whatever else is done, time stands still for it.
    const act = (id: string) => id === "play" ? this.play(!this.plays) : (this.play(false), actions[id]());
    for (const id of ["play", ...Object.keys(actions)]) part(id).addEventListener("click", () => act(id));
    document.addEventListener("keydown", (event) => {
      const { key, target, ctrlKey, altKey, metaKey } = event;
      const itsOwn = `input, select, textarea${key === " " ? ", button, summary" : ""}`;
      const isTaken = target instanceof Element && target.matches(itsOwn);
      if (ctrlKey || altKey || metaKey || isTaken || !Object.hasOwn(KEYS, key)) return;
      event.preventDefault();
      act(KEYS[key]);
    });
    const range = part("range", HTMLInputElement);
    range.addEventListener("input", () => this.go(Number(range.value)));
    const dials: Record<string, (value: number) => Act> = {
      loss: (percent) => ({ do: "loss", percent }),
      delay: (ticks) => ({ do: "delay", from: "all", to: "all", ticks }),
    };
    for (const [id, step] of Object.entries(dials)) {
      const dial = part(id, HTMLSelectElement);
      dial.addEventListener("change", () => this.touch(step(Number(dial.value))));
    }
    this.#listenToLanes();
    this.#listenToCuts();
    new ResizeObserver(([{ contentRect }]) => {
      this.#width = Math.floor(contentRect.width);
      this.draw();
    }).observe(part("time"));
    part("way").append(...options(WAYS));
    listenToForm(scenarios, (plan) => this.quest(plan.double === null ? null : breaking(plan.double), plan));
    const missions = MISSIONS.map((mission) =>
      html("li", {}, button(mission.name, () => this.quest(mission)), html("p", { class: "faint" }, mission.task))
    );
    part("missions").append(...missions);
  }

  /** The leader, and as many as make a minority with it, are cut off from the rest. */
  #cutMinority(): void {
    const ids = [...this.scene.state.nodes.keys()];
    const leader = this.branch.cluster.leader()?.id ?? ids[0];
    const others = ids.filter((id) => id !== leader);
    const few = [leader, ...others.slice(0, Math.max(0, Math.ceil(ids.length / 2) - 2))];
    this.touch({ do: "partition", groups: [few, ids.filter((id) => !few.includes(id))] });
  }

  /** Play a way to do what is asked for. */
  #showWay(): void {
    const { mission } = this;
    if (mission === null) return;
    this.begin(new Branch({ ...mission.plan, touches: mission.way }, mission.until), 0);
    this.say("This is one way. Play it, or step; whatever you do yourself makes another future.");
    this.play(!calm.matches);
  }

  #listenToLanes(): void {
    const lanes = part("lanes", SVGSVGElement);
    const move = (event: PointerEvent) => this.go(this.#bar.tickAt(event.clientX - lanes.getBoundingClientRect().left));
    lanes.addEventListener("pointerdown", (event) => {
      lanes.setPointerCapture(event.pointerId);
      move(event);
    });
    lanes.addEventListener("pointermove", (event) => lanes.hasPointerCapture(event.pointerId) && move(event));
  }

  /** Where a finger scrolls the page, it cuts only while the knife is out; a mouse always does. */
  #toggleKnife(): void {
    const knife = part("knife");
    const isOut = knife.getAttribute("aria-pressed") !== "true";
    knife.setAttribute("aria-pressed", `${isOut}`);
    part("stage", SVGSVGElement).classList.toggle("knife-out", isOut);
    this.say(isOut ? "Draw a line through the links that you want to cut." : "");
  }

  /** A line that is drawn over the stage cuts the links that it crosses. */
  #listenToCuts(): void {
    const stage = part("stage", SVGSVGElement);
    const at = ({ clientX, clientY }: PointerEvent) => {
      const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(stage.getScreenCTM()?.inverse());
      return { x, y };
    };
    const mayCut = (event: PointerEvent) => event.pointerType === "mouse" || stage.classList.contains("knife-out");
    let line: SVGElement | null = null;
    let from = { x: 0, y: 0 };
    const end = () => (line?.remove(), line = null);
    stage.addEventListener("pointerdown", (event) => {
      if (event.target !== stage || !mayCut(event)) return;
      from = at(event);
      line = svg("line", { class: "blade", x1: from.x, y1: from.y, x2: from.x, y2: from.y });
      stage.append(line);
      stage.setPointerCapture(event.pointerId);
    });
    stage.addEventListener("pointermove", (event) => {
      const { x, y } = at(event);
      line?.setAttribute("x2", `${x}`);
      line?.setAttribute("y2", `${y}`);
    });
    stage.addEventListener("pointercancel", end);
    stage.addEventListener("pointerup", (event) => {
      if (line === null) return;
      end();
      for (const [a, b] of this.#stage.crossed(from, at(event))) this.touch({ do: "cut", from: a, to: b });
    });
  }
}

function start(): void {
  const given: { to: number; library: Scenario[] } = JSON.parse(part("plan", HTMLScriptElement).textContent ?? "null");
  const own: Opened = { ...readPlan(given), to: given.to, problem: "" };
  const { scenario } = own.plan;
  const opened = openedBy(location.hash, own);
  const app = new App(opened, scenario, given.library);
  app.say(opened.problem);
  addEventListener("hashchange", () => {
    const { plan, tick, to, problem } = openedBy(location.hash, own);
    app.quest(null, null);
    if (problem === "") app.begin(new Branch(plan, to), tick);
    app.say(problem);
  });
  // In a notebook the page has no address of its own.
  part("link").hidden = location.protocol === "about:";
  document.documentElement.classList.add("ready");
  const tell = () =>
    parent.postMessage({ helloRaftPlayer: Math.ceil(document.documentElement.getBoundingClientRect().height) }, "*");
  if (parent === self) return;
  new ResizeObserver(tell).observe(document.body);
  tell();
}

start();
