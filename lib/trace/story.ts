/**
 * The story of a run: what happened in each tick, in sentences.
 *
 * The rows of a scene become facts. Facts that are the same of several nodes, or that follow from each other, are joined. Only
 * then is a sentence made of each, and a sentence is never changed.
 *
 * @module
 */
import { LINK_FAULTS } from "../network.ts";
import { type NodeId, type Term, type Ticks, unreachable } from "../raft/mod.ts";
import { type Change, conditionOf, linkOf, type NodeState, type Scene, type Way } from "./fold.ts";
import type {
  ApplyRow,
  EntrySummary,
  LinkFaultRow,
  MessageFaultRow,
  MessageRow,
  NodeFaultRow,
  ProposalRow,
  TraceRow,
} from "./rows.ts";
import { entriesText, indicesText, list, nodeList } from "./text.ts";
import {
  commandText,
  LINK_FAULT_WORDS,
  LOSS,
  MESSAGE_FAULT_WORDS,
  MESSAGES,
  messageWords,
  NODE_FAULT_WORDS,
  outcomeText,
  type Words,
} from "./words.ts";
import { groupBy } from "./group.ts";

/** How a sentence stands out. */
export type Style = "plain" | "faint" | "strong" | "good" | "bad";

/** What sentences are about, in the order of cause and effect within a tick, and how they stand out as a rule. */
const ABOUT = {
  part: "strong",
  campaign: "strong",
  vote: "plain",
  role: "strong",
  replace: "strong",
  commit: "good",
  learn: "plain",
  apply: "plain",
  loss: "strong",
  message: "strong",
  link: "strong",
  fault: "strong",
  clock: "strong",
  log: "plain",
  proposal: "strong",
  expectation: "plain",
} as const satisfies Record<string, Style>;

/** What a sentence is about. */
export type About = keyof typeof ABOUT;

/** The order of cause and effect. */
const ORDER = Object.keys(ABOUT);

/** What is joined even where other things of the same sort are done between. */
const JOINED: ReadonlySet<About> = new Set(["apply", "link", "message", "loss"]);

/** A longer list of what was applied is not told. */
const LONGEST_LIST = 100;

/** One thing that happened. */
export interface Sentence {
  /** The tick in which it happened. */
  readonly tick: Ticks;
  /** Whether it was done by hand, after the tick had passed. */
  readonly byHand: boolean;
  /** What it is about. */
  readonly about: About;
  /** How it stands out. */
  readonly style: Style;
  /** The whole sentence, nodes included, without a full stop. */
  readonly text: string;
  /** What belongs below it. */
  readonly more?: string;
}

/** Something to be told of some nodes, or of none. */
interface Fact extends Omit<Sentence, "text"> {
  /** Of whom; of nobody, if it is about links, messages or the whole. */
  readonly nodes: NodeId[];
  readonly words: Words;
  /** The term of a campaign or a vote. */
  readonly term?: Term;
  /** Whether a candidate is refused a vote. */
  readonly isRefusal?: boolean;
  /** What is applied. */
  readonly applied?: ApplyRow;
  /** A fault of the network, which is told together with others like it. */
  readonly network?: NetworkRow;
}

type NetworkRow = LinkFaultRow | MessageFaultRow | MessageRow;

/** Tells the scenes of a run, one after the other. */
export class Story {
  /** Who has voted for whom, by candidate and term. */
  readonly #votes = new Map<string, Set<NodeId>>();

  /** The story of a whole run: where elections fail again and again, they share a sentence. */
  static of(scenes: Iterable<Scene>): Sentence[] {
    const story = new Story();
    return joinElections(Array.from(scenes, (scene) => story.#facts(scene)).flat()).map(sentenceOf);
  }

  /** What happened in the next scene. */
  hear(scene: Scene): Sentence[] {
    return this.#facts(scene).map(sentenceOf);
  }

  /** While time passes, the order is that of cause and effect; by hand, that in which things are done. */
  #facts({ passing, byHand }: Scene): Fact[] {
    const happened = this.#changes(passing, false).sort((a, b) => ORDER.indexOf(a.about) - ORDER.indexOf(b.about));
    const done = runsOf(
      this.#changes(byHand, true),
      (a, b) => a.about === b.about && (JOINED.has(a.about) || a.words.one === b.words.one),
    );
    return [
      ...runsOf(happened, (a, b) => a.about === b.about).flatMap((run) => join(run, passing)),
      ...done.flatMap((run) => join(run, byHand)),
    ];
  }

  #changes(change: Change, isByHand: boolean): Fact[] {
    return [
      ...change.rows.flatMap((row) => this.#hear(row, change, isByHand)),
      ...[...change.state.nodes.values()].flatMap((node) => this.#turn(node, change, isByHand)),
    ];
  }

  #hear(row: TraceRow, change: Change, isByHand: boolean): Fact[] {
    const say = sayAt(row.tick, isByHand, "node" in row ? [row.node] : []);
    switch (row.kind) {
      case "part":
        return say("part", row.title);
      case "expectation":
        return row.holds
          ? say("expectation", `as expected: ${row.text}`, { style: "good" })
          : say("expectation", `not as expected: ${row.text}`, { style: "bad", more: `found: ${row.found}` });
      case "proposal":
        return say("proposal", proposalWords(row));
      case "commit":
        return row.role === "leader"
          ? say("commit", verb("commits", "commit", `index ${row.index}: a majority holds it`))
          : say("learn", verb("learns", "learn", `that index ${row.index} is committed`));
      case "apply":
        return say("apply", applyWords([row]), { applied: row });
      case "restore":
        if (row.index === 0) return [];
        return say("apply", verb("restores", "restore", `its store up to index ${row.index} from a snapshot`));
      case "log": {
        const log = row.entries.length === 0 ? "an empty log" : `a log: ${entriesText(row.entries.map(termOf))}`;
        return say("log", verb("starts", "start", `with ${log}`));
      }
      case "nodeFault":
        return say(NODE_FAULT_WORDS[row.fault].of === "clock" ? "clock" : "fault", nodeFaultWords(row));
      case "linkFault":
        return say("link", "", { network: row });
      case "messageFault":
        return say(MESSAGE_FAULT_WORDS[row.fault].by, "", { network: row });
      case "message":
        return this.#hearMessage(row, change, say, isByHand);
      case "ready":
      case "write":
      case "node":
        return [];
      default:
        return unreachable(row);
    }
  }

  #hearMessage(row: MessageRow, { before, state }: Change, say: Say, isByHand: boolean): Fact[] {
    const { from, to } = row;
    if (row.event === "dropped") {
      // On a cut link, or at a stopped node, a loss is no news.
      const isNews = linkOf(state, from, to).state !== "cut" && state.nodes.get(to)?.running !== false;
      return isNews ? say("loss", "", { network: row }) : [];
    }
    if (row.type === "RequestVote" && row.event === "sent") {
      // One campaign sends many requests, and a request may be sent twice.
      if (this.#votes.has(`${from} in ${row.term}`)) return [];
      this.#votesFor(from, row.term);
      const candidate = before.nodes.get(from);
      const hasFailed = candidate !== undefined && conditionOf(candidate) === "candidate" && candidate.term < row.term;
      const words = campaignWords(row.term, hasFailed ? candidate.term : null, isByHand);
      return say("campaign", words, { nodes: [from], term: row.term });
    }
    if (row.type !== "RequestVoteResponse") return [];
    if (row.event === "delivered") {
      if (row.voteGranted) this.#votesFor(to, row.term).add(from);
      return [];
    }
    const words = row.voteGranted
      ? verb("votes", "vote", `for node ${to} in term ${row.term}`)
      : verb("refuses", "refuse", `node ${to} its vote in term ${row.term}`);
    return say("vote", words, { nodes: [from], term: row.term, isRefusal: !row.voteGranted });
  }

  /** What has become of the role and the log of a node. */
  #turn({ node, running, role, term, leader, log }: NodeState, change: Change, isByHand: boolean): Fact[] {
    const before = change.before.nodes.get(node);
    const rows = change.rows.filter((row) => "node" in row && row.node === node);
    const isRestarted = rows.some((row) => row.kind === "nodeFault" && row.fault === "restart");
    const was = before === undefined || !before.running || isRestarted ? "follower" : before.role;
    const say = sayAt(change.state.tick, isByHand, [node]);
    const appended = rows.flatMap((row) => row.kind === "ready" ? row.entries.slice(0, 1) : []);
    const first = appended.reduce((least, { index }) => Math.min(least, index), Infinity);
    const replaced = isRestarted || before === undefined ? [] : before.log.entries(first);
    const fresh = log.entries(first);
    const told = replaced.length > 0 && fresh.length > 0 ? say("replace", replaceWords(replaced, fresh)) : [];
    if (role === was || (!running && before?.running === false)) return told;
    if (role === "leader") {
      const words = electedWords(term, [...this.#votesFor(node, term)]);
      return [...told, ...say("role", words, { style: "good" })];
    }
    if (was === "leader") return [...told, ...say("role", stepDownWords(term, leader))];
    if (role !== "follower" || before?.term !== term || leader !== null) return told;
    const lost = `cannot win term ${term} any more`;
    const words = { one: `${lost}: it is a follower again`, many: `${lost}: they are followers again` };
    return [...told, ...say("vote", words, { term })];
  }

  #votesFor(candidate: NodeId, term: Term): Set<NodeId> {
    const key = `${candidate} in ${term}`;
    const votes = this.#votes.get(key) ?? new Set([candidate]);
    this.#votes.set(key, votes);
    return votes;
  }
}

/** Makes one fact. */
type Say = (about: About, words: Words | string, more?: Partial<Fact>) => Fact[];

function sayAt(tick: Ticks, byHand: boolean, nodes: readonly NodeId[]): Say {
  return (about, said, more) => {
    const words = typeof said === "string" ? { one: said, many: said } : said;
    return [{ tick, byHand, about, style: ABOUT[about], nodes: [...nodes], words, ...more }];
  };
}

const termOf = ({ term }: EntrySummary) => term;

function sentenceOf({ tick, byHand, about, style, nodes, words, more }: Fact): Sentence {
  const text = nodes.length === 0 ? words.one : `${nodeList(nodes)} ${nodes.length === 1 ? words.one : words.many}`;
  return { tick, byHand, about, style, text, more };
}

// Words: what one node does, and what several do.

/** The same of one and of several, but for the verb. */
function verb(one: string, many: string, what: string): Words {
  return { one: `${one} ${what}`, many: `${many} ${what}` };
}

function campaignWords(term: Term, failed: Term | null, isOrdered: boolean): Words {
  if (failed !== null) {
    const again = isOrdered
      ? { one: "it is told to campaign again", many: "they are told to campaign again" }
      : { one: "it campaigns again", many: "they campaign again" };
    const [one, many] = [`wins no majority in term ${failed}`, `win no majority in term ${failed}`];
    return { one: `${one}: ${again.one}, in term ${term}`, many: `${many}: ${again.many}, in term ${term}` };
  }
  const [one, many] = isOrdered
    ? ["is told to campaign: it does so", "are told to campaign: they do so"]
    : ["hears from no leader: it campaigns", "hear from no leader: they campaign"];
  return { one: `${one} in term ${term}, with its own vote`, many: `${many} in term ${term}, each with its own vote` };
}

function electedWords(term: Term, voters: readonly NodeId[]): Words {
  const votes = voters.length === 1 ? MESSAGES.RequestVoteResponse.one : MESSAGES.RequestVoteResponse.many;
  return verb("is", "are", `elected leader of term ${term} by the ${votes} of ${nodeList(voters)}`);
}

function stepDownWords(term: Term, leader: NodeId | null): Words {
  if (leader === null) return verb("steps down, for it hears", "step down, for they hear", `of term ${term}`);
  return verb("steps down: it follows", "step down: they follow", `node ${leader} in term ${term}`);
}

function proposalWords({ command, result, index }: ProposalRow): Words {
  const outcome = {
    appended: `appended at index ${index}`,
    forwarded: "passed on to the leader",
    dropped: "dropped, for there is no leader",
  }[result];
  return verb("is", "are", `asked to ${commandText(command)}: ${outcome}`);
}

/** What is applied, index after index. */
function applyWords(rows: readonly ApplyRow[]): Words {
  const [{ index, outcome }] = rows;
  const all = rows.map((row) => row.outcome.kind === "Empty" ? "an empty entry" : outcomeText(row.outcome)).join(", ");
  const what = rows.length === 1 ? outcomeText(outcome) : all;
  const rest = what.length > LONGEST_LIST && rows.length > 1 ? ", one after the other" : `: ${what}`;
  return verb("applies", "apply", `${indicesText(index, index + rows.length - 1)}${rest}`);
}

function replaceWords(before: readonly EntrySummary[], after: readonly EntrySummary[]): Words {
  const [old, fresh] = [before, after].map((entries) =>
    indicesText(entries[0].index, entries[entries.length - 1].index)
  );
  const by = old !== fresh ? fresh : after.length === 1 ? "one" : "those";
  return verb("replaces", "replace", `${old} ${termsText(before)} by ${by} ${termsText(after)}`);
}

/** `of term 1`; `of terms 1, 2 and 4`. */
function termsText(entries: readonly EntrySummary[]): string {
  const terms = [...new Set(entries.map(termOf))];
  return `of ${terms.length === 1 ? "term" : "terms"} ${list(terms)}`;
}

function nodeFaultWords({ fault, after, why }: NodeFaultRow): Words {
  if (why !== undefined) return verb("stops:", "stop:", why);
  if (after === undefined) return NODE_FAULT_WORDS[fault];
  const where = `after step ${after} of`;
  return { one: `crashes ${where} its ready loop`, many: `crash ${where} their ready loops` };
}

// Joining facts that belong together.

/** `items` in runs: neighbours that belong together. */
function runsOf<T>(items: readonly T[], belong: (a: T, b: T) => boolean): T[][] {
  const runs: T[][] = [];
  for (const item of items) {
    const run = runs.at(-1);
    if (run !== undefined && belong(run[run.length - 1], item)) run.push(item);
    else runs.push([item]);
  }
  return runs;
}

/** Facts about the same, in as few as possible. */
function join(facts: readonly Fact[], change: Change): Fact[] {
  const network = facts.flatMap((fact) => fact.network ?? []);
  if (network.length > 0) {
    return joinNetwork(network, change).map((text) => ({ ...facts[0], words: { one: text, many: text } }));
  }
  const groups = [...groupBy(facts, (fact) => fact.nodes.length > 0 ? fact.words.one : fact).values()]
    .map((alike): Fact => ({ ...alike[0], nodes: [...new Set(alike.flatMap(({ nodes }) => nodes))] }));
  return joinApplies(joinRefusals(groups));
}

/** What the same nodes apply, one after the other. */
function joinApplies(facts: readonly Fact[]): Fact[] {
  const sorted = [...facts].sort((a, b) => (a.applied?.index ?? 0) - (b.applied?.index ?? 0));
  const follows = ({ applied: a, nodes }: Fact, { applied: b, nodes: others }: Fact) =>
    a !== undefined && b?.index === a.index + 1 && `${nodes}` === `${others}`;
  return runsOf(sorted, follows).map((run) => {
    const applied = run.flatMap((fact) => fact.applied ?? []);
    return applied.length === 0 ? run[0] : { ...run[0], words: applyWords(applied) };
  });
}

/** Candidates of a term that all refuse one another. */
function joinRefusals(facts: readonly Fact[]): Fact[] {
  const refusals = groupBy(facts, ({ isRefusal, term }) => isRefusal && term !== undefined ? term : null);
  return [...refusals].flatMap(([term, alike]) => {
    const voters = [...new Set(alike.flatMap(({ nodes }) => nodes))];
    const isMutual = term !== null && alike.length > 1 && voters.length === alike.length &&
      alike.every(({ nodes }) => nodes.length === alike.length - 1);
    const words = `refuse one another their votes in term ${term}`;
    return isMutual ? [{ ...alike[0], nodes: voters, words: { one: words, many: words } }] : alike;
  });
}

/** Elections that nobody wins: of more than three in a row the first two are told, and the one that is won. */
function joinElections(facts: readonly Fact[]): Fact[] {
  const runs = runsOf(facts, (a, b) => a.term !== undefined && b.term !== undefined);
  return runs.flatMap((run, i) => {
    const terms = [...new Set(run.map(({ term }) => term ?? 0))];
    const isWon = runs.at(i + 1)?.[0].about === "role";
    const middle = terms.slice(2, isWon ? -1 : undefined);
    if (middle.length < 2) return run;
    const isMiddle = new Set(middle);
    const passed = run.filter(({ term = 0 }) => isMiddle.has(term));
    const nodes = unique(passed.filter(({ about }) => about === "campaign").flatMap((fact) => fact.nodes));
    const range = `in terms ${middle[0]} to ${middle.at(-1)}`;
    const when = `${middle.length} more times up to tick ${passed.at(-1)?.tick}, ${range}`;
    const words = {
      one: `campaigns ${when}, and wins no majority`,
      many: `campaign ${when}, and none of them wins a majority`,
    };
    const summary: Fact = { ...passed[0], about: "campaign", style: "plain", nodes, words };
    return run.flatMap((fact) => fact === passed[0] ? [summary] : isMiddle.has(fact.term ?? 0) ? [] : [fact]);
  });
}

/** What was done to links, and then what became of messages. */
function joinNetwork(rows: readonly NetworkRow[], { state }: Change): string[] {
  const links = rows.filter((row) => row.kind === "linkFault");
  const messages = rows.filter((row) => row.kind !== "linkFault");
  // What is done to a link again at once is all that is told of it.
  const last = [...new Map(links.map((row) => [`${row.fault === "delay"} ${wayOf(row)}`, row])).values()];
  const isAllOpen = [...state.links.values()].every(({ state }) => state === "open");
  const linkTexts = LINK_FAULTS.flatMap((fault) => {
    const alike = last.filter((row) => row.fault === fault);
    if (fault === "mend" && isAllOpen && alike.length > 0) return [`every link ${LINK_FAULT_WORDS.mend.one}`];
    const byLatency = groupBy(alike, ({ latency }) => fault === "delay" ? latency : null);
    return [...byLatency.values()].flatMap((rows) => bundles(rows)).map(linkText);
  });
  return [...linkTexts, ...messageTexts(messages)];
}

function linkText(bundle: Bundle<LinkFaultRow>): string {
  const { oneWay, groups, rows: [{ fault, latency }] } = bundle;
  const where = between(bundle);
  if (fault === "delay") return `messages ${where} now take ${latency === 1 ? "one tick" : `${latency} ticks`}`;
  if (fault === "cut" && !oneWay) {
    if (groups.length > 2) return `${list(groups.map((group) => nodeList(group)))} are cut off from one another`;
    const [some, others] = [...groups].sort((a, b) => a.length - b.length);
    return `${nodeList(some)} ${some.length === 1 ? "is" : "are"} cut off from ${nodeList(others)}`;
  }
  const { one, many } = LINK_FAULT_WORDS[fault];
  return groups.flat().length === 2 ? `the link ${where} ${one}` : `the links ${where} ${many}`;
}

/** A sentence for each fault, kind of message and bundle of links. */
function messageTexts(rows: readonly (MessageFaultRow | MessageRow)[]): string[] {
  const byFault = groupBy(rows, (row): Words => row.kind === "message" ? LOSS : MESSAGE_FAULT_WORDS[row.fault]);
  return [...byFault].flatMap(([fault, faulty]) =>
    [...groupBy(faulty, messageWords)].flatMap(([{ one, many }, alike]) =>
      bundles(alike).map((bundle) =>
        bundle.rows.length === 1
          ? `the ${one} ${between(bundle)} ${fault.one}`
          : `the ${many} ${between(bundle)} ${fault.many}`
      )
    )
  );
}

// Many links in few words.

/** Rows about links between groups of nodes: both ways, or from the first group to the second. */
interface Bundle<Row extends Ends> {
  readonly oneWay: boolean;
  readonly groups: readonly (readonly NodeId[])[];
  readonly rows: readonly Row[];
}

type Ends = Pick<LinkFaultRow, "from" | "to">;

const wayOf = ({ from, to }: Ends): Way => `${from}>${to}`;

const unique = (ids: readonly NodeId[]) => [...new Set(ids)].sort((a, b) => a - b);

/** As few bundles as are needed for `rows`. */
function bundles<Row extends Ends>(rows: readonly Row[]): Bundle<Row>[] {
  const ways = new Set(rows.map(wayOf));
  const groups = groupsOf(rows, ways);
  const total = groups.flat().length;
  const pairs = groups.reduce((sum, group) => sum + group.length * (total - group.length), 0);
  if (pairs === ways.size) return [{ oneWay: false, groups, rows }];
  const bySource = groupBy(rows, ({ from }) => from);
  const targets = new Map([...bySource].map(([from, alike]) => [from, unique(alike.map(({ to }) => to))]));
  const targetsOf = (source: NodeId) => targets.get(source) ?? [];
  return [...groupBy(rows, ({ from }) => `${targetsOf(from)}`).values()].map((alike) => ({
    oneWay: true,
    groups: [unique(alike.map(({ from }) => from)), targetsOf(alike[0].from)],
    rows: alike,
  }));
}

/** The nodes at the ends of `links`; those that have no link between them are in one group. */
function groupsOf(links: readonly Ends[], ways: ReadonlySet<Way>): NodeId[][] {
  const groups: NodeId[][] = [];
  for (const id of unique(links.flatMap(({ from, to }) => [from, to]))) {
    const isApart = (other: NodeId) => !ways.has(`${id}>${other}`) && !ways.has(`${other}>${id}`);
    const group = groups.find((others) => others.every(isApart));
    if (group === undefined) groups.push([id]);
    else group.push(id);
  }
  return groups;
}

/** `from node 1 to nodes 2 and 3`; `between nodes 1 and 2`. */
function between({ oneWay, groups }: Bundle<Ends>): string {
  if (oneWay) return `from ${nodeList(groups[0])} to ${nodeList(groups[1])}`;
  const areSingle = groups.every(({ length }) => length === 1);
  return `between ${areSingle ? nodeList(groups.flat()) : list(groups.map((group) => nodeList(group)))}`;
}
