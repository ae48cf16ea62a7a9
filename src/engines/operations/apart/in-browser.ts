/**
 * Judges the operations of a browser's engine in a page of headless chromium.
 *
 * @module
 */
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineUnavailableError } from '../../../../backends/tfjs/index.js';
import { bundle } from '../../../browser/bundle.js';
import { filesInPage } from '../../../browser/engine-names.js';
import { inPage, PageEndedError } from '../../../browser/in-page.js';
import { type JudgeElsewhere, JudgeEndedError } from './judge-apart.js';
import type { JudgeMessage } from './messages.js';
import { Silence } from './silence.js';

const PAGE = '<!doctype html><meta charset="utf-8"><script type="module" src="page.js"></script>';

/** `browser-webgl` runs as `webgl` in the page. */
export const inBrowser: JudgeElsewhere = async (request, { onStart, onReport }) => {
  const here = fileURLToPath(import.meta.url);
  const files = await bundle(
    { page: join(dirname(here), `page${extname(here)}`) },
    PAGE,
    filesInPage('tfjs'),
  );
  const inside = { ...request, engine: request.engine.replace('browser-', '') };
  const silence = new Silence('the page');
  const message = await inPage<JudgeMessage>(request.engine, {
    files,
    path: '',
    prepare: (page) =>
      page.exposeFunction('onClaim', (told: JudgeMessage) => {
        silence.heard();
        if (told.kind === 'start') onStart(told.claim);
        else if (told.kind === 'report') onReport(told.report);
      }),
    run: (page) =>
      Promise.race([
        page.evaluate(`judgeOperations(${JSON.stringify(inside)})`),
        silence.broken,
      ]) as Promise<JudgeMessage>,
  })
    .catch((error) => {
      throw error instanceof PageEndedError ? new JudgeEndedError(error.message) : error;
    })
    .finally(() => silence.end());
  if (message.kind === 'done') return { adapter: message.adapter };
  if (message.kind === 'unavailable') throw new EngineUnavailableError(request.engine, message.reason);
  throw new Error(message.kind === 'error' ? message.message : `the page answered ${message.kind}`);
};
