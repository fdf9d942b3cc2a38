/**
 * The page's script, part 1: from the data to a frame a tick.
 *
 * JavaScript for the browser, as text; a test checks its types.
 *
 * @module
 */

/** Defines `decode`. */
export const DECODE: string = String.raw`
/**
 * @typedef {{ title: string, ids: number[], ticks: number[], texts: string[], parts: [number, string][],
 *   marks: [number, string][], fields: string[], roles: string[], states: number[][], logs: number[][][],
 *   links: number[][], messages: number[][], types: string[], commands: string[] }} Data
 * @typedef {{ term: number, command: string }} Entry
 * @typedef {{ id: number, running: boolean, muted: boolean, role: string, condition: string, term: number,
 *   vote: number | null, first: number, last: number, commit: number, applied: number,
 *   log: (Entry | undefined)[] }} NodeState
 * @typedef {{ type: string, from: number, to: number, entries: number, reject: boolean, start: number, part: number,
 *   fate: "on its way" | "delivered" | "lost" }} Message
 * @typedef {{ tick: number, part: string, text: string, nodes: NodeState[], links: Record<string, "cut" | "held">,
 *   messages: Message[] }} Frame
 */

/**
 * @param {Data} data
 * @returns {Frame[]}
 */
function decode(data) {
  /** @type {number[][]} */
  const states = data.ids.map(() => []);
  /** @type {Entry[][]} */
  const logs = data.ids.map(() => []);
  /** @type {Record<string, "cut" | "held">} */
  let links = {};
  const titles = new Map(data.parts);
  let part = "";
  const frames = data.ticks.map((tick, at) => {
    part = titles.get(at) ?? part;
    for (let i = 0; i < data.states[at].length; i += 3) {
      states[data.states[at][i]][data.states[at][i + 1]] = data.states[at][i + 2];
    }
    for (const change of data.logs[at]) replaceEntries(data, logs, change);
    links = changedLinks(data, links, data.links[at]);
    const nodes = data.ids.map((id, i) => nodeState(data, id, states[i], logs[i]));
    return { tick, part, text: data.texts[at], nodes, links, messages: /** @type {Message[]} */ ([]) };
  });
  for (const numbers of data.messages) fly(data, frames, numbers);
  return frames;
}

/**
 * Entries take the place of whatever stands at their first index and behind it.
 * @param {Data} data
 * @param {Entry[][]} logs
 * @param {number[]} change
 */
function replaceEntries(data, logs, [node, index, ...entries]) {
  const log = logs[node].slice(0, index);
  for (let i = 0; i < entries.length; i += 2) {
    log[index + i / 2] = { term: entries[i], command: data.commands[entries[i + 1]] };
  }
  logs[node] = log;
}

/**
 * @param {Data} data
 * @param {Record<string, "cut" | "held">} links
 * @param {number[]} change
 */
function changedLinks(data, links, change) {
  const changed = { ...links };
  for (let i = 0; i < change.length; i += 3) {
    const way = data.ids[change[i]] + ">" + data.ids[change[i + 1]];
    if (change[i + 2] === 0) delete changed[way];
    else changed[way] = change[i + 2] === 1 ? "cut" : "held";
  }
  return changed;
}

/**
 * @param {Data} data
 * @param {number} id
 * @param {number[]} state
 * @param {Entry[]} all
 * @returns {NodeState}
 */
function nodeState(data, id, state, all) {
  /** @param {string} field */
  const value = (field) => state[data.fields.indexOf(field)];
  const role = data.roles[value("role")];
  const running = value("running") === 1;
  const vote = value("vote") === -1 ? null : data.ids[value("vote")];
  const [first, last] = [value("first"), value("last")];
  const log = Array.from({ length: last - first + 1 }, (_, i) => all[first + i]);
  const indices = { first, last, commit: value("commit"), applied: value("applied") };
  const condition = running ? role : "stopped";
  return { id, running, muted: value("muted") === 1, role, condition, term: value("term"), vote, ...indices, log };
}

/**
 * Puts a message into the frames in which it is seen. Its part of the way is 1 where it arrives.
 * @param {Data} data
 * @param {Frame[]} frames
 * @param {number[]} numbers
 */
function fly(data, frames, [type, from, to, entries, reject, sent, end, fate]) {
  const atOnce = fate === 2;
  for (let at = Math.max(0, atOnce ? end : sent + 1); at <= Math.min(end, frames.length - 1); at++) {
    const isLost = fate >= 2 && at === end;
    const far = (/** @type {number} */ frame) => (frame - sent) / (end - sent);
    frames[at].messages.push({
      type: data.types[type],
      from: data.ids[from],
      to: data.ids[to],
      entries,
      reject: reject === 1,
      start: atOnce ? 0 : far(at - 1),
      part: atOnce ? 0.35 : isLost ? Math.max(far(at - 1), 0.78) : far(at),
      fate: isLost ? "lost" : fate === 1 && at === end ? "delivered" : "on its way",
    });
  }
}
`;
