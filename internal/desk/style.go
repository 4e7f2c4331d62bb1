package desk

// style is the look of the screens, in the light and in the dark theme of the console. Every selector begins with .pd, since
// nobody knows whether the console keeps the styles of its widgets apart.
const style = `
.pd { --pd-ink: #16191f; --pd-page: #ffffff; --pd-soft: #f2f3f3; --pd-line: #8d9499; --pd-quiet: #4b5259; --pd-link: #0a4f9c; --pd-late: #a3001b; --pd-today: #7a4500; --pd-well: #14602f; color: var(--pd-ink); background: var(--pd-page); font-family: system-ui, sans-serif; font-size: 14px; line-height: 1.45; padding: 12px; overflow-wrap: break-word; }
.pd.pd-dark { --pd-ink: #e9ebed; --pd-page: #0f1b2a; --pd-soft: #1c2b3c; --pd-line: #7d8998; --pd-quiet: #b6bec9; --pd-link: #89bdee; --pd-late: #ff9aa2; --pd-today: #ffca7a; --pd-well: #8fdba6; }
.pd h2 { font-size: 20px; margin: 0 0 4px 0; }
.pd h3 { font-size: 16px; margin: 0 0 6px 0; }
.pd p { margin: 0 0 8px 0; }
.pd a { color: var(--pd-link); }
.pd .btn { color: var(--pd-link); background: var(--pd-page); border: 1px solid var(--pd-line); border-radius: 4px; font: inherit; font-weight: 600; padding: 4px 12px; margin: 0 6px 6px 0; cursor: pointer; max-width: 100%; white-space: normal; text-align: left; }
.pd .btn-primary { color: var(--pd-page); background: var(--pd-link); border-color: var(--pd-link); }
.pd .btn[aria-current] { color: var(--pd-page); background: var(--pd-ink); border-color: var(--pd-ink); }
.pd :focus-visible { outline: 3px solid var(--pd-link); outline-offset: 2px; }
.pd input, .pd select, .pd textarea { color: var(--pd-ink); background: var(--pd-page); border: 1px solid var(--pd-line); border-radius: 3px; font: inherit; padding: 4px 6px; box-sizing: border-box; width: 100%; max-width: 420px; }
.pd textarea { max-width: 640px; }
.pd label { display: block; font-weight: 600; }
.pd .pd-field { margin: 0 0 10px 0; }
.pd .pd-row { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: end; }
.pd .pd-wrong { display: block; color: var(--pd-late); font-weight: 600; }
.pd .pd-note { border-left: 5px solid var(--pd-line); background: var(--pd-soft); padding: 8px 12px; margin: 0 0 12px 0; }
.pd .pd-done { border-left-color: var(--pd-well); }
.pd .pd-bad { border-left-color: var(--pd-late); }
.pd .pd-section { margin: 0 0 18px 0; }
.pd .pd-lines { white-space: pre-line; }
.pd .pd-quiet { color: var(--pd-quiet); }
.pd .pd-sign { width: 12px; height: 12px; margin-right: 5px; vertical-align: -1px; }
.pd svg .pd-disc { fill: currentColor; stroke: none; }
.pd svg .pd-ring { fill: none; stroke: currentColor; }
.pd .pd-late { color: var(--pd-late); font-weight: 600; }
.pd .pd-today { color: var(--pd-today); font-weight: 600; }
.pd .pd-well { color: var(--pd-well); }
.pd .pd-wide { overflow-x: auto; }
.pd table { border-collapse: collapse; width: 100%; color: var(--pd-ink); background: var(--pd-page); }
.pd caption { text-align: left; color: var(--pd-quiet); padding: 2px 0; }
.pd th, .pd td { text-align: left; vertical-align: top; padding: 4px 8px 4px 0; border-bottom: 1px solid var(--pd-line); color: var(--pd-ink); background: var(--pd-page); }
.pd th .btn { margin: 0; white-space: nowrap; }
.pd thead th { white-space: nowrap; }
.pd.pd-narrow th, .pd.pd-narrow td { overflow-wrap: anywhere; }
.pd details { margin: 0 0 8px 0; }
.pd summary { cursor: pointer; color: var(--pd-link); }
.pd ol, .pd ul { margin: 0 0 8px 0; padding-left: 20px; }
.pd .pd-line { width: 100%; height: auto; }
.pd svg text { fill: var(--pd-ink); font-size: 12px; }
.pd svg .pd-when { fill: var(--pd-quiet); font-size: 11px; }
.pd svg line { stroke: var(--pd-line); stroke-width: 2; }
.pd svg circle { fill: var(--pd-ink); stroke: var(--pd-ink); stroke-width: 2; }
.pd svg .pd-bar { fill: var(--pd-link); }
.pd svg .pd-barlate { fill: var(--pd-late); }
.pd svg .pd-planned { fill: var(--pd-page); stroke-dasharray: 3 2; }
.pd svg .pd-now { fill: var(--pd-link); stroke: var(--pd-link); }
.pd.pd-narrow table, .pd.pd-narrow tbody, .pd.pd-narrow tr, .pd.pd-narrow th, .pd.pd-narrow td { display: block; }
.pd.pd-narrow caption { display: block; }
.pd.pd-narrow thead { display: none; }
.pd.pd-narrow tr { border-bottom: 2px solid var(--pd-line); padding: 6px 0; }
.pd.pd-narrow th, .pd.pd-narrow td { border: 0; padding: 1px 0; }
.pd.pd-narrow td::before { content: attr(data-label) ": "; color: var(--pd-quiet); }
`
