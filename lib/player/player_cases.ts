/** Runs for the player to play. */
import { Cluster } from "../cluster.ts";
import { Trace } from "../trace/trace.ts";

/** Five nodes by default, with proposals all along, a partition, a paused clock, a stopped node that then needs a snapshot. */
export function eventful(nodes = 5, ticks = 100): Trace {
  const trace = new Trace();
  const cluster = new Cluster({ nodes, seed: 1, observer: trace.record });
  const part = (title: string) => trace.record({ kind: "part", tick: cluster.now, title });
  const divide = () => {
    const alone = cluster.leader()?.id ?? 1;
    const minority = [alone, (alone % nodes) + 1].slice(0, nodes > 4 ? 2 : 1);
    part(`Cut off: ${minority.join(" and ")}`);
    cluster.network.partition(minority, cluster.ids.filter((id) => !minority.includes(id)));
  };
  const deeds: Record<number, () => unknown> = {
    0: () => part("Everybody is well"),
    20: divide,
    45: () => [part("Everybody can be reached again"), cluster.network.heal()],
    60: () => cluster.stop(nodes),
    65: () => cluster.pauseClock(1),
    74: () => cluster.leader()?.compact(1),
    75: () => cluster.restart(nodes),
    80: () => cluster.resumeClock(1),
  };
  for (let i = 0; i < ticks; i++) {
    deeds[i]?.();
    const leaders = i % 3 === 0 ? cluster.nodes().filter((node) => node.status().ss.raftState === "leader") : [];
    for (const { id } of leaders) cluster.propose({ kind: "Put", key: "x", value: `${i}` }, id);
    cluster.tick();
  }
  return trace;
}

/** Messages that take three ticks; a link that is held, one that is cut one way; a log that is not empty; odd texts. */
export function slow(): Trace {
  const trace = new Trace();
  const logs = [[1, 1], [1], []];
  const cluster = new Cluster({ nodes: 3, seed: 2, latency: 3, electionTick: 20, logs, observer: trace.record });
  cluster.campaign(1);
  cluster.run(10);
  cluster.network.hold(1, 3);
  cluster.propose({ kind: "Put", key: "</script><b>", value: '<!-- \u2028 \u001b[31m " \\ ${x} `' });
  cluster.run(4);
  cluster.network.cut(2, 1);
  cluster.run(8);
  cluster.network.heal();
  cluster.run(12);
  return trace;
}
