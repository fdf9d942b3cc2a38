/** Runs for the player to play. */
import { Cluster } from "../cluster.ts";
import { Trace } from "../trace/trace.ts";

/** 200 ticks on five nodes, with proposals all along, a partition, a stopped node and a muted one. */
export function eventful(nodes = 5, ticks = 200, seed = 1): Trace {
  const trace = new Trace();
  const cluster = new Cluster({ nodes, seed, observer: trace.record });
  const part = (title: string) => trace.record({ kind: "part", tick: cluster.now, title });
  let minority = [1];
  part("Everybody is well");
  for (let i = 0; i < ticks; i++) {
    const share = Math.round(i * 200 / ticks);
    if (i === Math.round(ticks * 0.2)) {
      const alone = cluster.leader()?.id ?? 1;
      minority = nodes > 4 ? [alone, (alone % nodes) + 1] : [alone];
      part(`Cut off: ${minority.join(" and ")}`);
      cluster.network.partition(minority, cluster.ids.filter((id) => !minority.includes(id)));
    }
    if (i === Math.round(ticks * 0.45)) {
      part("Everybody can be reached again");
      cluster.network.heal();
    }
    if (i === Math.round(ticks * 0.6)) cluster.stop(nodes);
    if (i === Math.round(ticks * 0.65)) cluster.pauseClock(1);
    if (i === Math.round(ticks * 0.75)) cluster.restart(nodes);
    if (i === Math.round(ticks * 0.8)) cluster.resumeClock(1);
    if (i % 3 === 0) askTheLeaders(cluster, `${share}`);
    cluster.tick();
  }
  return trace;
}

/** In a divided cluster there can be two. */
function askTheLeaders(cluster: Cluster, value: string): void {
  for (const node of cluster.nodes()) {
    if (node.status().ss.raftState === "leader") cluster.propose({ kind: "Put", key: "x", value }, node.id);
  }
}

/** Messages that take three ticks; a link that is held, one that is cut one way; a log that is not empty; odd texts. */
export function slow(): Trace {
  const trace = new Trace();
  const cluster = new Cluster({
    nodes: 3,
    seed: 2,
    latency: 3,
    electionTick: 20,
    logs: [[1, 1], [1], []],
    observer: trace.record,
  });
  cluster.campaign(1);
  cluster.run(10);
  cluster.network.hold(1, 3);
  cluster.propose({ kind: "Put", key: "</script><b>", value: '<!-- \u2028 \u001b[31m " \\ ${x} `' });
  cluster.run(4);
  cluster.network.cut(2, 1);
  cluster.run(8);
  cluster.network.heal();
  cluster.propose({ kind: "Delete", key: "</script><b>" });
  cluster.run(12);
  cluster.propose({ kind: "Get", key: "x" });
  return trace;
}

/** A follower that needs a snapshot, and a log that is replaced. */
export function compacted(): Trace {
  const trace = new Trace();
  const cluster = new Cluster({ nodes: 3, seed: 1, observer: trace.record });
  cluster.runUntil("a leader is elected", () => cluster.leader() !== null);
  const leader = cluster.leader()?.id ?? 1;
  const away = (leader % 3) + 1;
  cluster.stop(away);
  for (let i = 0; i < 6; i++) {
    cluster.propose({ kind: "Put", key: "x", value: `${i}` });
    cluster.tick();
  }
  cluster.run(4);
  cluster.node(leader).compact(1);
  cluster.restart(away);
  cluster.run(12);
  return trace;
}
