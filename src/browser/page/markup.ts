/**
 * The page's frame.
 *
 * @module
 */

/** `index.html`. */
export const PAGE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Class Rectification Loss: conformance in this browser</title>
<style>
body { margin: 0; display: flex; flex-direction: column; height: 100vh; font: 16px/1.5 system-ui, sans-serif; }
p { margin: 0.5rem 1rem; }
iframe { flex: 1; border: 0; border-top: 1px solid #8888; }
</style>
</head>
<body>
<p id="status" role="status">Loading</p>
<p>Verify: <a href="?">all engines</a>, <a href="?engine=cpu">cpu</a>, <a href="?engine=wasm">wasm</a>,
<a href="?engine=webgl">webgl</a>, <a href="?engine=webgpu">webgpu</a>; fused:
<a href="?backend=tfjs-fused&amp;engine=wasm">wasm</a>,
<a href="?backend=tfjs-fused&amp;engine=webgpu">webgpu</a>. Add <code>&amp;runs=300</code>,
<code>&amp;seed=7</code> or <code>&amp;property=mining-agrees</code> to the address.</p>
<iframe id="reports" title="Conformance"></iframe>
<script type="module" src="page.js"></script>
</body>
</html>
`;
