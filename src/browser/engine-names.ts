/**
 * The engines of a browser as the command line names them, for code that must load neither tfjs nor a browser.
 *
 * @module
 */
import { BROWSER_ENGINES, type BrowserEngine } from './page/plan.js';

/** The name of a browser's engine outside of it. */
export type BrowserEngineName = `browser-${BrowserEngine}`;

/** `browser-cpu`, `browser-wasm`, `browser-webgl`, `browser-webgpu`. */
export const BROWSER_ENGINE_NAMES = BROWSER_ENGINES.map((engine): BrowserEngineName => `browser-${engine}`);
