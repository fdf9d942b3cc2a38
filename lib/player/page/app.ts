/**
 * The page: it plays a run by running it, goes back, and forks where something is done.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Ticks } from "../../raft/mod.ts";
import type { Act } from "../../scenario/perform.ts";
import { firstDifference } from "../../trace/difference.ts";
import type { Scene } from "../../trace/fold.ts";
import { capital } from "../../trace/text.ts";
import { type Double, DOUBLES, isDouble } from "../doubles.ts";
import { type Mission, MISSIONS, planOf } from "../missions.ts";
import { Branch, LONGEST, type Plan } from "../session.ts";
import { hashOf, notebookLine, readHash, readPlan, sandboxOf, scenarioFile } from "../share.ts";
import { button, html, part, svg } from "./dom.ts";
import { drawLanes, movePlayhead, tickAt } from "./lanes.ts";
import { choicesOf, Menu } from "./menu.ts";
import { type Flying, Stage } from "./stage.ts";
import { drawClients, drawLogs, drawStores } from "./tables.ts";

/** How far between two ticks messages are shown while time stands. */
const STILL = 0.38;

/** How far a next event is looked for, in ticks. */
const FAR = 200;

const calm = matchMedia("(prefers-reduced-motion: reduce)");

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
  /** Where the scenario ends: a film stops there once. */
  filmEnd: Ticks;
  /** What became of each message of the branch: as many rows as were read so far. */
  #ends = { trace: new Branch(SILENT).trace, rows: 0, at: new Map<number, { tick: Ticks; fate: string }>() };
  #drawnLanes = "";
  readonly #menu = new Menu(part("menu", HTMLElement), (step) => this.touch(step));
  readonly #stage = new Stage(part("stage", SVGSVGElement), (target, at) => {
    this.play(false);
    const { title, choices } = choicesOf(target, this.scene.state, this.branch.plan.options.key, this.#nextValue());
    this.#menu.open(title, choices, at);
  });

  constructor(plan: Plan, tick: Ticks, to: Ticks) {
    this.branch = new Branch(plan, to);
    this.filmEnd = this.branch.isScripted || to > 0 ? this.branch.now : Infinity;
    this.#listen();
    this.begin(this.branch, tick);
  }

  /** The tick that is looked at. */
  get scene(): Scene {
    return this.branch.scenes[Math.min(this.tick, this.branch.now)];
  }

  begin(branch: Branch, tick: Ticks): void {
    this.branch = branch;
    [this.other, this.parting, this.passed] = [null, null, 0];
    this.tick = Math.min(tick, branch.now);
    this.#fillForms();
    this.draw();
  }

  /** Do something by hand: in the past, or while a scenario still has something to do, that is another future. */
  touch(step: Act): void {
    const before = this.branch;
    const isFork = this.tick < before.now || before.isScripted;
    const branch = isFork
      ? new Branch({ ...before.plan, touches: before.touches.filter(({ tick }) => tick <= this.tick) }, this.tick)
      : before;
    const no = branch.touch(step);
    if (no !== null) return this.say(`That cannot be done: ${no}.`);
    if (isFork) {
      [this.branch, this.other] = [branch, before];
      this.filmEnd = Infinity;
    }
    this.passed = 0;
    this.draw();
  }

  /** To another tick, as far as the run goes. */
  go(tick: Ticks): void {
    this.passed = 0;
    this.tick = Math.max(0, Math.min(this.branch.now, tick));
    this.draw();
  }

  /** One tick more, of the run that was, or of the one that goes on now: whether there is one. */
  step(): boolean {
    if (this.tick >= this.branch.now && !this.branch.goOn()) return false;
    this.passed = 0;
    this.tick++;
    const { cluster } = this.branch;
    const writes = part("autopilot", HTMLInputElement).checked && this.tick === this.branch.now && this.tick % 5 === 0;
    const { key } = this.branch.plan.options;
    if (writes && cluster.leader() !== null && !this.branch.isScripted) {
      this.branch.touch({ do: "propose", command: { kind: "Put", key, value: this.#nextValue() } });
    }
    if (this.branch.broken !== null) this.play(false);
    return true;
  }

  /** To the next tick in which something is told. */
  nextEvent(): void {
    for (let i = 0; i < FAR && this.step(); i++) if (this.branch.sentences(this.tick).length > 0) break;
    this.draw();
  }

  play(plays: boolean): void {
    if (plays === this.plays) return;
    this.plays = plays;
    part("play", HTMLElement).textContent = plays ? "Pause" : "Play";
    part("news", HTMLElement).setAttribute("aria-live", plays ? "off" : "polite");
    if (!plays) {
      this.passed = 0;
      return this.draw();
    }
    let last = performance.now();
    const frame = (now: number) => {
      if (!this.plays) return;
      const speed = Number(part("speed", HTMLSelectElement).value);
      this.passed += Math.min(now - last, 250) / 1000 * speed;
      last = now;
      let isOver = false;
      while (this.passed >= 1 && !isOver) {
        const rest = this.passed - 1;
        isOver = !this.step() || this.tick === this.filmEnd;
        this.passed = isOver ? 0 : rest;
      }
      if (isOver) return this.play(false);
      this.draw();
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  say(words: string): void {
    part("news", HTMLElement).replaceChildren(html("p", {}, words));
  }

  draw(): void {
    const { branch, tick, scene, scene: { state }, other } = this;
    const passed = this.plays && !calm.matches ? this.passed : 0;
    const { broken } = branch;
    this.#stage.draw({
      state,
      passed,
      flying: this.#flying(passed),
      slow: this.#slow(),
      broken: broken?.tick === tick ? Number(broken.violation.place["node"] ?? 0) : null,
    });
    const end = Math.max(branch.now, other?.now ?? 0);
    const lanes = part("lanes", SVGSVGElement);
    const drawn = `${branch.trace.rows.length} ${other?.trace.rows.length} ${end} ${lanes.clientWidth}`;
    if (drawn !== this.#drawnLanes) {
      this.#drawnLanes = drawn;
      const runs = [
        { label: "this run", scenes: branch.scenes },
        ...(other === null ? [] : [{ label: "the other future", scenes: other.scenes }]),
      ];
      this.parting = other === null ? null : firstDifference(branch.trace, other.trace)?.tick ?? null;
      drawLanes(lanes, runs, end, this.parting);
      this.#chapters();
    }
    movePlayhead(lanes, tick + passed, end);
    const range = part("range", HTMLInputElement);
    range.max = `${branch.now}`;
    range.value = `${tick}`;
    range.setAttribute("aria-valuetext", `tick ${tick} of ${branch.now}`);
    if (this.plays && passed > 0 && this.#shown === tick) return;
    this.#shown = tick;
    part("tick", HTMLElement).textContent = `tick ${tick}${tick < branch.now ? ` of ${branch.now}` : ""}`;
    drawLogs(part("logs", HTMLTableElement), state);
    drawStores(part("stores", HTMLElement), state, this.#keys());
    drawClients(part("clients", HTMLElement), branch.scenes, tick);
    this.#news(scene);
    part("swap", HTMLElement).hidden = other === null;
    const alarm = part("alarm", HTMLElement);
    alarm.hidden = broken === null;
    alarm.textContent = broken === null
      ? ""
      : `Tick ${broken.tick}: an invariant is broken. ${broken.violation.message}.`;
    if (this.mission !== null) {
      const { done, text } = this.mission.judge(branch);
      part("judgement", HTMLElement).textContent = `${done ? "✓ " : ""}${text}`;
    }
  }
  #shown: Ticks = -1;

  #news({ tick }: Scene): void {
    const sentences = this.branch.sentences(tick).filter(({ about }) => about !== "part");
    const lines = sentences.map(({ text, more, style }) =>
      html("p", { class: style }, `${capital(text)}.`, more === undefined ? "" : ` (${more})`)
    );
    part("news", HTMLElement).replaceChildren(
      ...(lines.length > 0 ? lines : [html("p", { class: "faint" }, "Nothing is decided in this tick.")]),
    );
    const title = this.branch.trace.of("part").findLast((row) => row.tick <= tick)?.title;
    part("chapter", HTMLElement).textContent = title ?? this.branch.plan.scenario.summary ?? "";
  }

  /** The messages between this tick and the next. */
  #flying(passed: number): Flying[] {
    const { trace, cluster } = this.branch;
    if (this.#ends.trace !== trace) this.#ends = { trace, rows: 0, at: new Map() };
    const { at } = this.#ends;
    for (; this.#ends.rows < trace.rows.length; this.#ends.rows++) {
      const row = trace.rows[this.#ends.rows];
      if (row.kind === "message" && row.event !== "sent") at.set(row.id, { tick: row.tick, fate: row.event });
    }
    const { tick, scene } = this;
    const time = tick + (passed === 0 ? STILL : passed);
    const due = new Map(cluster.network.inFlight().map(({ id, arrivesAt }) => [id, arrivesAt]));
    const flying = scene.state.inFlight.values().map(({ id, message, sentAt }): Flying => {
      const end = at.get(id)?.tick ?? due.get(id) ?? null;
      const waits = end === null;
      const part = waits ? 0.5 : Math.min(0.97, (time - sentAt) / Math.max(1, end - sentAt));
      return { id, message, part, fate: waits ? "waits" : "flies" };
    });
    const lost = scene.rows.flatMap((row): Flying[] =>
      row.kind === "message" && row.event === "dropped" ? [{ id: row.id, message: row, part: 0.55, fate: "lost" }] : []
    );
    return [...flying, ...lost];
  }

  /** Ways that were made slower or faster, up to this tick. */
  #slow(): Map<string, Ticks> {
    const base = this.branch.plan.scenario.setting?.latency ?? 1;
    const rows = this.branch.trace.of("linkFault").filter(({ tick, fault }) => tick <= this.tick && fault === "delay");
    return new Map(
      rows.map(({ from, to, latency }): [string, Ticks] => [`${from}>${to}`, latency]).filter(([, latency]) =>
        latency !== base
      ),
    );
  }

  #keys(): string[] {
    const keys = this.branch.trace.of("proposal").map(({ command }) => command.key);
    return [...new Set([this.branch.plan.options.key, ...keys])];
  }

  /** a, b, c, …: what a client writes next. */
  #nextValue(): string {
    const writes = this.branch.trace.of("proposal").filter(({ tick, command }) =>
      tick <= this.tick && command.kind === "Put"
    );
    const used = new Set(writes.map(({ command }) => command.kind === "Put" ? command.value : ""));
    for (let i = 0;; i++) {
      const letter = String.fromCharCode(97 + i % 26) + (i < 26 ? "" : Math.floor(i / 26));
      if (!used.has(letter)) return letter;
    }
  }

  #chapters(): void {
    const parts = this.branch.trace.of("part");
    const select = part("chapters", HTMLSelectElement);
    const options = parts.map(({ tick, title }) => html("option", { value: tick }, `tick ${tick}: ${title}`));
    select.replaceChildren(html("option", { value: 0 }, "the beginning"), ...options);
    part("tour", HTMLElement).hidden = parts.length === 0;
  }

  #fillForms(): void {
    const { options, double, scenario } = this.branch.plan;
    const set = (id: string, value: unknown) => part(id, HTMLInputElement).value = `${value}`;
    set("nodes", options.nodes);
    set("seed", options.seed);
    set("latency", scenario.setting?.latency ?? 1);
    set("election", scenario.setting?.electionTick ?? 10);
    set("heartbeat", scenario.setting?.heartbeatTick ?? 3);
    part("double", HTMLSelectElement).value = double ?? "";
    part("broken-rule", HTMLElement).textContent = double === null ? "" : `A rule is taken out: ${DOUBLES[double]}.`;
  }

  /** A new sandbox with what the form says. */
  anew(): void {
    const number = (id: string) => Number(part(id, HTMLInputElement).value);
    const setting = {
      latency: number("latency"),
      electionTick: number("election"),
      heartbeatTick: number("heartbeat"),
    };
    const double = part("double", HTMLSelectElement).value;
    const options = { ...this.branch.plan.options, nodes: number("nodes"), seed: number("seed") };
    try {
      const plan = { scenario: sandboxOf(setting), options, double: isDouble(double) ? double : null, touches: [] };
      readPlan({ ...plan, scenario: "sandbox", setting });
      [this.mission, this.filmEnd] = [null, Infinity];
      part("judgement", HTMLElement).textContent = "";
      this.begin(new Branch(plan), 0);
    } catch (error) {
      part("warning", HTMLElement).textContent = error instanceof Error ? error.message : `${error}`;
      return;
    }
    part("warning", HTMLElement).textContent = "";
  }

  take(what: string): void {
    const { branch, tick } = this;
    const seen = branch.now === tick
      ? branch
      : new Branch({ ...branch.plan, touches: branch.touches.filter((each) => each.tick <= tick) }, tick);
    const hasDouble = branch.plan.double !== null || branch.plan.scenario.mutation !== undefined;
    const file = scenarioFile(seen);
    const texts: Record<string, () => string> = {
      link: () => `${location.href.split("#")[0]}${hashOf({ ...branch.plan, touches: branch.touches }, tick)}`,
      file: () =>
        hasDouble
          ? "A scenario file keeps Raft's rules: take the link, in which the broken rule is named."
          : `${file.command}\n\n${file.file}`,
      cell: () => hasDouble ? "A scenario keeps Raft's rules: take the link." : notebookLine(seen),
    };
    const area = part("taken", HTMLTextAreaElement);
    area.value = texts[what]();
    area.hidden = false;
    area.focus();
    area.select();
    if (what === "file" && !hasDouble) {
      download(`${branch.plan.scenario.name}.json`, new Blob([file.file], { type: "application/json" }));
    }
  }

  /** What is to be seen as a picture. */
  async picture(type: "svg" | "png"): Promise<void> {
    const text = pictureOf();
    const file = new Blob([text], { type: "image/svg+xml" });
    if (type === "svg") return download("raft.svg", file);
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = html("canvas", { width: 2 * image.width, height: 2 * image.height });
    if (!(canvas instanceof HTMLCanvasElement)) return;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => blob !== null && download("raft.png", blob));
  }

  #listen(): void {
    const jump = (tick: () => Ticks) => () => {
      this.play(false);
      this.go(tick());
    };
    const toggle = () => this.play(!this.plays);
    const forward = () => {
      this.play(false);
      this.step();
      this.draw();
    };
    const actions: Record<string, () => void> = {
      start: jump(() => 0),
      back: jump(() => this.tick - 1),
      play: toggle,
      step: forward,
      next: () => (this.play(false), this.nextEvent()),
      end: jump(() => this.branch.now),
      heal: () => this.touch({ do: "heal" }),
      anew: () => this.anew(),
      swap: () => {
        if (this.other === null) return;
        [this.branch, this.other] = [this.other, this.branch];
        this.go(this.tick);
      },
      link: () => this.take("link"),
      file: () => this.take("file"),
      cell: () => this.take("cell"),
      svg: () => void this.picture("svg"),
      png: () => void this.picture("png"),
    };
    for (const [id, action] of Object.entries(actions)) part(id, HTMLElement).addEventListener("click", action);
    const keys: Record<string, string> = {
      " ": "play",
      ArrowLeft: "back",
      ArrowRight: "step",
      Home: "start",
      End: "end",
      n: "next",
    };
    document.addEventListener("keydown", (event) => {
      const { key, target, ctrlKey, altKey, metaKey } = event;
      const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement ||
        target instanceof HTMLTextAreaElement;
      if (
        ctrlKey || altKey || metaKey || isField || !(key in keys) || key === " " && target instanceof HTMLButtonElement
      ) return;
      event.preventDefault();
      actions[keys[key]]();
    });
    const range = part("range", HTMLInputElement);
    range.addEventListener("input", () => (this.play(false), this.go(Number(range.value))));
    const chapters = part("chapters", HTMLSelectElement);
    chapters.addEventListener("change", () => (this.play(false), this.go(Number(chapters.value))));
    const loss = part("loss", HTMLSelectElement);
    loss.addEventListener("change", () => this.touch({ do: "loss", percent: Number(loss.value) }));
    this.#listenToLanes();
    this.#listenToCuts();
    new ResizeObserver(() => this.draw()).observe(part("lanes", SVGSVGElement));
    const double = part("double", HTMLSelectElement);
    double.append(...Object.entries(DOUBLES).map(([name, what]) => html("option", { value: name }, capital(what))));
    part("missions", HTMLElement).append(...MISSIONS.map((mission) =>
      html(
        "li",
        {},
        button(mission.name, () => {
          this.play(false);
          [this.mission, this.filmEnd] = [mission, Infinity];
          this.begin(new Branch(planOf(mission)), 0);
        }),
        ` ${mission.task}`,
      )
    ));
  }

  #listenToLanes(): void {
    const lanes = part("lanes", SVGSVGElement);
    const move = (event: PointerEvent) => {
      const { left } = lanes.getBoundingClientRect();
      this.go(tickAt(lanes, event.clientX - left, Math.max(this.branch.now, this.other?.now ?? 0)));
    };
    lanes.addEventListener("pointerdown", (event) => {
      this.play(false);
      lanes.setPointerCapture(event.pointerId);
      move(event);
    });
    lanes.addEventListener("pointermove", (event) => lanes.hasPointerCapture(event.pointerId) && move(event));
  }

  /** A line that is drawn over the stage cuts the links that it crosses. */
  #listenToCuts(): void {
    const stage = part("stage", SVGSVGElement);
    const at = ({ clientX, clientY }: PointerEvent) => {
      const matrix = stage.getScreenCTM();
      const { x, y } = matrix === null
        ? { x: 0, y: 0 }
        : new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
      return { x, y };
    };
    let line: SVGElement | null = null;
    let from = { x: 0, y: 0 };
    stage.addEventListener("pointerdown", (event) => {
      if (event.target !== stage) return;
      from = at(event);
      line = svg("line", { class: "knife", x1: from.x, y1: from.y, x2: from.x, y2: from.y });
      stage.append(line);
      stage.setPointerCapture(event.pointerId);
    });
    stage.addEventListener("pointermove", (event) => {
      const { x, y } = at(event);
      line?.setAttribute("x2", `${x}`);
      line?.setAttribute("y2", `${y}`);
    });
    stage.addEventListener("pointerup", (event) => {
      if (line === null) return;
      line.remove();
      line = null;
      this.play(false);
      for (const [a, b] of this.#stage.crossed(from, at(event))) this.touch({ do: "cut", from: a, to: b });
    });
  }
}

/** A cluster of one node, for the time before there is another. */
const SILENT: Plan = {
  scenario: sandboxOf(undefined),
  options: { nodes: 1, seed: 1, key: "x", value: "a" },
  double: null,
  touches: [],
};

function download(name: string, file: Blob): void {
  const address = URL.createObjectURL(file);
  html("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** The ring and the lanes below each other, as a document of its own. */
function pictureOf(): string {
  const style = svg("style", {}, document.querySelector("style")?.textContent ?? "");
  const [stage, lanes] = [part("stage", SVGSVGElement), part("lanes", SVGSVGElement)].map((element) => {
    const copy = element.cloneNode(true);
    return copy instanceof SVGSVGElement ? copy : element;
  });
  const lanesHeight = Number(lanes.getAttribute("viewBox")?.split(" ")[3] ?? 100);
  for (const [name, value] of Object.entries({ width: 1000, height: 640 })) stage.setAttribute(name, `${value}`);
  for (const [name, value] of Object.entries({ y: 650, width: 1000, height: lanesHeight })) {
    lanes.setAttribute(name, `${value}`);
  }
  const paper = svg("rect", { class: "paper", width: 1000, height: 660 + lanesHeight });
  const all = svg(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width: 1000, height: 660 + lanesHeight, class: "picture" },
    style,
    paper,
    stage,
    lanes,
  );
  return new XMLSerializer().serializeToString(all);
}

function start(): void {
  const data = JSON.parse(part("plan", HTMLScriptElement).textContent ?? "null");
  let problem = "";
  let shared = readPlan(data);
  let to = Number(data.to ?? 0);
  try {
    if (location.hash.length > 1) {
      shared = readHash(location.hash);
      to = shared.tick;
    }
  } catch (error) {
    problem = error instanceof Error ? error.message : `${error}`;
  }
  const app = new App(shared.plan, shared.tick, Math.min(to, LONGEST));
  if (problem !== "") app.say(`The address leads to no run: ${problem}.`);
  document.documentElement.classList.add("ready");
  const tell = () => parent.postMessage({ helloRaftPlayer: document.documentElement.scrollHeight }, "*");
  if (parent !== self) {
    new ResizeObserver(tell).observe(document.body);
    tell();
  }
}

start();

export type { Double };
