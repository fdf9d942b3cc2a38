/**
 * The page's script, part 4: the logs at a tick, as a table.
 *
 * JavaScript for the browser, as text; a test checks its types. What a run says is only ever set as text.
 *
 * @module
 */

/** Defines `drawLogs`. */
export const LOGS: string = String.raw`
/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {(Element | string)[]} children
 */
function html(name, attributes, children = []) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * The last entries, as many as the width has room for.
 * @param {HTMLTableElement} table
 * @param {Frame} frame
 * @param {number} width
 */
function drawLogs(table, { nodes }, width) {
  const columns = Math.max(3, Math.min(14, Math.floor((width - 92) / 60)));
  const last = Math.max(columns, ...nodes.map((node) => node.last));
  const indices = Array.from({ length: columns }, (_, i) => last - columns + 1 + i);
  const heading = indices.map((index) => html("th", { scope: "col" }, [String(index)]));
  const rows = nodes.map((node) => {
    const name = html("th", { scope: "row", class: node.condition }, ["node " + node.id]);
    return html("tr", { "data-log": String(node.id) }, [name, ...indices.map((index) => logCell(node, index))]);
  });
  table.tHead?.replaceChildren(html("tr", {}, [html("th", { scope: "col" }, ["index"]), ...heading]));
  table.tBodies[0].replaceChildren(...rows);
}

/**
 * @param {NodeState} node
 * @param {number} index
 */
function logCell(node, index) {
  if (index > node.last) return html("td", {});
  if (index < node.first) return html("td", {}, [html("span", { class: "entry snapshot" }, ["snapshot"])]);
  const entry = node.log[index - node.first];
  const committed = index <= node.commit;
  if (entry === undefined) return html("td", {}, [html("span", { class: "entry snapshot" }, ["?"])]);
  const words = "index " + index + ", term " + entry.term + ": " + entry.command;
  const title = words + (committed ? ", committed" : ", not known to be committed");
  const command = html("span", { class: "command" }, [entry.command.replace(" = ", "=")]);
  const term = html("span", { class: "term" }, ["term " + entry.term]);
  const colour = "t" + ((Math.max(entry.term, 1) - 1) % 7);
  const known = committed ? "committed" : "open";
  return html("td", {}, [html("span", { class: ["entry", known, colour].join(" "), title }, [command, term])]);
}
`;
