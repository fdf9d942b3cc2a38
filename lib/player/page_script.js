/**
 * The script of a player's page: it plays what `data.ts` packs.
 *
 * The page holds this file as it is, without its comments. What a run says is only ever set as text.
 *
 * @module
 *
 * @typedef {import("./data.ts").PlayerData} PlayerData
 * @typedef {import("./data.ts").EntryData} Entry
 * @typedef {import("./data.ts").NodeFrame & { id: number, height: number, badge: string, log: Entry[] }} Node
 * @typedef {{ label: string, topic: string, from: number, to: number, isHeavy: boolean, start: number, part: number,
 *   fate: "on-its-way" | "delivered" | "lost" }} Message
 * @typedef {import("./data.ts").Stage & { tick: number, text: string, nodes: Node[], messages: Message[] }} Frame
 * @typedef {Record<string, string | number>} Attributes
 * @typedef {{ x: number, y: number }} Point
 * @typedef {{ width: number, height: number, card: { width: number, height: number }, at: Map<number, Point> }} Layout
 * @typedef {Message & { a: Point, b: Point, tip: Point, labels: string[] }} Arrow
 */

/**
 * A frame a tick.
 * @param {PlayerData} data
 * @returns {Frame[]}
 */
export function decode({ conditions, heights, frames: packed, kinds, messages }) {
  /** @type {Map<number, Node>} */
  const nodes = new Map();
  let stage = { part: "", links: {} };
  const frames = packed.map(({ tick, text, part = stage.part, links = stage.links, nodes: changes }) => {
    stage = { part, links };
    for (const { id, entries: [from, entries] = [0, []], ...change } of changes) {
      const was = nodes.get(id);
      const log = entries.length === 0 ? was?.log ?? [] : (was?.log ?? []).slice(0, from);
      entries.forEach((entry, i) => log[from + i] = entry);
      const node = /** @type {Node} */ ({ ...was, ...change, id, log });
      const { one, letter } = conditions[node.condition];
      nodes.set(id, { ...node, height: heights[node.condition], badge: letter === "" ? one : letter + node.term });
    }
    return { tick, text, part, links, nodes: [...nodes.values()], messages: [] };
  });
  fly(messages, kinds, frames);
  return frames;
}

/**
 * Puts each message into the frames in which it is seen. Its part of the way is 1 where it arrives.
 * @param {PlayerData["messages"]} messages
 * @param {PlayerData["kinds"]} kinds
 * @param {Frame[]} frames
 */
function fly(messages, kinds, frames) {
  const frameAt = new Map(frames.map((frame) => [frame.tick, frame]));
  const types = Object.entries(kinds);
  for (const [kind, from, to, entries, isNo, sent, end, fate = "delivered"] of messages) {
    const [type, { topic }] = types[kind];
    const label = type + (entries > 0 ? ` +${entries}` : "") + (isNo === 1 ? " (no)" : "");
    const message = { label, topic, from, to, isHeavy: entries > 0 };
    /** @param {number} tick */
    const far = (tick) => (tick - sent) / (end - sent);
    if (sent === end) frameAt.get(end)?.messages.push({ ...message, start: 0, part: 0.35, fate: "lost" });
    for (let tick = Math.max(sent + 1, frames[0].tick); tick <= end; tick++) {
      const start = far(tick - 1);
      const now = tick < end || fate === "sent" ? "on-its-way" : fate === "dropped" ? "lost" : fate;
      const part = now === "lost" ? Math.max(start, 0.78) : far(tick);
      frameAt.get(tick)?.messages.push({ ...message, start, part, fate: now });
    }
  }
}

/**
 * Nodes clockwise, the first at the top: on an ellipse as flat as it can be without touching cards, or, where that would not
 * have room, in two columns.
 * @param {number[]} ids
 * @param {number} width
 * @param {number} height
 * @returns {Layout}
 */
export function layoutOf(ids, width, height) {
  const card = { width: width < 560 ? 116 : 128, height };
  const places = width < 560 && ids.length > 3
    ? columns(ids.length, (width - card.width) / 2 - 2)
    : ellipse(ids.length, Math.min((width - card.width) / 2 - 4, 110 + 32 * ids.length), card);
  const top = Math.min(...places.map(({ y }) => y)) - height / 2 - 18;
  const bottom = Math.max(...places.map(({ y }) => y)) + height / 2 + 10;
  const at = new Map(ids.map((id, i) => [id, { x: width / 2 + places[i].x, y: places[i].y - top }]));
  return { width, height: bottom - top, card, at };
}

/**
 * @param {number} count
 * @param {number} rx
 * @param {Layout["card"]} card
 * @returns {Point[]}
 */
function ellipse(count, rx, card) {
  for (let ry = count === 1 ? 0 : count === 2 ? 70 : 130;; ry += 5) {
    const places = Array.from({ length: count }, (_, i) => {
      const angle = (2 * Math.PI * i) / count;
      return { x: rx * Math.sin(angle), y: -ry * Math.cos(angle) };
    });
    const touch = (/** @type {Point} */ a, /** @type {Point} */ b) =>
      Math.abs(a.x - b.x) < card.width + 60 && Math.abs(a.y - b.y) < card.height + 52;
    if (ry > 400 || !places.some((a, i) => places.slice(i + 1).some((b) => touch(a, b)))) return places;
  }
}

/**
 * @param {number} count
 * @param {number} rx
 * @returns {Point[]}
 */
function columns(count, rx) {
  return Array.from({ length: count }, (_, i) => {
    const isRight = i <= count / 2;
    return { x: i === 0 ? 0 : isRight ? rx : -rx, y: 112 * (i === 0 || isRight ? i : count - i) };
  });
}

/**
 * The line from one card to another, right of the middle, so that both ways have room.
 * @param {Layout} layout
 * @param {number} from
 * @param {number} to
 * @returns {[Point, Point]}
 */
function wayBetween({ at, card }, from, to, side = 7) {
  const [a, b] = [from, to].map((id) => at.get(id) ?? { x: 0, y: 0 });
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const [dx, dy] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const [sx, sy] = [-dy * side, dx * side];
  const reach = (/** @type {number} */ sign) => {
    const across = dx === 0 ? Infinity : (card.width / 2 + 3 - sign * Math.sign(dx) * sx) / Math.abs(dx);
    const down = dy === 0 ? Infinity : (card.height / 2 + 1 - sign * Math.sign(dy) * sy) / Math.abs(dy);
    return Math.min(across, down);
  };
  const point = (/** @type {number} */ far) => ({ x: a.x + sx + dx * far, y: a.y + sy + dy * far });
  return [point(reach(1)), point(length - reach(-1))];
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

/**
 * The cluster at a tick.
 * @param {Element} stage
 * @param {Frame} frame
 * @param {Layout} layout
 */
function drawStage(stage, frame, layout) {
  stage.setAttribute("viewBox", `0 0 ${layout.width} ${Math.ceil(layout.height)}`);
  stage.setAttribute("height", String(Math.ceil(layout.height)));
  stage.setAttribute("aria-label", stageText(frame));
  const arrows = arrowsOf(frame, layout);
  const room = new Room(layout, arrows);
  stage.replaceChildren(
    ...linkLines(frame, layout),
    ...arrows.map(drawArrow),
    ...frame.nodes.map((node) => drawNode(node, layout)),
    ...linkLabels(frame, layout, room),
    ...messageLabels(arrows, room),
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
 * A line where both ways are open; dashes where one is not.
 * @param {Frame} frame
 * @param {Layout} layout
 */
function linkLines({ nodes, links }, layout) {
  return nodes.flatMap(({ id: from }, i) =>
    nodes.slice(i + 1).map(({ id: to }) => {
      const states = [links[`${from}>${to}`], links[`${to}>${from}`]];
      const kind = states.includes("cut") ? "cut" : states.includes("held") ? "held" : "open";
      const [a, b] = wayBetween(layout, from, to, 0);
      return svg("line", { class: `link ${kind}`, x1: a.x, y1: a.y, x2: b.x, y2: b.y });
    })
  );
}

/**
 * What is true of one way only, or of a link that is held, is said.
 * @param {Frame} frame
 * @param {Layout} layout
 * @param {Room} room
 */
function linkLabels({ links }, layout, room) {
  return Object.entries(links).flatMap(([way, state]) => {
    const [from, to] = way.split(">").map(Number);
    if (state === "cut" && links[`${to}>${from}`] === "cut") return [];
    return room.label("link-label", [`${from} → ${to} ${state}`], wayBetween(layout, from, to), [0.75, 0.85, 0.6, 0.5]);
  });
}

/**
 * Messages that go the same way and are equally far share an arrow.
 * @param {Frame} frame
 * @param {Layout} layout
 * @returns {Arrow[]}
 */
function arrowsOf({ messages }, layout) {
  /** @type {Map<string, Arrow>} */
  const arrows = new Map();
  for (const message of messages) {
    const { label, from, to, part, fate, isHeavy } = message;
    if (from === to || !layout.at.has(from) || !layout.at.has(to)) continue;
    const key = [from, to, part, fate].join();
    const [a, b] = wayBetween(layout, from, to);
    const arrow = arrows.get(key) ?? { ...message, a, b, tip: between(a, b, part), labels: [] };
    arrows.set(key, { ...arrow, isHeavy: arrow.isHeavy || isHeavy, labels: [...arrow.labels, label] });
  }
  return [...arrows.values()];
}

/** @param {Arrow} arrow */
function drawArrow({ a, tip, topic, isHeavy, fate }) {
  const isLost = fate === "lost";
  const angle = Math.atan2(tip.y - a.y, tip.x - a.x) * 180 / Math.PI;
  const transform = `translate(${tip.x} ${tip.y}) rotate(${isLost ? 0 : angle})`;
  const head = isLost
    ? svg("path", { class: "cross", d: "M-6,-6L6,6M6,-6L-6,6", transform })
    : svg("path", { class: "head", d: isHeavy ? "M0,0L-12,-6V6Z" : "M0,0L-10,-4.5V4.5Z", transform });
  const length = Math.hypot(tip.x - a.x, tip.y - a.y);
  const stop = isLost ? tip : between(a, tip, Math.max(0, 1 - 8 / length));
  const line = svg("line", { class: "way", x1: a.x, y1: a.y, x2: stop.x, y2: stop.y });
  return svg("g", { class: `message ${topic} ${isHeavy ? "heavy" : ""} ${fate}` }, [line, head]);
}

/**
 * What carries entries is labelled first.
 * @param {Arrow[]} arrows
 * @param {Room} room
 */
function messageLabels(arrows, room) {
  const urgent = [...arrows].sort((one, other) => Number(other.isHeavy) - Number(one.isHeavy));
  return urgent.flatMap(({ a, b, part, labels, fate, topic }) => {
    const texts = [...new Set(labels)].map((text) => {
      const times = labels.filter((other) => other === text).length;
      return (fate === "lost" ? "lost: " : "") + text + (times > 1 ? ` ×${times}` : "");
    });
    const whole = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
    const parts = fate === "delivered" ? whole : fate === "lost" ? [part] : [part - 0.12, part + 0.14];
    return room.label(topic, texts, [a, b], parts);
  });
}

/** The room there is for labels: whoever comes first is served first. */
class Room {
  /**
   * @param {Layout} layout
   * @param {Arrow[]} arrows
   */
  constructor({ width, card, at }, arrows) {
    this.width = width;
    const crosses = arrows.filter(({ fate }) => fate === "lost").map(({ tip }) => ({ ...tip, width: 14, height: 14 }));
    this.taken = [...[...at.values()].map((point) => ({ ...point, ...card })), ...crosses];
  }

  /**
   * Text at the first place on a line, or beside it, that is free; none if no place is.
   * @param {string} name
   * @param {string[]} texts
   * @param {[Point, Point]} line
   * @param {number[]} parts
   */
  label(name, texts, [a, b], parts) {
    const width = Math.max(...texts.map((text) => text.length)) * 5.9 + 4;
    const height = texts.length * 13;
    const on = parts.map((part) => between(a, b, part));
    const places = [[0, 0], [width / 2 + 8, 0], [-width / 2 - 8, 0], [0, 16], [0, -16]].flatMap(([dx, dy]) =>
      on.map(({ x, y }) => ({ x: x + dx, y: y + dy }))
    );
    const place = places.find(({ x, y }) =>
      x > width / 2 && x < this.width - width / 2 &&
      !this.taken.some((other) =>
        Math.abs(x - other.x) < (width + other.width) / 2 && Math.abs(y - other.y) < (height + other.height) / 2
      )
    );
    if (place === undefined) return [];
    this.taken.push({ ...place, width, height });
    const { x, y } = place;
    const spans = texts.map((text, i) => svg("tspan", { x, y: y + (i - (texts.length - 1) / 2) * 12 + 4 }, [text]));
    return [svg("text", { class: `label ${name}` }, spans)];
  }
}

/**
 * @param {Node} node
 * @param {Layout} layout
 */
function drawNode({ id, condition, height, badge, clockPaused, term, vote, commit, applied }, { at, card }) {
  const { x, y } = at.get(id) ?? { x: 0, y: 0 };
  const [left, right, top] = [x - card.width / 2, x + card.width / 2, y - height / 2];
  /** @type {(name: string, x: number, dy: number, words: string) => Element} */
  const text = (name, x, dy, words) => svg("text", { class: name, x, y: y + dy }, [words]);
  const parts = [
    svg("rect", { class: "card", x: left, y: top, width: card.width, height, rx: condition === "leader" ? 12 : 6 }),
    text("name", left + 8, -12, `node ${id}`),
    text("badge end", right - 8, -11, badge),
    text("term", left + 8, 5, `term ${term}`),
    text("vote", left + 8, 21, vote === null ? "no vote" : `vote: ${vote}`),
    text("commit end", right - 8, 5, `commit ${commit}`),
    text("applied end", right - 8, 21, `applied ${applied}`),
  ];
  if (clockPaused) {
    parts.push(
      svg("rect", { class: "paused-box", x: x - 48, y: top - 12, width: 96, height: 17, rx: 8 }),
      text("paused", x, 1 - height / 2, "clock paused"),
    );
  }
  return svg("g", { class: `node ${condition}`, "data-node": id }, parts);
}

/**
 * The last entries of the logs, as many as the width has room for.
 * @param {HTMLTableElement} table
 * @param {Frame} frame
 * @param {number} width
 */
function drawLogs(table, { nodes }, width) {
  const columns = Math.max(3, Math.min(14, Math.floor((width - 92) / 60)));
  const last = Math.max(columns, ...nodes.map((node) => node.last));
  const indices = Array.from({ length: columns }, (_, i) => last - columns + 1 + i);
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
  const entry = index < first ? undefined : log[index];
  if (entry === undefined) return [html("span", { class: "entry snapshot" }, [index < first ? "snapshot" : "?"])];
  const [term, command, cell] = entry;
  const isCommitted = index <= commit;
  const title = `index ${index}, term ${term}: ${command}, ${isCommitted ? "committed" : "not known to be committed"}`;
  const words = [html("span", { class: "command" }, [cell]), html("span", {}, [`term ${term}`])];
  return [html("span", { class: `entry t${term} ${isCommitted ? "committed" : "open"}`, title }, words)];
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
  /** The most room that the page ever took at its width. */
  most = { width: 0, height: 0 };
  news = part("news", HTMLElement);
  button = part("play", HTMLButtonElement);
  range = part("range", HTMLInputElement);
  room = part("room", HTMLElement);

  /** @param {PlayerData} data */
  constructor(data) {
    this.frames = decode(data);
    this.end = this.frames.length - 1;
    this.ids = this.frames[this.end].nodes.map(({ id }) => id);
    this.cardHeight = Math.max(...Object.values(data.heights));
    this.layout = layoutOf(this.ids, Math.max(280, this.room.clientWidth), this.cardHeight);
    this.range.max = String(this.end);
    const marks = data.frames.flatMap(({ marks }, at) => {
      const style = `left: calc(8px + ${at / Math.max(1, this.end)} * (100% - 16px))`;
      return marks.map((kind) => html("span", { class: `mark ${kind}`, style }));
    });
    part("marks", HTMLElement).append(...marks);
  }

  /** The milliseconds a tick takes while it plays. */
  get pace() {
    return 1000 / Number(part("speed", HTMLSelectElement).value);
  }

  draw() {
    const { tick, part: title, text } = this.frames[this.at];
    drawStage(part("stage", SVGSVGElement), this.frames[this.at], this.layout);
    const table = part("logs", HTMLTableElement);
    drawLogs(table, this.frames[this.at], table.clientWidth || this.layout.width);
    part("part", HTMLElement).textContent = title;
    this.news.textContent = `Tick ${tick}. ${text}`;
    this.range.value = String(this.at);
    this.range.setAttribute("aria-valuetext", `tick ${tick}`);
    part("tick", HTMLElement).textContent = `tick ${tick} of ${this.frames[this.end].tick}`;
    for (const [id, place] of Object.entries({ start: 0, back: 0, step: this.end, end: this.end })) {
      part(id, HTMLButtonElement).setAttribute("aria-disabled", String(this.at === place));
    }
  }

  /** @param {number} place */
  go(place) {
    const next = Math.max(0, Math.min(this.end, place));
    const isStep = next === this.at + 1;
    this.at = next;
    this.draw();
    if (isStep && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.move();
  }

  /** A dot a message goes the part of the way that the message goes in this tick. */
  move() {
    const duration = Math.min(this.timer === undefined ? 600 : this.pace * 0.8, 900);
    for (const { a, b, start, part: end, topic } of arrowsOf(this.frames[this.at], this.layout)) {
      const dot = svg("circle", { class: `dot ${topic}`, r: 5 });
      part("stage", SVGSVGElement).append(dot);
      const places = [start, end].map((far) => between(a, b, far)).map(({ x, y }) => `translate(${x}px, ${y}px)`);
      dot.animate({ transform: places }, { duration, easing: "ease-in-out" }).onfinish = () => dot.remove();
    }
  }

  pause() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.tellPlaying();
  }

  start() {
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      this.go(this.at + 1);
      if (this.at === this.end) this.pause();
    }, this.pace);
    this.tellPlaying();
  }

  tellPlaying() {
    const plays = this.timer !== undefined;
    this.button.classList.toggle("playing", plays);
    part("play-word", HTMLElement).textContent = plays ? "Pause" : "Play";
    this.news.setAttribute("aria-live", plays ? "off" : "polite");
  }

  /** Play from here, or from the start if this is the end; or pause. */
  toggle() {
    if (this.timer !== undefined) return this.pause();
    if (this.at === this.end) this.go(0);
    if (this.end > 0) this.start();
  }

  /** @param {number} place */
  jump(place) {
    this.pause();
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
    part("speed", HTMLSelectElement).addEventListener("change", () => {
      if (this.timer !== undefined) this.start();
    });
    document.addEventListener("keydown", (event) => {
      const { key, target, ctrlKey, altKey, metaKey } = event;
      if (ctrlKey || altKey || metaKey || target instanceof HTMLSelectElement) return;
      const move = moves.find(([, other]) => other === key);
      if (key === " " && !(target instanceof HTMLButtonElement)) this.toggle();
      else if (move !== undefined) this.jump(move[2]());
      else return;
      event.preventDefault();
    });
    new ResizeObserver(() => this.fit()).observe(this.room);
    new ResizeObserver(() => this.tellHeight()).observe(document.body);
  }

  fit() {
    const width = Math.round(this.room.clientWidth);
    if (width === 0 || width === this.layout.width) return;
    this.layout = layoutOf(this.ids, width, this.cardHeight);
    this.draw();
  }

  /** A page that shows this one in a frame is told how much room it takes. */
  tellHeight() {
    const { width, height } = document.body.getBoundingClientRect();
    const least = width === this.most.width ? this.most.height : 0;
    this.most = { width, height: Math.ceil(Math.max(height, least)) };
    if (parent !== self) parent.postMessage({ helloRaftPlayer: this.most.height }, "*");
  }
}

if (globalThis.document !== undefined) {
  const player = new Player(JSON.parse(part("data", HTMLScriptElement).text));
  player.draw();
  // A frame that nobody sees yet is not drawn, and its observers sleep.
  player.tellHeight();
  player.listen();
}
