/**
 * How a report page looks: light and dark, on a phone and on a desk, and on paper.
 *
 * @module
 */

/** The style sheet; a plain string that holds nothing from outside. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5a646e; --line: #d5dae0; --paper: #fff; --tint: #f4f6f8;
  --passed: #146c34; --passed-bg: #e1f4e6; --failed: #b3161b; --failed-bg: #fde6e5; --other: #7a5200; --other-bg: #fdf1d3;
  --anchor: #1f5fd0; --positive: #36a35f; --negative: #dc4c48; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #a3adb7; --line: #3a424a; --paper: #15181b; --tint: #1f2428;
  --passed: #7ddc9b; --passed-bg: #14331f; --failed: #ff9d97; --failed-bg: #47191a; --other: #f0cc78; --other-bg: #3d3010;
  --anchor: #7fb0ff; --positive: #2f8f53; --negative: #c2403c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 68rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; line-height: 1.2; margin: .5rem 0; } h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; border-top: 2px solid var(--line); padding-top: 1rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; } h4 { font-size: .95rem; margin: .75rem 0 .25rem; }
p { margin: .4rem 0; } a { color: inherit; } .soft, .more { color: var(--soft); font-size: .9rem; }
code, pre { font: .85rem/1.45 ui-monospace, monospace; } code { overflow-wrap: anywhere; }
pre { background: var(--tint); padding: .6rem; margin: .3rem 0; border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
pre mark { background: var(--failed-bg); color: inherit; }
.verdict { display: inline-block; padding: 0 .5em; border-radius: 4px; font-weight: 600; font-size: .9em; white-space: nowrap; color: var(--other); background: var(--other-bg); }
.verdict.passed { color: var(--passed); background: var(--passed-bg); }
.verdict.failed, .verdict.unexpected-pass { color: var(--failed); background: var(--failed-bg); }
.verdict.none { color: var(--soft); background: none; font-weight: 400; }
.verdict.skipped { color: var(--soft); background: var(--tint); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: .5rem 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .92rem; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--soft); font-weight: 600; } td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.matrix th:first-child { position: sticky; left: 0; background: var(--paper); } .matrix sup a { text-decoration: none; } .matrix td small { white-space: nowrap; }
.batch td { font: .82rem/1.4 ui-monospace, monospace; }
details > summary { cursor: pointer; } details { margin: .3rem 0; } td details summary { color: var(--soft); font-size: .88rem; }
.trouble { border: 1px solid var(--line); border-left: 5px solid var(--failed); border-radius: 6px; padding: .2rem 1rem .8rem; margin: 1rem 0; } .trouble h3 { margin: 0; display: inline; } .trouble > summary { padding: .5rem 0 .3rem; overflow-wrap: anywhere; } .jump { list-style: none; padding: 0; } .jump li { padding: .15rem 0; overflow-wrap: anywhere; } .trouble.known { border-left-color: var(--other); }
.sides { display: grid; gap: 1rem 1.5rem; } .sides > * { min-width: 0; }
figure { margin: .5rem 0 1rem; max-width: 30rem; } figcaption { font-weight: 600; font-size: .92rem; } figure svg { width: 100%; height: auto; display: block; }
figure ul { margin: .2rem 0; padding-left: 1.2rem; font-size: .85rem; color: var(--soft); }
svg:not(.marks) text { font: 10px system-ui, sans-serif; fill: var(--ink); } svg .tick, svg .name { fill: var(--soft); } .axis { stroke: var(--soft); }
.mark > circle, .mark > rect { fill: var(--paper); stroke: var(--soft); stroke-width: 1.5; }
.mark.positive > circle, .mark.positive > rect { fill: var(--positive); stroke: var(--positive); } .mark.negative > circle, .mark.negative > rect { fill: var(--negative); stroke: var(--negative); }
.mark.anchor > circle, .mark.anchor > rect { stroke: var(--anchor); stroke-width: 3; } .mark.positive text, .mark.negative text { fill: #fff; font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; list-style: none; padding: 0; margin: .4rem 0; font-size: .85rem; } .legend svg { width: 20px; height: 20px; vertical-align: -5px; margin-right: .3rem; }
@media (min-width: 50rem) { .sides { grid-template-columns: 1fr 1fr; } }
@media (max-width: 40rem) {
  th, td { padding: .3rem .35rem; font-size: .85rem; } .matrix .verdict { font-size: .82rem; padding: 0 .3em; }
  .cards thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .cards, .cards tbody, .cards tr, .cards td { display: block; } .cards tr { border: 1px solid var(--line); border-radius: 6px; padding: .4rem .6rem; margin: .5rem 0; }
  .cards td { border: 0; padding: .1rem 0; text-align: left; } .cards td.number { text-align: left; } .cards td[data-label]::before { content: attr(data-label) ': '; color: var(--soft); }
}
@media print { .trouble { break-inside: avoid; } }
`;
