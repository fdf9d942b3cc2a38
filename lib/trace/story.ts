/**
 * The story of a run: what happened in each tick, in sentences.
 *
 * The rows of a scene become facts. Facts that are the same of several nodes, or that follow from each other, are joined. Only
 * then is a sentence made of each, and a sentence is never changed.
 *
 * @module
 */
import { LINK_FAULTS } from "../network.ts";
import type { ConfState, Index, NodeId, Term, Ticks } from "../raft/mod.ts";
import { isMember, isVoter, newConfState, unreachable } from "../raft/mod.ts";
import { type Answer, type Change, conditionOf, linkOf, type NodeState, type Scene, type Way } from "./fold.ts";
import { groupBy } from "./group.ts";
import type {
  ConfigurationRow,
  LinkFaultRow,
  MessageFaultRow,
  MessageRow,
  ReadyRow,
  RequestRow,
  TraceRow,
} from "./rows.ts";
import {
  type Applied,
  appliedText,
  applyWords,
  askWords,
  campaignAgainWords,
  campaignWords,
  commitWords,
  compactWords,
  confChangeWords,
  couldNotWinWords,
  couldWinWords,
  drawnTimeouts,
  electedWords,
  hasCompacted,
  hasNewTimeout,
  ignoredVoteWords,
  leaverWords,
  lostWords,
  newTimeoutWords,
  nextIndexWords,
  nodeFaultWords,
  noQuorumWords,
  proposalWords,
  readWords,
  refusalWords,
  refusedPreVoteWords,
  refusedVoteWords,
  replaceWords,
  requestText,
  restoreWords,
  type Score,
  stepDownWords,
  takesWords,
  transferWords,
  verb,
} from "./story_words.ts";
import { entriesText, list, nodeList } from "./text.ts";
import {
  commandText,
  configurationText,
  LINK_FAULT_WORDS,
  LOSS,
  MESSAGE_FAULT_WORDS,
  MESSAGES,
  messageWords,
  NODE_FAULT_WORDS,
  type Words,
} from "./words.ts";

/** How a sentence stands out. */
export type Style = "plain" | "faint" | "strong" | "good" | "bad";

/** What sentences are about, in the order of cause and effect within a tick, and how they stand out as a rule. */
const ABOUT = {
  part: "strong",
  campaign: "strong",
  vote: "plain",
  role: "strong",
  refuse: "plain",
  goBack: "plain",
  snapshot: "plain",
  replace: "strong",
  commit: "good",
  learn: "plain",
  apply: "plain",
  configuration: "strong",
  compact: "plain",
  answer: "strong",
  loss: "strong",
  message: "strong",
  link: "strong",
  fault: "strong",
  clock: "strong",
  log: "plain",
  timer: "plain",
  proposal: "strong",
  expectation: "plain",
} as const satisfies Record<string, Style>;

/** What a sentence is about. */
export type About = keyof typeof ABOUT;

/** The order of cause and effect. */
const ORDER = Object.keys(ABOUT);

/** What is joined even where other things of the same sort are done between. */
const JOINED: ReadonlySet<About> = new Set(["apply", "link", "message", "loss"]);

/** No more requests without an answer are told one by one. */
const MOST_REQUESTS = 6;

/** What a candidate does first: said once. */
const WHY_VOTES = "a candidate votes for itself, and asks all others for their votes";

/** Why there are candidates: said once. */
const WHY_TIMEOUT = `no leader was heard for so long; ${WHY_VOTES}`;

/** Why a node asks before it campaigns: said once. */
const WHY_PRE_VOTE = "with PreVote it takes a new term only if a majority would vote for it; such an answer is no vote";

/** Why a leader begins with an empty entry: said once. */
const WHY_EMPTY =
  "it opens its term with an empty entry: entries of older terms are committed only with one of its own";

/** Whose way it is to give up before the timeout: said once. */
const WHY_AT_ONCE = "as in the crate; in the paper a candidate waits for its next timeout";

/** One thing that happened. */
export interface Sentence {
  /** The tick in which it happened. */
  readonly tick: Ticks;
  /** Whether it was done by hand, or came of that at once. */
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
  /** The term of which a node asks whether it could win it. */
  readonly question?: Term;
  /** Whether a candidate is refused a vote. */
  readonly isRefusal?: boolean;
  /** What is applied, and whose client is told that it is done. */
  readonly applied?: Applied;
  /** A fault of the network, which is told together with others like it. */
  readonly network?: NetworkRow;
}

type NetworkRow = LinkFaultRow | MessageFaultRow | MessageRow;

/** Tells the scenes of a run, one after the other. */
export class Story {
  /** Who has voted for whom, by candidate and term. */
  readonly #votes = new Map<string, Set<NodeId>>();
  /** Who would vote for whom, by node that asks and term. */
  readonly #preVotes = new Map<string, Set<NodeId>>();
  /** When it was asked last. */
  readonly #asked = new Map<string, Ticks>();
  /** What clients have no answer to. */
  readonly #waiting = new Map<string, Pick<Answer, "node" | "asked" | "command">>();
  /** Of which requests clients are told now that they are done. */
  #done: ReadonlySet<string> = new Set();
  /** In which tick something was explained that is explained once. */
  readonly #explained = new Map<string, Ticks>();
  #end: Pick<Fact, "tick" | "byHand"> | null = null;

  /** The story of a whole run: where elections fail again and again, they share a sentence. */
  static of(scenes: Iterable<Scene>): Sentence[] {
    const story = new Story();
    const facts = Array.from(scenes, (scene) => story.#facts(scene)).flat();
    return [...joinElections(joinQuestions(facts)).map(sentenceOf), ...story.end()];
  }

  /** A story that goes on from where this one is. */
  copy(): Story {
    const copy = new Story();
    for (const [candidacy, voters] of this.#votes) copy.#votes.set(candidacy, new Set(voters));
    for (const [request, client] of this.#waiting) copy.#waiting.set(request, client);
    for (const [kind, tick] of this.#explained) copy.#explained.set(kind, tick);
    return copy;
  }

  /** What happened in the next scene. */
  hear(scene: Scene): Sentence[] {
    return this.#facts(scene).map(sentenceOf);
  }

  /** What is to be told when a run is over: which clients have no answer. */
  end(): Sentence[] {
    const waiting = [...this.#waiting.values()];
    if (this.#end === null || waiting.length === 0) return [];
    const [it, its] = waiting.length === 1 ? ["it", "its client"] : ["they", "their clients"];
    const requests = waiting.length > MOST_REQUESTS
      ? `${waiting.length} requests`
      : list(waiting.map(({ node, asked, command }) => `${commandText(command)} (node ${node}, tick ${asked})`));
    const text = `no answer was given to ${requests}: ${it} may or may not be done, and ${its} cannot know`;
    return [{ ...this.#end, about: "answer", style: ABOUT.answer, text }];
  }

  /** While time passes, the order is that of cause and effect; by hand, that in which things are done. */
  #facts(scene: Scene): Fact[] {
    const { tick, passing, byHand } = scene;
    this.#end = { tick, byHand: byHand.rows.length > 0 };
    const timeouts = tick === 0 ? drawnTimeouts(scene) : [];
    const happened = [
      ...this.#changes(passing, false),
      ...timeouts.flatMap((text) => sayAt(tick, false, [])("timer", text)),
    ].sort((a, b) => ORDER.indexOf(a.about) - ORDER.indexOf(b.about));
    const done = runsOf(
      this.#changes(byHand, true),
      (a, b) =>
        a.about === b.about && (JOINED.has(a.about) || a.words.one === b.words.one) || isOfRestart(a) && isOfRestart(b),
    );
    return [
      ...runsOf(happened, (a, b) => a.about === b.about).flatMap((run) => join(run, passing)),
      ...done.flatMap((run) => join(run, byHand)),
    ];
  }

  #changes(change: Change, isByHand: boolean): Fact[] {
    const done = change.answers.filter(({ outcome }) => outcome === "applied");
    this.#done = new Set(done.map(({ node, index, term }) => requestKey(node, index, term)));
    return [
      ...change.rows.flatMap((row) => this.#hear(row, change, isByHand)),
      ...[...change.state.nodes.values()].flatMap((node) => this.#turn(node, change, isByHand)),
      ...change.answers.flatMap((answer) => this.#answer(answer, isByHand)),
    ];
  }

  /** What is done is told where it is applied. */
  #answer({ tick, node, index, term, command, outcome }: Answer, isByHand: boolean): Fact[] {
    if (outcome === "none") return [];
    this.#waiting.delete(requestKey(node, index, term));
    if (outcome === "applied") return [];
    const lost = `the client of ${commandText(command)}: lost, another entry took index ${index}`;
    return sayAt(tick, isByHand, [node])("answer", verb("tells", "tell", lost));
  }

  /** `why`, in the first tick in which there is something of this kind to be explained. */
  #once(kind: "campaign" | "empty" | "lost" | "preVote", tick: Ticks, why: string): Pick<Fact, "more"> {
    if (!this.#explained.has(kind)) this.#explained.set(kind, tick);
    return this.#explained.get(kind) === tick ? { more: why } : {};
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
      case "request":
        return this.#hearRequest(row, isByHand);
      case "proposal":
        if (row.by !== undefined) return row.index === null ? [] : say("proposal", takesWords(row.command, row.index));
        if (row.result === "appended") {
          const { node, tick: asked, command } = row;
          this.#waiting.set(requestKey(node, row.index, row.term), { node, asked, command });
        }
        return say("proposal", proposalWords(row, change.state.nodes.get(row.node)));
      case "read":
        if (row.by !== undefined) return [];
        return say(row.event === "answered" ? "answer" : "proposal", readWords(row));
      case "transfer":
        return say("proposal", transferWords(row, change.state.nodes.get(row.node)));
      case "confChange":
        return say(
          "proposal",
          confChangeWords(row, change.state.nodes.get(row.node)),
          row.why === undefined ? {} : { more: row.why },
        );
      case "configuration":
        return tellConfiguration(row, change, say);
      case "commit":
        return row.role === "leader"
          ? say("commit", commitWords(row, change.state.nodes.get(row.node), change.before.nodes.get(row.node)))
          : say("learn", verb("learns", "learn", `that index ${row.index} is committed`));
      case "apply": {
        const text = appliedText(row, change.state.nodes.get(row.node));
        const applied = { ...row, text, isAnswered: this.#done.has(requestKey(row.node, row.index, row.term)) };
        return say("apply", applyWords([applied]), { applied });
      }
      case "restore":
        return row.index === 0 ? [] : say("apply", restoreWords(row.index));
      case "log": {
        const log = row.entries.length === 0
          ? "an empty log"
          : `a log: ${entriesText(row.entries.map(({ term }) => term))}`;
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
        return tellLeaving(row, change, say);
      case "write":
      case "node":
        return [];
      default:
        return unreachable(row);
    }
  }

  #hearMessage(row: MessageRow, change: Change, say: Say, isByHand: boolean): Fact[] {
    const [{ from, to }, { before, state }] = [row, change];
    if (row.event === "dropped") {
      // On a cut link, or at a stopped node, a loss is no news; nor that a leader refuses the answer of who is no member.
      const receiver = state.nodes.get(to);
      const isHeard = MESSAGES[row.type].isAnswer === undefined || receiver === undefined ||
        isMember(receiver.configuration, from);
      const isNews = linkOf(state, from, to).state !== "cut" && receiver?.running !== false && isHeard;
      return isNews ? say("loss", "", { network: row }) : [];
    }
    if (row.type === "RequestVote" && row.event === "sent") {
      // One campaign sends many requests, and a request may be sent twice.
      if (this.#votes.has(`${from} in ${row.term}`)) return [];
      this.#votesFor(from, row.term);
      const candidate = before.nodes.get(from);
      const hasFailed = candidate !== undefined && conditionOf(candidate) === "candidate" && candidate.term < row.term;
      const couldWin = this.#preVotes.get(`${from} in ${row.term}`);
      const why = isByHand || hasFailed || couldWin !== undefined ? WHY_VOTES : WHY_TIMEOUT;
      if (row.transfer === true) {
        return say("campaign", verb("campaigns", "campaign", `in term ${row.term}, as the leader asks`), {
          nodes: [from],
          term: row.term,
        });
      }
      const words = couldWin !== undefined
        ? couldWinWords(row.term, [...couldWin], configurationOf(from, change))
        : hasFailed
        ? campaignAgainWords(row.term, this.#score(from, candidate.term, change), isByHand)
        : campaignWords(row.term, candidate, isByHand);
      return say("campaign", words, { nodes: [from], term: row.term, ...this.#once("campaign", row.tick, why) });
    }
    if (row.type === "RequestPreVote" && row.event === "sent") {
      return this.#ask(row.from, row.term, change, say, isByHand);
    }
    if (row.type === "RequestVote" || row.type === "RequestPreVote") return tellIgnored(row, change, say);
    if (row.type === "RequestPreVoteResponse") return this.#answerQuestion(row, change, say);
    if (row.type === "AppendResponse" && row.event === "sent" && !row.success) {
      return say("refuse", refusalWords(row.prevLogIndex, state.nodes.get(from)), { nodes: [from] });
    }
    if (row.type === "TimeoutNow" && row.event === "sent") {
      const what = `node ${to} to campaign at once (TimeoutNow)`;
      return say("campaign", verb("tells", "tell", what), { nodes: [from] });
    }
    if (row.type === "Snapshot" && row.event === "sent") {
      const what = `node ${to} its snapshot up to index ${row.snapshot.index}`;
      return say("snapshot", verb("sends", "send", what), { nodes: [from] });
    }
    if (row.type !== "RequestVoteResponse") return [];
    if (row.event === "delivered") {
      if (row.voteGranted) this.#votesFor(to, row.term).add(from);
      return [];
    }
    const words = row.voteGranted
      ? verb("votes", "vote", `for node ${to} in term ${row.term}`)
      : refusedVoteWords(to, row.term, change, from);
    return say("vote", words, { nodes: [from], term: row.term, isRefusal: !row.voteGranted });
  }

  /** What a client that tries again does, and is told. */
  #hearRequest(row: RequestRow, isByHand: boolean): Fact[] {
    const { tick, client, node, command, event } = row;
    if (event === "asked") this.#waiting.set(`client ${client}`, { node, asked: tick, command });
    if (event === "answered") this.#waiting.delete(`client ${client}`);
    return sayAt(tick, isByHand, [])(
      event === "asked" || event === "timedOut" ? "proposal" : "answer",
      requestText(row),
    );
  }

  /** One question is sent to many nodes, and may be sent twice. */
  #ask(node: NodeId, term: Term, change: Change, say: Say, isByHand: boolean): Fact[] {
    const { before, rows, state: { tick } } = change;
    const isOther = (row: TraceRow) =>
      row.kind === "messageFault" && row.type === "RequestPreVote" && row.from === node;
    const key = `${node} in ${term}`;
    if (this.#asked.get(key) === tick || rows.some(isOther)) return [];
    this.#asked.set(key, tick);
    const asker = before.nodes.get(node);
    const score = asker?.role === "preCandidate" ? this.#preScore(node, term, change) : null;
    this.#preVotes.set(key, new Set([node]));
    const words = askWords(term, asker, isByHand, score);
    return say("campaign", words, { nodes: [node], question: term, ...this.#once("preVote", tick, WHY_PRE_VOTE) });
  }

  #answerQuestion(row: MessageRow & { type: "RequestPreVoteResponse" }, change: Change, say: Say): Fact[] {
    const { from, to, term, event, voteGranted } = row;
    if (event === "delivered" && voteGranted) this.#preVotes.get(`${to} in ${term}`)?.add(from);
    if (event !== "sent") return [];
    const words = voteGranted
      ? verb("would vote", "would vote", `for node ${to} in term ${term}`)
      : refusedPreVoteWords(to, change, from);
    return say("vote", words, { nodes: [from] });
  }

  /** What has become of the role and the log of a node. */
  #turn(now: NodeState, change: Change, isByHand: boolean): Fact[] {
    const { node, running, role, term, leader, log } = now;
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
    if (before !== undefined && role === was && term === before.term && running && !isRestarted) {
      if (before.transferee !== undefined && now.transferee === undefined && role === "leader") {
        const what = `for node ${before.transferee} to lead, and takes proposals again`;
        told.push(...say("role", verb("waits no longer", "wait no longer", what)));
      }
      const back = nextIndexWords(before, now);
      if (back !== null) told.push(...say("goBack", back));
      if (hasCompacted(before, now, rows)) told.push(...say("compact", compactWords(now)));
      if (hasNewTimeout(before, now)) told.push(...say("timer", newTimeoutWords(now)));
    }
    if (role === was || (!running && before?.running === false)) return told;
    if (role === "leader") {
      const words = electedWords(term, [...this.#votesFor(node, term)], now.configuration);
      return [...told, ...say("role", words, { style: "good", ...this.#once("empty", change.state.tick, WHY_EMPTY) })];
    }
    if (was === "leader") {
      if (!isVoter(now.configuration, node)) {
        return [...told, ...say("configuration", leaverWords(node, now.configuration))];
      }
      const isAlone = running && term === before?.term && leader === null;
      return [...told, ...say("role", isAlone ? noQuorumWords(term) : stepDownWords(term, leader))];
    }
    if (role !== "follower" || before === undefined || !running) return told;
    if (was === "preCandidate" && before.term === term) {
      return [
        ...told,
        ...say(
          "vote",
          leader === null
            ? couldNotWinWords(this.#preScore(node, term + 1, change))
            : verb("asks no more, and follows", "ask no more, and follow", `node ${leader} in term ${term}`),
        ),
      ];
    }
    const score = was === "preCandidate" ? undefined : this.#score(node, before.term, change);
    if (before.term !== term || leader !== null) {
      return [...told, ...say("campaign", stepDownWords(term, leader, score), { term: before.term })];
    }
    if (score === undefined) return told;
    return [...told, ...say("vote", lostWords(score), { term, ...this.#once("lost", change.state.tick, WHY_AT_ONCE) })];
  }

  #score(candidate: NodeId, term: Term, change: Change): Score {
    const votes = this.#votesFor(candidate, term).size;
    return { what: "vote", term, votes, configuration: configurationOf(candidate, change) };
  }

  #preScore(node: NodeId, term: Term, change: Change): Score {
    const votes = this.#preVotes.get(`${node} in ${term}`)?.size ?? 1;
    return { what: "pre-vote", term, votes, configuration: configurationOf(node, change) };
  }

  #votesFor(candidate: NodeId, term: Term): Set<NodeId> {
    const key = `${candidate} in ${term}`;
    const votes = this.#votes.get(key) ?? new Set([candidate]);
    this.#votes.set(key, votes);
    return votes;
  }
}

/** By which configuration a node counts votes. */
function configurationOf(id: NodeId, { state }: Change): ConfState {
  return state.nodes.get(id)?.configuration ?? newConfState({ voters: [...state.nodes.keys()] });
}

/** Makes one fact. */
type Say = (about: About, words: Words | string, more?: Partial<Fact>) => Fact[];

function sayAt(tick: Ticks, byHand: boolean, nodes: readonly NodeId[]): Say {
  return (about, said, more) => {
    const words = typeof said === "string" ? { one: said, many: said } : said;
    return [{ tick, byHand, about, style: ABOUT[about], nodes: [...nodes], words, ...more }];
  };
}

/** A request of a later term that a running node neither answers nor takes over: its leader's lease holds (thesis §4.2.3). */
function tellIgnored(
  row: MessageRow & { type: "RequestVote" | "RequestPreVote" },
  { rows, state }: Change,
  say: Say,
): Fact[] {
  const { from, to, type, event } = row;
  const voter = state.nodes.get(to);
  if (event !== "delivered" || voter === undefined || !voter.running || row.term <= voter.term) return [];
  const isAnswer = (other: TraceRow) =>
    other.kind === "message" && other.event === "sent" && other.type === `${type}Response` && other.from === to &&
    other.to === from;
  if (rows.some(isAnswer) || voter.role !== "leader" && voter.leader === null) return [];
  return say("vote", ignoredVoteWords(from, type === "RequestVote" ? "vote" : "pre-vote", voter), { nodes: [to] });
}

/** What a change has made of a configuration is told where it is applied; else it comes with a start, or with a snapshot. */
function tellConfiguration(
  { node, configuration }: ConfigurationRow,
  { rows, state: { tick } }: Change,
  say: Say,
): Fact[] {
  const text = configurationText(configuration);
  const isOfNode = (row: TraceRow) => "node" in row && row.node === node;
  const isApplied = rows.some((row) =>
    isOfNode(row) && row.kind === "apply" && row.outcome.kind === "Configuration" &&
    configurationText(row.outcome.configuration) === text
  );
  if (isApplied) return [];
  const isStart = tick === 0 || rows.some((row) => isOfNode(row) && row.kind === "nodeFault");
  const words = isStart
    ? verb("starts", "start", `with the configuration: ${text}`)
    : verb("takes", "take", `the snapshot's configuration: ${text}`);
  return say("configuration", words, { style: "plain" });
}

/** Of its own accord a leader appends one thing: the end of a joint configuration. */
function tellLeaving({ node, entries }: ReadyRow, { rows, state }: Change, say: Say): Fact[] {
  const end = entries.find(({ change }) => change?.changes.length === 0);
  const isAsked = rows.some((row) => row.kind === "confChange" && row.index === end?.index);
  if (end === undefined || isAsked || state.nodes.get(node)?.role !== "leader") return [];
  return say("configuration", verb("appends", "append", `the end of the joint configuration at index ${end.index}`));
}

const requestKey = (node: NodeId, index: Index | null, term: Term | null) => `${node} ${index}@${term}`;

function sentenceOf({ tick, byHand, about, style, nodes, words, more }: Fact): Sentence {
  const text = nodes.length === 0 ? words.one : `${nodeList(nodes)} ${nodes.length === 1 ? words.one : words.many}`;
  return { tick, byHand, about, style, text, more };
}

// Joining facts that belong together.

/** Whether it belongs to the start of a node on its storage: several that start at once do it together. */
function isOfRestart({ about, words }: Fact): boolean {
  return about === "log" || about === "apply" || about === "configuration" || words === NODE_FAULT_WORDS.restart;
}

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
    const words = `refuse one another their votes in term ${term}: each has voted for itself`;
    return isMutual ? [{ ...alike[0], nodes: voters, words: { one: words, many: words } }] : alike;
  });
}

/** A question that is asked again and again: of more than three times in a row the first two are told. */
function joinQuestions(facts: readonly Fact[]): Fact[] {
  return runsOf(facts, (a, b) => a.question !== undefined && a.question === b.question && `${a.nodes}` === `${b.nodes}`)
    .flatMap((run) => {
      const rest = run.slice(2);
      if (rest.length < 2) return run;
      const how = `${rest.length} more times up to tick ${rest.at(-1)?.tick}, in vain`;
      return [...run.slice(0, 2), { ...rest[0], style: "plain", words: verb("asks", "ask", how) }];
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
