/**
 * The script of a player's page: it plays what `data.ts` packs.
 *
 * The page holds this file as it is, without its comments. What a run says is only ever set as text.
 *
 * @module
 *
 * @typedef {import("./data.ts").PlayerData} PlayerData
 * @typedef {import("./data.ts").EntryData} Entry
 * @typedef {import("./data.ts").NodeFrame & { id: number, log: Entry[] }} Node
 * @typedef {{ label: string, topic: string, from: number, to: number, part: number,
 *   fate: "on-its-way" | "delivered" | "lost" }} Message
 * @typedef {Omit<import("./data.ts").FrameData, "nodes"> & { nodes: Node[], messages: Message[] }} Frame
 * @typedef {Record<string, string | number>} Attributes
 * @typedef {{ x: number, y: number }} Point
 * @typedef {Point & { width: number, height: number }} Box
 * @typedef {{ height: number, at: Map<number, Point> }} Layout
 * @typedef {Message & { a: Point, b: Point, tip: Point, labels: string[], isHeavy: boolean }} Arrow
 */

/** The width of the picture, and the size of a node's card in it. */
export const WIDTH = 876;
export const CARD = { width: 128, height: 66 };

/** How many indices of the logs are shown. */
const COLUMNS = 12;

/**
 * A frame a tick.
 * @param {PlayerData} data
 * @returns {Frame[]}
 */
export function decode({ frames: packed, labels, messages }) {
  /** @type {Map<number, Node>} */
  const nodes = new Map();
  const frames = packed.map((frame) => {
    for (const { id, from = Infinity, entries = [], ...changes } of frame.nodes) {
      const was = nodes.get(id);
      const log = (was?.log ?? []).slice(0, from);
      entries.forEach((entry, i) => log[from + i] = entry);
      nodes.set(id, /** @type {Node} */ ({ ...was, ...changes, id, log }));
    }
    return { ...frame, nodes: [...nodes.values()], messages: /** @type {Message[]} */ ([]) };
  });
  const frameAt = new Map(frames.map((frame) => [frame.tick, frame]));
  for (const [place, from, to, sent, end, fate] of messages) {
    const [label, topic] = labels[place];
    const message = { label, topic, from, to };
    if (sent === end) frameAt.get(end)?.messages.push({ ...message, part: 0.35, fate: "lost" });
    for (let tick = Math.max(sent + 1, frames[0].tick); tick <= end; tick++) {
      const now = tick < end || fate === "sent" ? "on-its-way" : fate === "dropped" ? "lost" : fate;
      const part = now === "lost" ? Math.max((tick - 1 - sent) / (end - sent), 0.78) : (tick - sent) / (end - sent);
      frameAt.get(tick)?.messages.push({ ...message, part, fate: now });
    }
  }
  return frames;
}

/**
 * Nodes clockwise on an ellipse, the first at the top.
 * @param {number[]} ids
 * @returns {Layout}
 */
export function layoutOf(ids) {
  const count = ids.length;
  const [rx, ry] = [Math.min(370, 110 + 32 * count), count === 1 ? 0 : Math.max(130, 24 * count)];
  const angles = ids.map((_, i) => (2 * Math.PI * i) / count);
  const top = CARD.height / 2 + 18;
  const at = angles.map((angle) => ({ x: WIDTH / 2 + rx * Math.sin(angle), y: top + ry * (1 - Math.cos(angle)) }));
  const height = Math.max(...at.map(({ y }) => y)) + CARD.height / 2 + 10;
  return { height, at: new Map(ids.map((id, i) => [id, at[i]])) };
}

/**
 * The line from one card to another, right of the middle, so that both ways have room.
 * @param {Layout} layout
 * @param {number} from
 * @param {number} to
 * @returns {[Point, Point]}
 */
function wayBetween({ at }, from, to, side = 7) {
  const [a, b] = [from, to].map((id) => at.get(id) ?? { x: 0, y: 0 });
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const [dx, dy] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const reach = Math.min((CARD.width / 2 + 6) / Math.abs(dx), (CARD.height / 2 + 6) / Math.abs(dy));
  const point = (/** @type {number} */ far) => ({ x: a.x - side * dy + dx * far, y: a.y + side * dx + dy * far });
  return [point(reach), point(length - reach)];
}

/**
 * A point between two, at a part of the way.
 * @param {Point} a
 * @param {Point} b
 * @param {number} part
 */
function between(a, b, part) {
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
}

/**
 * @param {Element} element
 * @param {Attributes} attributes
 * @param {(Element | string)[]} children
 */
function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** @type {(name: string, attributes: Attributes, children?: (Element | string)[]) => Element} */
const svg = (name, attributes, children = []) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

/** @type {(name: string, attributes: Attributes, children?: (Element | string)[]) => Element} */
const html = (name, attributes, children = []) => filled(document.createElement(name), attributes, children);

/** @type {(name: string, a: Point, b: Point) => Element} */
const line = (name, a, b) => svg("line", { class: name, x1: a.x, y1: a.y, x2: b.x, y2: b.y });

/**
 * The cluster at a tick.
 * @param {Element} stage
 * @param {Frame} frame
 * @param {Layout} layout
 */
function drawStage(stage, frame, layout) {
  const arrows = arrowsOf(frame, layout);
  stage.setAttribute("viewBox", `0 0 ${WIDTH} ${Math.ceil(layout.height)}`);
  stage.setAttribute("aria-label", stageText(frame));
  stage.replaceChildren(
    ...linkLines(frame, layout),
    ...arrows.map(drawArrow),
    ...frame.nodes.map((node) => drawNode(node, layout)),
    ...messageLabels(arrows, layout),
  );
}

/** @param {Frame} frame */
function stageText({ nodes, messages }) {
  const states = nodes.map(({ id, condition, clockPaused, term, commit }) =>
    `Node ${id}: ${condition}, term ${term}, commit ${commit}${clockPaused ? ", its clock paused" : ""}.`
  );
  const travels = messages.map(({ label, from, to, fate }) => `${label} from ${from} to ${to}, ${fate}.`);
  return [...states, ...travels].join(" ");
}

/**
 * A line for each way between two nodes; dashes where it is not open.
 * @param {Frame} frame
 * @param {Layout} layout
 */
function linkLines({ nodes, links }, layout) {
  return nodes.flatMap(({ id: from }) =>
    nodes.filter(({ id }) => id !== from).map(({ id: to }) =>
      line(`link ${links[`${from}>${to}`] ?? ""}`, ...wayBetween(layout, from, to, 3))
    )
  );
}

/**
 * Messages that go the same way and are equally far share an arrow.
 * @param {Frame} frame
 * @param {Layout} layout
 * @returns {Arrow[]}
 */
function arrowsOf({ messages }, layout) {
  return [...Map.groupBy(messages, ({ from, to, part, fate }) => [from, to, part, fate].join()).values()].map(
    (group) => {
      const [{ from, to, part }] = group;
      const [a, b] = wayBetween(layout, from, to);
      const labels = group.map(({ label }) => label);
      const isHeavy = labels.some((label) => label.includes("+"));
      return { ...group[0], a, b, tip: between(a, b, part), labels, isHeavy };
    },
  );
}

/** @param {Arrow} arrow */
function drawArrow({ a, b, tip, topic, isHeavy, fate }) {
  const angle = Math.atan2(b.y - a.y, b.x - a.x) * 180 / Math.PI;
  const transform = `translate(${tip.x} ${tip.y}) rotate(${fate === "lost" ? 0 : angle})`;
  const head = fate === "lost"
    ? svg("path", { class: "cross", d: "M-6,-6L6,6M6,-6L-6,6", transform })
    : svg("path", { class: "head", d: "M3,0L-11,-6V6Z", transform });
  return svg("g", { class: `${topic} ${isHeavy ? "heavy" : ""} ${fate}` }, [line("way", a, tip), head]);
}

/**
 * Labels where there is room for them, on their arrows or beside them; what carries entries is served first.
 * @param {Arrow[]} arrows
 * @param {Layout} layout
 */
function messageLabels(arrows, { at }) {
  /** @type {Box[]} */
  const taken = [...at.values()].map((point) => ({ ...point, ...CARD }));
  for (const { fate, tip } of arrows) if (fate === "lost") taken.push({ ...tip, width: 14, height: 14 });
  const urgent = [...arrows].sort((one, other) => Number(other.isHeavy) - Number(one.isHeavy));
  return urgent.flatMap(({ a, b, part, labels, fate, topic }) => {
    const texts = [...Map.groupBy(labels, (label) => label)].map(([label, { length }]) =>
      (fate === "lost" ? "lost: " : "") + label + (length > 1 ? ` ×${length}` : "")
    );
    const [width, height] = [Math.max(...texts.map((text) => text.length)) * 5.9 + 4, texts.length * 13];
    const parts = fate === "delivered" ? [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8] : [part - 0.14, part + 0.14];
    const boxes = [[0, 0], [width / 2 + 8, 0], [-width / 2 - 8, 0], [0, 16], [0, -16]].flatMap(([dx, dy]) =>
      parts.map((part) => between(a, b, part)).map(({ x, y }) => ({ x: x + dx, y: y + dy, width, height }))
    );
    const box = boxes.find(({ x, y }) =>
      x > width / 2 && x < WIDTH - width / 2 &&
      taken.every((other) =>
        Math.abs(x - other.x) > (width + other.width) / 2 || Math.abs(y - other.y) > (height + other.height) / 2
      )
    );
    if (box === undefined) return [];
    taken.push(box);
    const top = box.y - (texts.length - 1) * 6 + 4;
    const spans = texts.map((text, i) => svg("tspan", { x: box.x, y: top + 12 * i }, [text]));
    return [svg("text", { class: `label ${topic}` }, spans)];
  });
}

/**
 * @param {Node} node
 * @param {Layout} layout
 */
function drawNode({ id, condition, badge, clockPaused, term, vote, commit, applied }, { at }) {
  const { x, y } = at.get(id) ?? { x: 0, y: 0 };
  const [left, right, top] = [x - CARD.width / 2, x + CARD.width / 2, y - CARD.height / 2];
  /** @type {(name: string, x: number, dy: number, words: string) => Element} */
  const text = (name, x, dy, words) => svg("text", { class: name, x, y: y + dy }, [words]);
  return svg("g", { class: `node ${condition}` }, [
    svg("rect", { class: "card", x: left, y: top, ...CARD, rx: 6 }),
    text("name", left + 8, -12, `node ${id}`),
    text("badge end", right - 8, -11, badge),
    text("", left + 8, 5, `term ${term}`),
    text("", left + 8, 21, vote === null ? "no vote" : `vote: ${vote}`),
    text("end", right - 8, 5, `commit ${commit}`),
    text("end", right - 8, 21, `applied ${applied}`),
    text("paused", x, -CARD.height / 2 - 6, clockPaused ? "clock paused" : ""),
  ]);
}

/**
 * The last entries of the logs.
 * @param {HTMLTableElement} table
 * @param {Frame} frame
 */
function drawLogs(table, { nodes }) {
  const last = Math.max(COLUMNS, ...nodes.map((node) => node.last));
  const indices = Array.from({ length: COLUMNS }, (_, i) => last - COLUMNS + 1 + i);
  const headings = ["index", ...indices].map((name) => html("th", { scope: "col" }, [String(name)]));
  const rows = nodes.map((node) => {
    const name = html("th", { scope: "row", class: node.condition }, [`node ${node.id}`]);
    return html("tr", {}, [name, ...indices.map((index) => html("td", {}, logCell(node, index)))]);
  });
  table.tHead?.replaceChildren(html("tr", {}, headings));
  table.tBodies[0].replaceChildren(...rows);
}

/**
 * @param {Node} node
 * @param {number} index
 */
function logCell({ first, last, commit, log }, index) {
  if (index > last) return [];
  if (index < first) return [html("span", { class: "entry snapshot" }, ["snapshot"])];
  const [term, command] = log[index];
  const title = `index ${index}, ${index <= commit ? "committed" : "not known to be committed"}: ${command}`;
  const words = [html("span", { class: "command" }, [command]), html("span", {}, [`term ${term}`])];
  return [html("span", { class: `entry t${term} ${index <= commit ? "" : "open"}`, title }, words)];
}

/**
 * An element of the page.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
function part(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`no ${id}`);
  return element;
}

/** Time, and who moves it. */
class Player {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  timer;
  at = 0;
  /** The most room that the page ever took. */
  height = 0;
  button = part("play", HTMLButtonElement);
  range = part("range", HTMLInputElement);
  speed = part("speed", HTMLSelectElement);

  /** @param {PlayerData} data */
  constructor(data) {
    this.frames = decode(data);
    this.end = this.frames.length - 1;
    this.layout = layoutOf(this.frames[this.end].nodes.map(({ id }) => id));
    this.range.max = String(this.end);
    const marks = this.frames.flatMap(({ marks }, at) => {
      const style = `left: calc(8px + ${at / Math.max(1, this.end)} * (100% - 16px))`;
      return marks.map((kind) => html("span", { class: `mark ${kind}`, style }));
    });
    part("marks", HTMLElement).append(...marks);
  }

  /** @param {number} place */
  go(place) {
    this.at = Math.max(0, Math.min(this.end, place));
    const frame = this.frames[this.at];
    drawStage(part("stage", SVGSVGElement), frame, this.layout);
    drawLogs(part("logs", HTMLTableElement), frame);
    part("part", HTMLElement).textContent = frame.part;
    part("news", HTMLElement).textContent = `Tick ${frame.tick}. ${frame.text}`;
    part("tick", HTMLElement).textContent = `tick ${frame.tick} of ${this.frames[this.end].tick}`;
    this.range.value = String(this.at);
    this.range.setAttribute("aria-valuetext", `tick ${frame.tick}`);
  }

  /** @param {boolean} plays */
  play(plays) {
    clearInterval(this.timer);
    this.timer = plays ? setInterval(() => this.tick(), 1000 / Number(this.speed.value)) : undefined;
    this.button.textContent = plays ? "Pause" : "Play";
    part("news", HTMLElement).setAttribute("aria-live", plays ? "off" : "polite");
  }

  tick() {
    this.go(this.at + 1);
    if (this.at === this.end) this.play(false);
  }

  /** Play from here, or from the start if this is the end; or pause. */
  toggle() {
    if (this.timer === undefined && this.at === this.end) this.go(0);
    this.play(this.timer === undefined && this.at < this.end);
  }

  /** @param {number} place */
  jump(place) {
    this.play(false);
    this.go(place);
  }

  listen() {
    /** @type {[button: string, key: string, place: () => number][]} */
    const moves = [
      ["start", "Home", () => 0],
      ["back", "ArrowLeft", () => this.at - 1],
      ["step", "ArrowRight", () => this.at + 1],
      ["end", "End", () => this.end],
    ];
    for (const [id, , place] of moves) part(id, HTMLElement).addEventListener("click", () => this.jump(place()));
    this.button.addEventListener("click", () => this.toggle());
    this.range.addEventListener("input", () => this.jump(Number(this.range.value)));
    this.speed.addEventListener("change", () => this.play(this.timer !== undefined));
    document.addEventListener("keydown", (event) => {
      const { key, target, ctrlKey, altKey, metaKey } = event;
      if (ctrlKey || altKey || metaKey || target instanceof HTMLSelectElement) return;
      const move = moves.find(([, other]) => other === key);
      if (key === " " && !(target instanceof HTMLButtonElement)) this.toggle();
      else if (move !== undefined) this.jump(move[2]());
      else return;
      event.preventDefault();
    });
    new ResizeObserver(() => this.tellHeight()).observe(document.body);
  }

  /** A page that shows this one in a frame is told how much room it takes. */
  tellHeight() {
    this.height = Math.max(this.height, Math.ceil(document.body.getBoundingClientRect().height));
    parent.postMessage({ helloRaftPlayer: this.height }, "*");
  }
}

if (globalThis.document !== undefined) {
  const player = new Player(JSON.parse(part("data", HTMLScriptElement).text));
  player.go(0);
  // A frame that nobody sees yet is not drawn, and its observers sleep.
  player.tellHeight();
  player.listen();
}
