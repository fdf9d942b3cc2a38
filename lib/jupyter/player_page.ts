/**
 * A player's page in a browser, used as a reader uses it: every control with the mouse and with keys, and an audit of what it shows.
 *
 * @module
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { player, sandbox } from "../player/player.ts";
import { minorityPartition, play, readScenario } from "../scenario/mod.ts";
import { conditionOf, type Scene } from "../trace/fold.ts";
import type { Browser, Page } from "./lab_page.ts";
import { load } from "./pack.ts";
import { poll, WORKSHOP } from "./project.ts";

/** How long something may take to be seen, in milliseconds. */
const BOUND = 10_000;

/** What is seen in the page, as JavaScript in it. */
const SEEN = {
  tick: `Number(/\\d+/.exec(document.getElementById("tick").textContent)[0])`,
  last: `Number(/(\\d+)$/.exec(document.getElementById("tick").textContent)[1])`,
  news: `document.getElementById("news").textContent`,
  said: `document.getElementById("said").textContent`,
  nodes: `[...document.querySelectorAll("#stage .node")].map((node) => node.getAttribute("aria-label"))`,
  cut: `document.querySelectorAll("#stage .link:has(.way.cut)").length`,
  lanes: `document.querySelectorAll("#lanes > g").length`,
  menu: `document.querySelector("#menu:popover-open")?.getAttribute("aria-label") ?? ""`,
  focus: `document.activeElement?.dataset.key ?? document.activeElement?.id ?? ""`,
  overflow: `document.documentElement.scrollWidth - document.documentElement.clientWidth`,
} as const;

/** A page, and what was found to be wrong with it. */
interface Look {
  readonly page: Page;
  /** What is seen; it is waited for until it is so. */
  readonly see: (what: string, expression: string, wanted: unknown) => Promise<void>;
}

/** Everything that is wrong with a player's page, alone and without a network: what it asked for would be on the console. */
export async function playerProblems(browser: Browser): Promise<string[]> {
  const found: string[] = [];
  const folder = join(WORKSHOP, "player");
  mkdirSync(folder, { recursive: true });
  const fileOf = (name: string, page: string) => {
    writeFileSync(join(folder, name), page);
    return pathToFileURL(join(folder, name)).href;
  };
  const own = fileOf("sandbox.html", sandbox({ nodes: 5, seed: 7 }).page());
  const outside = fileOf("outside.html", sandbox({ nodes: 5, seed: 7, setting: { spares: 2 } }).page());
  const film = fileOf("film.html", player(play(minorityPartition, { seed: 7 }), { title: "Two leaders" }).page());
  const open = async (url: string, act: (look: Look) => Promise<void>) => {
    await using page = await browser.newPage({ offline: true });
    page.on("console", (message) => found.push(`on the console: ${message.text()}`));
    page.on("pageerror", ({ message }) => found.push(`an error: ${message}`));
    await page.goto(url);
    page.setDefaultTimeout(BOUND);
    const look: Look = {
      page,
      see: async (what, expression, wanted) => {
        const isSo = (seen: unknown) => wanted instanceof RegExp ? wanted.test(`${seen}`) : seen === wanted;
        const seen = await poll(() => page.evaluate<unknown>(expression).catch(({ message }) => message), isSo, BOUND);
        if (!isSo(seen)) found.push(`${what}: there is ${seen}, and should be ${wanted}`);
      },
    };
    // The script unpacks itself after the page has loaded.
    await look.see("drawn", `document.getElementById("when").textContent`, /^, tick /);
    await act(look).catch(({ message }) => found.push(message));
  };
  await open(own, byMouse);
  await open(own, byKeys);
  await open(own, missionsAndForms);
  await open(outside, membership);
  await open(own, clients);
  await open(film, tour);
  await open(own, (look) => takeAway(look, open));
  await open(
    `${own}#nonsense`,
    ({ see }) => see("a wrong address", SEEN.said, /^The address leads to no run: what follows # /),
  );
  for (const nodes of [1, 9]) await open(fileOf("some.html", sandbox({ nodes, seed: 7 }).page()), widths);
  for (const url of [own, outside, film]) await open(url, audit);
  rmSync(folder, { recursive: true });
  return found;
}

const nodeAt = (id: number) => `[data-key="node ${id}"] .body`;

/** Up to the tick in which node 3 is elected. */
async function elect({ page, see }: Look): Promise<void> {
  for (const tick of [10, 11, 12]) {
    await page.click("#next");
    await see("the next event", SEEN.tick, tick);
  }
  await see("the election", SEEN.news, /^Node 3 is elected leader of term 1/);
}

async function choose({ page }: Look, target: string, choice: string): Promise<void> {
  await page.click(target);
  await page.click(`#menu >> text="${choice}"`);
}

async function byMouse(look: Look): Promise<void> {
  const { page, see } = look;
  for (
    const [id, tick] of [["step", 1], ["step", 2], ["back", 1], ["start", 0], ["end", 2], ["previous", 0]] as const
  ) {
    await page.click(`#${id}`);
    await see(`after #${id}`, SEEN.tick, tick);
  }
  await elect(look);
  await choose(look, nodeAt(3), "Put x = a");
  await see("a request", SEEN.news, /Node 3 is asked to Put x = a: appended at index 2/);
  await choose(look, '[data-key^="message"] .hit-round', "Lose it");
  await see("a lost message", SEEN.news, /append from node 3 to node \d is lost/);
  for (
    const [choice, told] of [["Hold it back", "held back"], ["Deliver it next", "arrives next"], [
      "Send it twice",
      "sent a second time",
    ]]
  ) {
    await choose(
      look,
      '[data-key^="message"].flies .hit-round, .message.flies .hit-round, .message.waits .hit-round',
      choice,
    );
    await see(choice, SEEN.news, RegExp(`(is|are)? ?${told}`));
  }
  await choose(look, nodeAt(2), "Pause its clock");
  await see("a paused clock", SEEN.nodes, /its clock paused/);
  await choose(look, nodeAt(2), "Stop");
  await see("a stopped node", SEEN.nodes, /Node 2: stopped/);
  await choose(look, nodeAt(2), "Restart");
  await see("a node that is back", SEEN.nodes, /Node 2: follower/);
  await choose(look, nodeAt(4), "Time out now");
  await see("a campaign", SEEN.nodes, /Node 4: candidate, term 2/);
  await page.click("#heal");
  await cutByHand(look);
  await futures(look);
  await page.selectOption("#autopilot", "once");
  await page.selectOption("#speed", "32");
  await page.click("#play");
  await see("the client writes", `document.querySelectorAll("#clients .good").length >= 3`, true);
  await page.click("#play");
  await see("still", `document.getElementById("play").getAttribute("aria-label")`, "Play");
  await page.selectOption("#loss", "30");
  await see("loss", `document.getElementById("loss").value`, "30");
  await page.selectOption("#delay", "3");
  await see("delay", SEEN.news, /messages between nodes 1 to 5 now take 3 ticks|now take 3 ticks/);
}

/** Cut links: one from its menu, several by a line, all of a node; and mend them. */
async function cutByHand(look: Look): Promise<void> {
  const { page, see } = look;
  await choose(look, '[data-key="link 1 2"] .hit', "Cut from 1 to 2");
  await see("a link that is cut one way", SEEN.cut, 1);
  await page.click("#heal");
  await see("mended", SEEN.cut, 0);
  const { x, y, width, height } = await page.evaluate<DOMRect>(
    `(() => { const { x, y, width, height } = document.getElementById("stage").getBoundingClientRect(); return { x, y, width, height }; })()`,
  );
  await page.mouse.move(x + 0.02 * width, y + 0.55 * height);
  await page.mouse.down();
  await page.mouse.move(x + 0.98 * width, y + 0.56 * height);
  await page.mouse.up();
  // Between nodes 3 and 4 below the line and the others above it: six links.
  await see("a line that cuts", SEEN.cut, 6);
  for (const [id, cut] of [["heal", 0], ["cut-leader", 4], ["heal", 0], ["cut-minority", 6], ["heal", 0]] as const) {
    await page.click(`#${id}`);
    await see(`after #${id}`, SEEN.cut, cut);
  }
}

/** Another future from the past, and the way between both. */
async function futures({ page, see }: Look): Promise<void> {
  await see("one future", SEEN.lanes, 1);
  const { x, y, width } = await page.evaluate<DOMRect>(
    `(() => { const { x, y, width } = document.getElementById("lanes").getBoundingClientRect(); return { x, y, width }; })()`,
  );
  await page.mouse.move(x + 0.5 * width, y + 40);
  await page.mouse.down();
  await page.mouse.move(x + 22 + 5 / 60 * (width - 32), y + 40);
  await page.mouse.up();
  await see("dragged to", SEEN.tick, 5);
  await choose({ page, see }, nodeAt(3), "Stop");
  await see("two futures", SEEN.lanes, 2);
  await see(
    "their difference",
    `document.querySelector("#lanes text.parting").textContent`,
    "first difference: tick 5",
  );
  for (let i = 0; i < 12; i++) await page.click("#step");
  await see("this future", SEEN.nodes, /Node 3: stopped/);
  await page.click("#swap");
  await see("the other future", SEEN.nodes, /Node 3: (?!stopped)/);
  await page.click("#swap");
  await see("back again", SEEN.nodes, /Node 3: stopped/);
}

/** A client that tries again, with its answer lost, and the four ways to read. */
async function clients({ page, see }: Look): Promise<void> {
  const steps = async (count: number) => {
    for (let i = 0; i < count; i++) await page.click("#step");
  };
  const told = (what: string, wanted: RegExp) => see(what, `document.querySelector("#clients li").textContent`, wanted);
  await steps(20);
  await page.focus("#client-put");
  await page.keyboard.press("Enter");
  await steps(4);
  await told("a request", /^tick 20, client 1, request 1: Put x = a; node 1 names node 3: done \(node 3, tick 23\)$/);
  await page.focus("#lose-answer");
  await page.keyboard.press("Enter");
  await see("what will be lost", SEEN.said, "The next answer to client 1 will be lost.");
  await page.click("#client-put");
  await steps(24);
  await told("a request that was sent again", /node 3's answer is lost; node 3 says nothing up to tick \d+; .*done/);
  await page.selectOption("#way", "store");
  await page.focus("#client-get");
  await page.keyboard.press("Enter");
  await told("a read from a store", /Get x from the store: b \(/);
  for (
    const [choice, wanted] of [["through the log", /: b|done/], ["by ReadIndex", /: b/], [
      "from the store",
      /: b/,
    ]] as const
  ) {
    await choose({ page, see }, nodeAt(3), `Get x ${choice}`);
    await steps(3);
    await told(choice, wanted);
  }
  await choose({ page, see }, nodeAt(3), "Get x by a lease");
  await see("no lease", SEEN.said, /Cannot read by lease: leaders have none here/);
  await page.selectOption("#autopilot", "again");
  await steps(14);
  await told("it goes on by itself", /^tick \d+, client 1, request [4-6]: Put x = [c-e]/);
}

/** Nodes are added and removed: one from its menu, several at once, and by keys. */
async function membership({ page, see }: Look): Promise<void> {
  const majority = `document.getElementById("majority").textContent`;
  const name = (id: number) => `document.querySelector('[data-key="node ${id}"]').getAttribute("aria-label")`;
  await see("who votes", majority, "A majority is 2 of nodes 1, 2 and 3.");
  await see("outside", name(5), /^Node 5: follower, outside/);
  await page.click("#change summary");
  await see("nobody to ask", `document.getElementById("ways-there").textContent`, "There is no leader to ask.");
  for (let i = 0; i < 20; i++) await page.click("#step");
  await choose({ page, see }, nodeAt(4), "Make it a learner");
  for (let i = 0; i < 6; i++) await page.click("#step");
  await see("a learner", name(4), /^Node 4: follower, learner/);
  await page.selectOption('select[data-node="5"]', "voter");
  await page.focus('select[data-node="1"]');
  for (const key of ["ArrowDown", "ArrowDown", "Tab"]) await page.keyboard.press(key);
  const said = `document.getElementById("ways-there").textContent`;
  await see("two at once", said, "2 nodes changed: by way of a joint configuration.");
  await page.click("#explicit");
  await page.focus("#reconfigure");
  await page.keyboard.press("Enter");
  for (let i = 0; i < 6; i++) await page.click("#step");
  await see("a joint configuration", majority, "A majority is 2 of nodes 1, 2 and 3, and also 2 of nodes 2, 3 and 5.");
  await see(
    "its halves",
    SEEN.nodes,
    /Node 1: follower, old half.*Node 3: leader, both halves.*Node 5: follower, new half/,
  );
  await page.click("#leave-joint");
  for (let i = 0; i < 6; i++) await page.click("#step");
  await see("no joint configuration", majority, "A majority is 2 of nodes 2, 3 and 5.");
  await see(
    "nodes that do not vote",
    `document.getElementById("non-voters").textContent`,
    "Learner: node 4. Outside: node 1.",
  );
}

async function byKeys(look: Look): Promise<void> {
  const { page, see } = look;
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  // Whatever can be clicked is reached by Tab.
  const all = await page.evaluate<string[]>(
    `[...document.querySelectorAll("button, select, input, summary, [role=button]")]
      .filter((each) => each.checkVisibility() && !each.matches(":disabled")).map((each) => each.dataset.key ?? each.id ?? "")`,
  );
  const reached = new Set<string>();
  for (let i = 0; i < all.length + 12; i++) {
    await press("Tab");
    reached.add(await page.evaluate<string>(SEEN.focus));
  }
  const missing = all.filter((id) => !reached.has(id));
  await see(`not reached by Tab: ${missing.join(", ")}`, `${missing.length}`, 0);
  await page.evaluate("document.activeElement.blur()");
  for (
    const [key, tick] of [["ArrowRight", 1], ["ArrowRight", 2], ["ArrowLeft", 1], ["n", 10], ["p", 0], ["End", 10], [
      "Home",
      0,
    ]] as const
  ) {
    await press(key);
    await see(`after ${key}`, SEEN.tick, tick);
  }
  await press(" ");
  await see("played", `${SEEN.tick} > 1`, true);
  await press(" ");
  await press("End", "n", "n");
  await see("a leader", SEEN.nodes, /Node 3: leader/);
  await page.focus('[data-key="node 3"]');
  await press("Enter");
  await see("the menu", SEEN.menu, "Node 3, leader");
  await press("ArrowDown", "ArrowUp", "Escape");
  await see("no menu", SEEN.menu, "");
  await see("the focus is back", SEEN.focus, "node 3");
  await press(" ", "End", "ArrowUp", "Enter");
  await press("Enter", "Enter");
  await see("asked by keys", SEEN.news, /Node 3 is asked to Put x = a/);
  const message = await page.evaluate<string>(`document.querySelector("#stage .message").dataset.key`);
  await page.focus(`[data-key="${message}"]`);
  await press("Enter", "Enter");
  await see("lost by keys", SEEN.news, /is lost/);
  await page.focus('[data-key="link 1 2"]');
  await press(" ", "Enter");
  await see("cut by keys", SEEN.cut, 1);
  await page.focus("#range");
  await press("ArrowLeft", "ArrowLeft");
  await see("the slider by keys", `${SEEN.last} - ${SEEN.tick}`, 2);
  await page.focus("#knife");
  await press("Enter");
  await see("the knife", `document.getElementById("knife").getAttribute("aria-pressed")`, "true");
}

async function missionsAndForms(look: Look): Promise<void> {
  const { page, see } = look;
  await page.selectOption("#speed", "32");
  const names = await page.evaluate<string[]>(
    `[...document.querySelectorAll("#missions button")].map((each) => each.textContent)`,
  );
  for (const name of names) {
    await page.click(`#missions >> text="${name}"`);
    await see(name, `document.getElementById("task").textContent`, RegExp(`^${name}\\. `));
    await page.click("#show-way");
    await see(`${name}, done`, `document.getElementById("judgement").textContent`, /^✓ Done\. /);
    await page.click("#again");
    await see(`${name}, again`, SEEN.tick, 0);
  }
  await page.click("#leave");
  await see("left", `document.getElementById("quest").hidden`, true);
  await page.fill("#nodes", "3");
  await page.fill("#latency", "5");
  await see("a warning", `document.getElementById("warning").textContent`, /^A request for a vote and its answer take/);
  await page.fill("#latency", "1");
  await page.selectOption("#readOnlyOption", "leaseBased");
  await see("no lease", `document.getElementById("warning").textContent`, /^A leader has a lease only where/);
  await page.click("#anew");
  await see("no lease, refused", `document.getElementById("warning").textContent`, /must be safe without checkQuorum/);
  await page.click("#checkQuorum");
  await page.click("#preVote");
  await see("a lease", `document.getElementById("warning").textContent`, "");
  await page.click("#anew");
  await see("PreVote", `document.getElementById("preVote").checked`, true);
  for (let i = 0; i < 2; i++) await page.click("#next");
  await see("a pre-candidate", SEEN.nodes, /Node \d: preCandidate/);
  await page.selectOption("#double", "any-log");
  await page.click("#anew");
  await see("three nodes", `document.querySelectorAll("#stage .node").length`, 3);
  await see("a rule is out", `document.getElementById("task").textContent`, /against §5\.4\.1/);
  await page.click("#show-way");
  await see(
    "an alarm",
    `document.getElementById("alarm").textContent`,
    /^Tick 9: an invariant is broken\. Leader Completeness/,
  );
  await see("where it is broken", `document.querySelector(".node.broken")?.dataset.key`, "node 3");
  await page.selectOption("#double", "");
  await page.fill("#nodes", "99");
  await page.click("#anew");
  await see("a refusal", `document.getElementById("warning").textContent`, /nodes must be a whole number from 1 to 9/);
  await page.selectOption("#scenario", "minority-partition");
  await page.click("#anew");
  await see("a scenario", `document.querySelectorAll("#chapters button").length`, 4);
}

async function tour({ page, see }: Look): Promise<void> {
  const current = `document.querySelector("#chapters [aria-current]").textContent`;
  await see("the first chapter", current, /^Tick 0: All is well/);
  await page.click("#chapters li:nth-child(2) button");
  await see("the second chapter", current, /The network splits/);
  await see("its title", `document.getElementById("chapter").textContent`, /^The network splits/);
  await page.click("#upcoming button");
  await see("what is told next", `${SEEN.tick} > 18`, true);
  await page.selectOption("#speed", "32");
  await page.click("#play");
  await see("the end", `${SEEN.tick} === Number(document.querySelector("#range").max)`, true);
  await see("as expected", `document.querySelectorAll("#chapters .good").length > 3`, true);
  await see("what it shows", `document.getElementById("shows").textContent`, /^Two nodes can lead/);
}

/** What the page says of the nodes of a scene. */
function labelsOf({ state }: Scene): string {
  return [...state.nodes.values()].map((node) => {
    const { node: id, term, vote, lastIndex, commit, clockPaused } = node;
    const voted = vote === null ? "no vote" : `vote for ${vote}`;
    const paused = clockPaused ? ", its clock paused" : "";
    return `Node ${id}: ${
      conditionOf(node)
    }, term ${term}, ${voted}, last index ${lastIndex}, commit ${commit}${paused}`;
  }).join();
}

async function takeAway(
  look: Look,
  open: (url: string, act: (look: Look) => Promise<void>) => Promise<void>,
): Promise<void> {
  const { page, see } = look;
  await elect(look);
  await choose(look, nodeAt(3), "Put x = a");
  await choose(look, nodeAt(1), "Stop");
  for (let i = 0; i < 5; i++) await page.click("#step");
  const taken = `document.getElementById("taken").value`;
  const nodes = (await page.evaluate<string[]>(SEEN.nodes)).join();
  await page.click("#link");
  const link = await page.evaluate<string>(taken);
  await open(link, async ({ see }) => {
    await see("the run of a link", `${SEEN.nodes}.join()`, nodes);
    await see("its tick", SEEN.tick, 17);
  });
  const saved = async (id: string) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`#${id}`)]);
    return readFileSync(await download.path());
  };
  const file = `${await saved("file")}`;
  const again = play(readScenario(JSON.parse(file)), { seed: 7 }).trace.scenes();
  await see("the run of a scenario file", `${SEEN.nodes}.join()`, labelsOf(again[17]));
  await page.click("#cell");
  await see("a notebook cell", taken, /^await show\(player\(play\(\{"name":"sandbox"/);
  const [drawn, painted] = [`${await saved("svg")}`, await saved("png")];
  await see(
    "pictures",
    `${/^<svg xmlns[^]*node 3[^]*<\/svg>$/.test(drawn) && painted.subarray(1, 4).toString() === "PNG"}`,
    true,
  );
}

/** Whether nothing is wider than the screen, on a desk and on a phone, and an audit finds nothing: by day and by night. */
async function audit({ page, see }: Look): Promise<void> {
  const { default: { source } } = await load("axe-core") as { readonly default: { readonly source: string } };
  await page.evaluate(source);
  const violations = `axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html.slice(0, 120)).join(" | ")).join("; "))`;
  for (const [width, colorScheme] of [[1200, "light"], [390, "dark"]] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.click('[data-key="node 1"] .body');
    await see(`an audit at ${width} pixels, ${colorScheme}`, violations, "");
    await page.keyboard.press("Escape");
  }
}

/** Whether nothing is wider than the screen. */
async function widths({ page, see }: Look): Promise<void> {
  for (const width of [1200, 760, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await see(`too wide for ${width} pixels`, SEEN.overflow, 0);
  }
}
