/**
 * The configuration: who votes, what majority that takes, and a change of it that the leader is asked for.
 *
 * @module
 */
/// <reference lib="dom" />
import { type ConfState, isJoint, type NodeId } from "../../raft/mod.ts";
import type { Act } from "../../scenario/perform.ts";
import { type ClusterState, leaderOf } from "../../trace/fold.ts";
import { count, nodeList } from "../../trace/text.ts";
import { configurationOf, majorityText, placeOf, PLACES } from "../places.ts";
import { html, part, text } from "./dom.ts";

/** A change of the configuration, as a step. */
type Change = Extract<Act, { do: "confChange" }>;

/** The changes of one node that the leader can be asked for now. */
export function changesOf(state: ClusterState, id: NodeId): (readonly [label: string, step: Change])[] {
  const [configuration, leader] = [configurationOf(state), leaderOf(state)];
  if (leader === null || isJoint(configuration)) return [];
  const place = placeOf(configuration, id);
  const labels = { addVoters: "Make it a voter", addLearners: "Make it a learner", remove: "Remove it" } as const;
  return (["addVoters", "addLearners", "remove"] as const).filter((key) => PLACES[key] !== place).map((key) =>
    [labels[key], { do: "confChange", to: leader.node, [key]: id }] as const
  );
}

/** The room in which several nodes are changed at once. */
export class Members {
  #shown = "";
  #state: ClusterState | null = null;

  constructor(readonly ask: (step: Change) => void) {
    part("members").addEventListener("input", () => this.#explain());
    part("explicit", HTMLInputElement).addEventListener("input", () => this.#explain());
    part("reconfigure").addEventListener("click", () => ask(this.#change()));
    part("leave-joint").addEventListener("click", () => ask({ do: "confChange" }));
  }

  /** Draw the configuration of `state`. What was chosen stays until there is another. */
  draw(state: ClusterState): void {
    this.#state = state;
    const configuration = configurationOf(state);
    const shown = JSON.stringify([configuration, [...state.nodes.keys()]]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      const { learners } = configuration;
      const outside = [...state.nodes.keys()].filter((id) => placeOf(configuration, id) === "outside");
      text("majority", `A majority is ${majorityText(configuration)}.`);
      const others = [[learners.length === 1 ? "Learner" : "Learners", learners], ["Outside", outside]] as const;
      const told = others.flatMap(([what, ids]) => ids.length === 0 ? [] : [`${what}: ${nodeList(ids)}.`]);
      text("non-voters", told.join(" "));
      part("leave-joint").hidden = !isJoint(configuration) || configuration.autoLeave;
      part("change").hidden = isJoint(configuration);
      part("members").replaceChildren(...[...state.nodes.keys()].map((id) => chooser(configuration, id)));
    }
    this.#explain();
  }

  /** The change that is chosen. */
  #change(): Change {
    const changed = [...part("members").querySelectorAll("select")].filter((each) =>
      each.value !== each.dataset["now"]
    );
    const nodes = (key: keyof typeof PLACES) => {
      const ids = changed.filter(({ value }) => value === PLACES[key]).map(({ dataset }) => Number(dataset["node"]));
      return ids.length === 0 ? {} : { [key]: ids };
    };
    const explicit = part("explicit", HTMLInputElement).checked ? { transition: "explicit" as const } : {};
    return { do: "confChange", ...nodes("addVoters"), ...nodes("addLearners"), ...nodes("remove"), ...explicit };
  }

  /** Say what would be asked for. */
  #explain(): void {
    const { addVoters = [], addLearners = [], remove = [], transition } = this.#change();
    const many = [addVoters, addLearners, remove].flat().length;
    const isJoint = many > 1 || transition !== undefined;
    const noLeader = this.#state === null || leaderOf(this.#state) === null;
    part("reconfigure", HTMLButtonElement).disabled = many === 0 || noLeader;
    part("leave-joint", HTMLButtonElement).disabled = noLeader;
    const chosen = `${count(many, "node")} changed: ${isJoint ? "by way of a joint configuration" : "in one step"}.`;
    const said = many === 0 ? "Choose what nodes are to be." : chosen;
    text("ways-there", noLeader ? "There is no leader to ask." : said);
  }
}

function chooser(configuration: ConfState, id: NodeId): HTMLElement {
  const now = placeOf(configuration, id);
  const places = Object.values(PLACES).map((place) => html("option", { selected: place === now }, place));
  return html("label", {}, `node ${id} `, html("select", { "data-node": id, "data-now": now }, ...places));
}
