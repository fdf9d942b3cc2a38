/**
 * What `demo --help` prints: scenarios, options, and the fields of a scenario file.
 *
 * @module
 */
import { scenarios } from "../../scenario/scenarios.ts";
import { wrap } from "../terminal.ts";

/** The fields of a scenario file, as `lib/scenario/schema.ts` has them. */
export const FILE_HELP = `A scenario file is a JSON object with these fields (with ?: may be left out):
  name       what it is called: small letters and digits, joined by hyphens
  summary?   what it shows, in a line
  premise?   what is about to be broken: a list of sentences
  nodes?     how many nodes, 1 to 9, if --nodes does not say so (default 3)
  setting?   the cluster it needs: an object, see below
  disks?     "memory" loses nothing in a crash (the default); "files" lose what
             was not synced
  steps      what is done, in order: a list of objects, see below
  shows?     what it shows if all is as expected: a list of sentences
  finding?   the title of its figure
  chart?     "timeline" (the default), "roleLanes", "termStaircase",
             "logStages", "operations"
  next?      what to try after it: commands or ideas, a line each

The fields of a setting:
  spares?            how many of the nodes, the last ones, are no members of the
                     cluster at first (default 0)
  latency?           ticks that a message takes (default 1)
  electionTick?      the least election timeout in ticks (default 10)
  heartbeatTick?     ticks from one heartbeat to the next (default 3)
  maxSizePerMsg?     the most bytes of entries in a message (default 1048576)
  maxInflightMsgs?   the most messages with entries under way to a follower
                     (default 256)
  preVote?           true: a node asks whether it could win before it campaigns
  checkQuorum?       true: a leader that hears from no majority steps down
  readOnlyOption?    how a leader makes sure that it leads, when a client
                     reads: "safe" asks a majority (the default);
                     "leaseBased", with checkQuorum, asks nobody
  snapshotEvery?     after so many applied entries a node makes a snapshot by
                     itself, and keeps the last half of them (default: never)
  logs?              logs to start from: for node 1, 2, ... the terms of entries

A step says in "do" what is done. It may have a "title", which begins a new part
of the story, and has these fields:
  name         as, nodes?, except?: from here on "as" stands for these nodes
  mark         as: remember the numbers of all nodes, to compare them later
  run          ticks: let ticks pass
  runUntil     until, within?: let ticks pass until a condition holds; at most
               so many (default 400), else the scenario has failed
  propose      to?, command?: a client asks the leader, or the node "to", for a
               command (default: to put the key and value of the options)
  confChange   to?, addVoters?, addLearners?, remove?, transition?: ask the
               leader, or the node "to", for another configuration; without
               nodes, to leave the joint one. "auto" changes one node at once,
               and several through a joint configuration (the default);
               "implicit" takes that for one, too; "explicit" leaves it only
               when asked
  read         way, to?, key?: a client reads at the leader, or the node "to",
               from its "store", by "readIndex", or, where leaders have leases,
               by "lease"
  request      client, command?, to?, way?, sessions?, timeout?: this client, 1
               to 9, asks for a command (default: to put the key and value of
               the options), and again until it is answered: first the node
               "to" (default: who answered it last), another one when it is
               refused, or has heard nothing for so many ticks (default 20).
               A Get may be read in another "way" than through the "log" (the
               default). With "sessions" false the request has no number, and is
               applied as often as it is sent
  loseAnswer   client, count: lose the next so many answers to this client
  transfer     to, from?: ask the leader, or the node "from", for this node to
               lead in its place
  crashAfter   nodes, step: crash after this step, 1 to 7, of the ready loop
  fixTimeout   nodes, ticks: make every election timeout so long; null: random
  compact      nodes, keep: snapshot the store; of the log, keep so many of the
               applied entries
  delay        ticks, from, to, oneWay?: let messages take so long on links
  partition    groups: cut every link between these groups of nodes
  heal         mend every link
  campaign     nodes: start an election
  stop, restart, pauseClock, resumeClock
               nodes: do this to them
  cut, hold, mend
               from, to, oneWay?: lose what is on these links; let it wait; let
               it pass again
  dropMessages, holdMessages, releaseMessages, duplicateMessages
               type?, from?, to?, index?, id?: of what is under way, lose it;
               let it wait; let it arrive next; send it a second time
  dropNext     count, type?, from?, to?, index?: lose the next so many that are
               sent
  loss         percent, from?, to?: from here on lose so many of a hundred
               messages on these links (default: all), by chance
  expect       that, text?: a condition must hold here, else the scenario has
               failed

A condition says in "is" what holds, and has these fields:
  leader       by?: one of these leads the latest term
  leaders      count: so many running nodes take themselves for the leader
  role         nodes, role: they are each "follower", "preCandidate",
               "candidate" or "leader"
  number       nodes, what, equals?, atLeast?, atMost?: so much is their "term",
               "commit", "applied", "firstIndex" or "lastIndex"
  unchanged    nodes, what, since: that number is as it was at this mark
  grown        nodes, what, since: that number is greater than at this mark
  value        nodes, key?, value?: their stores hold this; null: nothing
  log          nodes, terms: the terms of all entries in their logs
  read         answered, value?: the last read is answered so, or not at all
  request      client, answered, value?: the last request of this client is
               answered (a Get: so), or not yet
  configuration
               nodes?, voters?, learners?, outgoing?: theirs has these; []:
               nobody (default: of all members that run)
  agreed       nodes?: they follow one leader, and have applied all of its log
               (default: all members that run)

Nodes are an id (2), "all", "leader", "followers", "follower 1", a name that a
step has given, or a list of these. Followers are members of the cluster.
`;

/** What `demo` says of itself. */
export function demoHelp(): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  const list = scenarios.flatMap(({ name, summary = "" }) => wrap(`  ${name.padEnd(width)}  `, summary));
  return `Usage: deno task demo SCENARIO [OPTION ...]
       deno task demo --scenario FILE [OPTION ...]

Scenarios:
${list.join("\n")}

Options:
  --nodes N        how many nodes, 1 to 9 (default 3, or as the scenario says);
                   some scenarios are about one size, and refuse others
  --seed S         the same seed, the same timeouts, the same run (default 1)
  --seeds N        play with the seeds 0 to N-1, and count how many runs went as
                   expected, and, from the first fault of a node or a link on
                   (or from the start), the elections, and the ticks without a
                   leader that a majority follows over open links
  --key K          the key the client writes, not empty (default x)
  --value V        the first value that is written (default a; then b, c, …)
  --scenario FILE  play a scenario of your own, from a file that ends in .json
  --storage DIR    keep the logs under DIR; a later run goes on with them
  --runtime tasks  every node in an asynchronous task, in real time
  --plot FILE      also draw the run: FILE ends in .svg, .png or .html; of
                   several runs, .html has all, the others the first
  --player FILE    also write a page to play the run, ending in .html; of
                   several, the first in which no rule is taken out
  --verbose        every message, and every turn of every ready loop
  --json           the trace as JSON lines, and nothing else; of several runs,
                   each after a line of kind "scenario"
  --help           this text

Exit status: 0; 1 if something was not as expected, or the system failed; 2 for
a wrong command line or file.

${FILE_HELP}`;
}
