/**
 * How a player's page looks. It has a background and colours of its own, so that it is the same within dark pages.
 *
 * @module
 */
import { FAINT, INK, inkOn, OKABE_ITO, pale, PAPER, ROLES } from "../charts/palette.ts";

/** Where something is broken or lost. */
export const BROKEN = "#b00040";

/** How messages differ: the colours of the space-time diagram. */
const ABOUT = { vote: "#b35900", log: "#0b4f8a", heartbeat: "#666666" } as const;

const roles = Object.entries(ROLES).map(([name, { fill, stroke, ink }]) =>
  `.${name} .card{fill:${fill};stroke:${stroke}}#stage .${name} text{fill:${ink}}`
).join("\n");

const terms = OKABE_ITO.map((colour, i) =>
  `.t${i}{background:${colour};color:${inkOn(colour)}}.t${i}.open{background:${pale(colour)};color:${INK}}`
).join("\n");

const messages = Object.entries(ABOUT).map(([name, colour]) =>
  `.${name} .way{stroke:${colour}}.${name} .head,.dot.${name}{fill:${colour}}`
).join("\n");

/** The style sheet. */
export const STYLE: string = `:root{color-scheme:light}
*{box-sizing:border-box}
html{background:${PAPER}}
body{margin:0 auto;padding:12px;max-width:900px;background:${PAPER};color:${INK};
font:14px/1.4 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{font-size:16px;margin:0 0 4px}
p{margin:4px 0;overflow-wrap:anywhere}
#part{min-height:1.4em;color:${FAINT}}
#news{min-height:4.2em}
#help{color:${FAINT};font-size:12px}
svg{display:block}
#stage{width:100%}
#stage text{font-size:11px;fill:${INK}}
#stage .name{font-size:13px;font-weight:bold}
#stage .badge{font-size:16px;font-weight:bold}
#stage .stopped .badge{font-size:12px}
#stage .end{text-anchor:end}
#stage .node .muted{text-anchor:middle;fill:${INK};font-weight:bold}
.muted-box{fill:${PAPER};stroke:${INK}}
.card{stroke-width:1.5}
.leader .card{stroke:${INK};stroke-width:3}
.candidate .card{stroke-width:2.5}
.stopped .card{stroke-dasharray:6 4;stroke-width:2}
.link{stroke:#d5d5d5;stroke-width:1.5}
.link.cut{stroke:${BROKEN};stroke-dasharray:2 9;opacity:.75}
.link.held{stroke:${INK};stroke-dasharray:8 6}
.way{stroke-width:1.5}
.heavy .way{stroke-width:3.5}
.heartbeat .way{stroke-width:1.2}
.on-its-way .way{stroke-dasharray:1.5 3}
.lost .way{stroke-dasharray:5 4}
.cross{stroke:${BROKEN};stroke-width:3}
#stage .label{text-anchor:middle;paint-order:stroke;stroke:${PAPER};stroke-width:4px;stroke-linejoin:round}
${roles}
${messages}
.bar{display:flex;flex-wrap:wrap;gap:6px;align-items:center;margin:6px 0}
button,select{font:inherit;color:${INK};background:#f2f2f2;border:1px solid #767676;border-radius:6px;min-height:34px}
button{display:inline-flex;align-items:center;gap:5px;padding:4px 9px;cursor:pointer}
button:hover{background:#e2e2e2}
button[aria-disabled=true]{color:#767676;border-color:#c8c8c8;cursor:default}
button svg{width:16px;height:16px;fill:currentColor}
#play{min-width:86px;background:#0b4f8a;border-color:#0b4f8a;color:${PAPER}}
#play .pause,#play.playing .go{display:none}
#play.playing .pause{display:inline}
:focus-visible{outline:3px solid #d55e00;outline-offset:2px}
#tick{font-variant-numeric:tabular-nums;font-weight:bold;margin-left:auto}
#marks{position:relative;height:33px}
.mark{position:absolute;width:0;white-space:nowrap}
.mark::before{position:absolute;transform:translateX(-50%);font:bold 10px/10px ui-monospace,Menlo,Consolas,monospace}
.mark.fault{top:0}
.mark.fault::before{content:"×";color:${BROKEN};font-size:14px}
.mark.election{top:11px}
.mark.election::before{content:"C";background:#E69F00;color:${INK};padding:0 2px}
.mark.leader{top:22px}
.mark.leader::before{content:"L";background:#0b4f8a;color:${PAPER};padding:0 2px}
#range{display:block;width:100%;margin:0;height:24px;accent-color:#0b4f8a}
.scroll{overflow:hidden}
table{border-collapse:collapse;table-layout:fixed;width:100%;font-size:12px}
caption{text-align:left;font-weight:bold;padding:4px 0}
th{font-weight:normal;color:${FAINT};padding:2px}
thead th:first-child,tbody th{width:68px;text-align:left}
tbody th{color:${INK};font-weight:bold}
tbody th.stopped{color:#767676;text-decoration:line-through}
td{padding:2px;height:38px}
.entry{display:block;border:1.5px solid ${INK};border-radius:3px;padding:0 1px;text-align:center;line-height:15px;font-size:11px}
.entry.open{border-style:dashed}
.entry.snapshot{background:#e6e6e6;color:${FAINT};border-color:#c0c0c0;font-size:10px;line-height:30px;overflow:hidden}
.entry span{display:block;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
.command{font-weight:bold}
${terms}
@media (max-width:580px){#stage .term,#stage .vote,#stage .commit,#stage .applied{font-size:10px}}
@media (max-width:480px){body{padding:8px}button{padding:4px 7px}}
@media print{.bar,#marks,#range{display:none}}
`;
