/**
 * The page's frame.
 *
 * @module
 */

/** `index.html`. */
export const BENCH_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Class Rectification Loss: speed in this browser</title>
<style>
body { margin: 1rem; font: 16px/1.5 system-ui, sans-serif; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { padding: 0.2rem 0.6rem; border-bottom: 1px solid #8888; text-align: left; }
</style>
</head>
<body>
<h1>Speed in this browser</h1>
<p>Times the whole loss from logits, with its gradient, in turn with the cross entropy of tfjs stock operations on
the same engine. Add <code>?engine=webgpu</code> or <code>&amp;seconds=5</code> to the address to choose engines, and
how long each case is timed.</p>
<p><button id="measure" type="button">Measure</button> <a id="download" hidden>Download JSON</a></p>
<p id="status" role="status">Loading</p>
<div id="results"></div>
<script type="module" src="page.js"></script>
</body>
</html>
`;
