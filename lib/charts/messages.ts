/**
 * Messages and what became of them, from a trace; and which of them a figure can show.
 *
 * @module
 */
import type { MessageRow } from "../trace/rows.ts";
import type { Ticks } from "../raft/mod.ts";
import type { Trace } from "../trace/trace.ts";

/** A message from when it was sent to when it arrived, or was lost. */
export interface Flight {
  /** The message, as it was sent. */
  readonly message: MessageRow;
  /** When it was sent. */
  readonly sent: Ticks;
  /** When it arrived or was lost; `null` if it is on its way. */
  readonly ended: Ticks | null;
  /** What became of it. */
  readonly fate: "delivered" | "lost" | "on its way";
}

/** The messages to show, and what is left out. */
export interface Choice {
  /** What is shown. */
  readonly shown: readonly Flight[];
  /** How many there are. */
  readonly all: number;
  /** What is left out, in a sentence; empty if nothing is. */
  readonly note: string;
}

/** The most messages that one figure shows. */
const MOST = 60;

/** The messages that were sent from tick `from` to tick `to`, in the order of sending. */
export function flightsOf({ rows }: Trace, from: Ticks, to: Ticks): Flight[] {
  const flights = new Map<number, Flight>();
  for (const row of rows) {
    if (row.kind !== "message") continue;
    const { id, tick, event } = row;
    if (event === "sent") {
      if (tick >= from && tick <= to) flights.set(id, { message: row, sent: tick, ended: null, fate: "on its way" });
      continue;
    }
    const flight = flights.get(id);
    if (flight === undefined || tick > to) continue;
    flights.set(id, { ...flight, ended: tick, fate: event === "delivered" ? "delivered" : "lost" });
  }
  return [...flights.values()];
}

/** At most 60 of `flights`: heartbeats are left out first, then whatever was sent last. */
export function choose(flights: readonly Flight[]): Choice {
  const all = flights.length;
  if (all <= MOST) return { shown: flights, all, note: "" };
  const others = flights.filter(({ message }) => !isHeartbeat(message));
  const shown = others.slice(0, MOST);
  const heartbeats = all - others.length;
  const left = [
    heartbeats === 0 ? "" : `${heartbeats} heartbeats and answers to them`,
    others.length <= MOST ? "" : `${others.length - MOST} messages sent from tick ${others[MOST].sent} on`,
  ].filter((part) => part !== "").join(", and ");
  return { shown, all, note: ` Of ${all} messages ${shown.length} are shown; left out are ${left}.` };
}

/** Whether it is a heartbeat, or the answer to one. */
export function isHeartbeat({ type }: MessageRow): boolean {
  return type === "Heartbeat" || type === "HeartbeatResponse";
}
