/**
 * The page's script, part 3: the cluster at a tick, drawn.
 *
 * JavaScript for the browser, as text; a test checks its types. What a run says is only ever set as text.
 *
 * @module
 */

/** Defines `svg`, `drawStage` and `stageText`. */
export const STAGE: string = String.raw`
/** What a message is about, for its colour. */
const ABOUT = /** @type {Record<string, string>} */ ({
  RequestVote: "vote", RequestVoteResponse: "vote", Heartbeat: "heartbeat", HeartbeatResponse: "heartbeat",
});

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {(SVGElement | string)[]} children
 */
function svg(name, attributes, children = []) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, typeof value === "number" ? String(Math.round(value * 100) / 100) : value);
  }
  element.append(...children);
  return element;
}

/**
 * @param {SVGSVGElement} stage
 * @param {Frame} frame
 * @param {Layout} layout
 */
function drawStage(stage, frame, layout) {
  stage.setAttribute("viewBox", "0 0 " + layout.width + " " + Math.ceil(layout.height));
  stage.setAttribute("height", String(Math.ceil(layout.height)));
  stage.setAttribute("aria-label", stageText(frame));
  const arrows = arrowsOf(frame, layout);
  const room = new Room(layout);
  stage.replaceChildren(
    ...linkLines(frame, layout),
    ...arrows.map(drawArrow),
    ...frame.nodes.map((node) => drawNode(node, layout)),
    ...linkLabels(frame, layout, room),
    ...messageLabels(arrows, room),
  );
}

/**
 * A line where both ways are open; dashes where one is not.
 * @param {Frame} frame
 * @param {Layout} layout
 */
function linkLines(frame, layout) {
  const ids = frame.nodes.map(({ id }) => id);
  return ids.flatMap((from, i) => ids.slice(i + 1).map((to) => {
    const states = [frame.links[from + ">" + to], frame.links[to + ">" + from]];
    const kind = states.includes("cut") ? "cut" : states.includes("held") ? "held" : "open";
    const [a, b] = wayBetween(layout, from, to, 0);
    return svg("line", { class: "link " + kind, x1: a.x, y1: a.y, x2: b.x, y2: b.y });
  }));
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
    if (state === "cut" && links[to + ">" + from] === "cut") return [];
    const [a, b] = wayBetween(layout, from, to);
    return label("link-label", [from + " → " + to + " " + state], a, b, [0.75, 0.85, 0.6, 0.5], room);
  });
}

/**
 * Text at the first place on a line, or beside it, that is free; none if no place is.
 * @param {string} name
 * @param {string[]} texts
 * @param {Point} a
 * @param {Point} b
 * @param {number[]} parts
 * @param {Room} room
 */
function label(name, texts, a, b, parts, room) {
  const width = Math.max(...texts.map((text) => text.length)) * 5.9 + 4;
  const on = parts.map((part) => between(a, b, part));
  const beside = [1, -1].flatMap((side) => on.map(({ x, y }) => ({ x: x + side * (width / 2 + 8), y })));
  const below = [16, -16].flatMap((dy) => on.map(({ x, y }) => ({ x, y: y + dy })));
  const place = room.take([...on, ...beside, ...below], width, texts.length * 13);
  if (place === null) return [];
  const { x, y } = place;
  const spans = texts.map((text, i) => svg("tspan", { x, y: y + (i - (texts.length - 1) / 2) * 12 + 4 }, [text]));
  return [svg("text", { class: "label " + name }, spans)];
}

/**
 * @typedef {{ from: number, to: number, start: number, part: number, fate: string, lines: string[], about: string,
 *   heavy: boolean, a: Point, b: Point, tip: Point }} Arrow
 */

/**
 * Messages that go the same way and are equally far share an arrow.
 * @param {Frame} frame
 * @param {Layout} layout
 * @returns {Arrow[]}
 */
function arrowsOf(frame, layout) {
  /** @type {Map<string, Arrow>} */
  const arrows = new Map();
  for (const { type, from, to, entries, reject, start, part, fate } of frame.messages) {
    if (from === to || !layout.at.has(from) || !layout.at.has(to)) continue;
    const key = [from, to, part, fate].join();
    const [a, b] = wayBetween(layout, from, to);
    const tip = between(a, b, part);
    const about = ABOUT[type] ?? "log";
    const arrow = arrows.get(key) ?? { from, to, start, part, fate, lines: [], about, heavy: false, a, b, tip };
    const text = type + (entries > 0 ? " +" + entries : "") + (reject ? " (no)" : "");
    arrow.lines.push(text);
    arrows.set(key, { ...arrow, heavy: arrow.heavy || entries > 0 });
  }
  return [...arrows.values()];
}

/** @param {Arrow} arrow */
function drawArrow({ a, tip, about, heavy, fate }) {
  const angle = Math.atan2(tip.y - a.y, tip.x - a.x) * 180 / Math.PI;
  const place = "translate(" + tip.x.toFixed(1) + " " + tip.y.toFixed(1) + ")";
  const head = fate === "lost"
    ? svg("path", { class: "cross", d: "M-6,-6L6,6M6,-6L-6,6", transform: place })
    : svg("path", { class: "head", d: heavy ? "M0,0L-12,-6V6Z" : "M0,0L-10,-4.5V4.5Z", transform: place + " rotate(" + angle.toFixed(1) + ")" });
  const length = Math.hypot(tip.x - a.x, tip.y - a.y);
  const stop = fate === "lost" ? tip : between(a, tip, Math.max(0, 1 - 8 / length));
  const line = svg("line", { class: "way", x1: a.x, y1: a.y, x2: stop.x, y2: stop.y });
  const words = [about, heavy ? "heavy" : "", fate.replaceAll(" ", "-")];
  return svg("g", { class: "message " + words.join(" ") }, [line, head]);
}

/**
 * What carries entries is labelled first.
 * @param {Arrow[]} arrows
 * @param {Room} room
 */
function messageLabels(arrows, room) {
  for (const { fate, tip } of arrows) if (fate === "lost") room.taken.push({ ...tip, width: 14, height: 14 });
  const urgent = [...arrows].sort((one, other) => Number(other.heavy) - Number(one.heavy));
  return urgent.flatMap(({ a, b, part, lines, fate, about }) => {
    const texts = [...new Set(lines)].map((line) => {
      const times = lines.filter((other) => other === line).length;
      return (fate === "lost" ? "lost: " : "") + line + (times > 1 ? " ×" + times : "");
    });
    const whole = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
    const parts = fate === "delivered" ? whole : fate === "lost" ? [part] : [part - 0.12, part + 0.14];
    return label(about, texts, a, b, parts, room);
  });
}

/**
 * @param {NodeState} node
 * @param {Layout} layout
 */
function drawNode(node, layout) {
  const { x, y } = /** @type {Point} */ (layout.at.get(node.id));
  const [width, height] = [layout.card.width, HEIGHTS[node.condition]];
  const [left, right] = [x - width / 2 + 8, x + width / 2 - 8];
  const box = { x: x - width / 2, y: y - height / 2, width, height, rx: node.condition === "leader" ? 12 : 6 };
  /** @type {(name: string, at: number, dy: number, words: string | number) => SVGElement} */
  const text = (name, at, dy, words) => svg("text", { class: name, x: at, y: y + dy }, [String(words)]);
  const badge = node.running ? node.role[0].toUpperCase() + node.term : "stopped";
  const vote = node.vote === null ? "no vote" : "vote: " + node.vote;
  const parts = [
    svg("rect", { class: "card", ...box }),
    text("name", left, -12, "node " + node.id),
    text("badge end", right, -11, badge),
    text("term", left, 5, "term " + node.term),
    text("vote", left, 21, vote),
    text("commit end", right, 5, "commit " + node.commit),
    text("applied end", right, 21, "applied " + node.applied),
  ];
  if (node.muted) {
    const [width, height] = [96, 17];
    parts.push(
      svg("rect", { class: "muted-box", x: x - width / 2, y: box.y - 12, width, height, rx: 8 }),
      text("muted", x, -box.height / 2 + 1, "clock stopped"),
    );
  }
  return svg("g", { class: "node " + node.condition, "data-node": node.id }, parts);
}

/**
 * The same in words.
 * @param {Frame} frame
 */
function stageText({ nodes, messages, links }) {
  const states = nodes.map(({ id, condition, muted, term, vote, commit, applied }) =>
    "Node " + id + ": " + condition + (muted ? ", its clock stopped" : "") + ", term " + term +
    (vote === null ? ", no vote" : ", vote for " + vote) + ", commit " + commit + ", applied " + applied + "."
  );
  const letters = messages.map(({ type, from, to, entries, reject, fate }) =>
    type + " from " + from + " to " + to + (entries > 0 ? " with " + entries + " entries" : "") +
    (reject ? ", a refusal" : "") + (fate === "delivered" ? "" : ", " + fate)
  );
  const broken = Object.entries(links).map(([way, state]) => way.replace(">", " to ") + " " + state);
  return states.join(" ") + (letters.length === 0 ? "" : " Messages: " + letters.join("; ") + ".") +
    (broken.length === 0 ? "" : " Links: " + broken.join("; ") + ".");
}
`;
