/**
 * The page's script, part 5: time, and who moves it.
 *
 * JavaScript for the browser, as text; a test checks its types.
 *
 * @module
 */

/** Starts the page. */
export const CONTROLS: string = String.raw`
/**
 * An element of the page.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
function part(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error("no " + id);
  return element;
}

/** @type {Data} */
const data = JSON.parse(part("data", HTMLScriptElement).text);
const frames = decode(data);
const stage = part("stage", SVGSVGElement);
const table = part("logs", HTMLTableElement);
const range = part("range", HTMLInputElement);
const news = part("news", HTMLElement);
const speed = part("speed", HTMLSelectElement);
const play = part("play", HTMLButtonElement);
const stillness = matchMedia("(prefers-reduced-motion: reduce)");
const end = frames.length - 1;
let at = 0;
/** @type {ReturnType<typeof setInterval> | null} */
let timer = null;
let layout = layoutOf(data.ids, 700);

/** The milliseconds a tick takes while it plays. */
const pace = () => 1000 / Number(speed.value);

function draw() {
  const frame = frames[at];
  drawStage(stage, frame, layout);
  drawLogs(table, frame, table.clientWidth || layout.width);
  part("part", HTMLElement).textContent = frame.part;
  news.textContent = "Tick " + frame.tick + ". " + frame.text;
  range.value = String(at);
  range.setAttribute("aria-valuetext", "tick " + frame.tick);
  part("tick", HTMLElement).textContent = "tick " + frame.tick + " of " + frames[end].tick;
  for (const id of ["start", "back"]) part(id, HTMLButtonElement).setAttribute("aria-disabled", String(at === 0));
  for (const id of ["step", "end"]) part(id, HTMLButtonElement).setAttribute("aria-disabled", String(at === end));
}

/** @param {number} frame */
function go(frame) {
  const next = Math.max(0, Math.min(end, frame));
  const isStep = next === at + 1;
  at = next;
  draw();
  if (isStep && !stillness.matches) move(Math.min(timer === null ? 600 : pace() * 0.8, 900));
}

/**
 * A dot a message goes the part of the way that the message goes in this tick.
 * @param {number} duration
 */
function move(duration) {
  for (const { a, b, start, part, about } of arrowsOf(frames[at], layout)) {
    const dot = svg("circle", { class: "dot " + about, r: 5 });
    stage.append(dot);
    const places = [start, part].map((far) => {
      const { x, y } = between(a, b, far);
      return { transform: "translate(" + x + "px," + y + "px)" };
    });
    dot.animate(places, { duration, easing: "ease-in-out" }).onfinish = () => dot.remove();
  }
}

function pause() {
  if (timer !== null) clearInterval(timer);
  timer = null;
  play.classList.remove("playing");
  part("play-word", HTMLElement).textContent = "Play";
  news.setAttribute("aria-live", "polite");
}

function start() {
  if (timer !== null) clearInterval(timer);
  timer = setInterval(() => {
    go(at + 1);
    if (at === end) pause();
  }, pace());
  play.classList.add("playing");
  part("play-word", HTMLElement).textContent = "Pause";
  news.setAttribute("aria-live", "off");
}

/** Play from here, or from the start if this is the end; or pause. */
function toggle() {
  if (timer !== null) return pause();
  if (at === end) go(0);
  if (end > 0) start();
}

const MOVES = /** @type {Record<string, () => number>} */ ({
  start: () => 0, back: () => at - 1, step: () => at + 1, end: () => end,
});
const KEYS = /** @type {Record<string, string>} */ ({
  Home: "start", ArrowLeft: "back", ArrowRight: "step", End: "end",
});

/** @param {string} name */
function press(name) {
  pause();
  go(MOVES[name]());
}

for (const name of Object.keys(MOVES)) part(name, HTMLButtonElement).addEventListener("click", () => press(name));
play.addEventListener("click", toggle);
range.addEventListener("input", () => {
  pause();
  go(Number(range.value));
});
speed.addEventListener("change", () => {
  if (timer !== null) start();
});
document.addEventListener("keydown", (event) => {
  const target = event.target;
  if (event.ctrlKey || event.altKey || event.metaKey || target instanceof HTMLSelectElement) return;
  const isButton = target instanceof HTMLButtonElement;
  if (event.key === " " && !isButton) toggle();
  else if (event.key in KEYS) press(KEYS[event.key]);
  else return;
  event.preventDefault();
});

for (const [frame, kind] of data.marks) {
  const share = end === 0 ? 0 : frame / end;
  const mark = html("span", { class: "mark " + kind });
  mark.style.left = "calc(8px + " + share + " * (100% - 16px))";
  part("marks", HTMLElement).append(mark);
}
range.max = String(end);

/** A page that shows this one in a frame is told how much room it takes: as much as it ever took at this width. */
let most = { width: 0, height: 0 };
function tell() {
  const { width, height } = document.body.getBoundingClientRect();
  most = { width, height: Math.ceil(width === most.width ? Math.max(height, most.height) : height) };
  if (parent !== self) parent.postMessage({ helloRaftPlayer: most.height }, "*");
}

function fit() {
  const width = Math.round(part("room", HTMLElement).clientWidth);
  if (width > 0 && width !== layout.width) {
    layout = layoutOf(data.ids, width);
    draw();
  }
}

layout = layoutOf(data.ids, Math.max(280, part("room", HTMLElement).clientWidth));
draw();
// A frame that nobody sees yet is not drawn, and its observers sleep.
tell();
new ResizeObserver(fit).observe(part("room", HTMLElement));
new ResizeObserver(tell).observe(document.body);
`;
