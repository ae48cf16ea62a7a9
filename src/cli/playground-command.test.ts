import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../properties/index.js';
import { findChromium, startChromium } from '../browser/chromium.js';
import { readAddress } from '../support/playground-state.js';
import { crl, file } from './crl.test-helper.js';

const REVERSED = `
  import { mineHardSamples } from 'class-rectification/spec';
  import { referenceBackend } from 'class-rectification/backends/reference';
  const wrong = (...given) => ({
    anchors: mineHardSamples(...given).anchors.map((a) => ({ ...a, negatives: [...a.negatives].reverse() })),
  });
  export default { ...referenceBackend(), name: 'reversed', mineHardSamples: wrong };
`;

/** What a failure of crl verify prints, as text, and the batch that its report has. */
function failure() {
  const args = ['verify', '--backend', file('drawn.mjs', REVERSED), '--property', 'mining-agrees'];
  const same = [...args, '--runs', '20', '--seed', '3'];
  const printed = crl(same).out;
  const { properties } = JSON.parse(crl([...same, '--json']).out) as Report;
  const command = /^ {2}playground: npx crl (playground [\w-]+)$/m.exec(printed)?.[1] ?? '';
  return { words: command.split(' '), document: properties[0]?.counterexample?.document };
}

describe('crl playground', () => {
  const wayOut = '; leave STATE out to start with a batch of the page, and edit it there';
  const addressOf = (attributes: number[], n: number) => {
    const labels = Array.from({ length: n }, () => [0]);
    return Buffer.from(JSON.stringify({ document: { attributes, labels } })).toString('base64url');
  };

  it.each([
    [
      'was cut off',
      'eyJkb2',
      'expected the whole text that a failing crl verify prints behind npx crl playground, got "eyJkb2", which may have been cut off',
    ],
    ['is too long', 'A'.repeat(60_001), 'expected at most 60000 characters, got 60001'],
    ['has too many samples', addressOf([2], 129), 'The batch has 129 samples; this page draws at most 128'],
    [
      'has too many classes',
      addressOf([1e9], 1),
      'attributes[0]: expected a class count (an integer from 1 to 1000000) or {name, classes}, got 1000000000',
    ],
  ])('refuses a state that %s: exit 2, with the reason and the way out', (_, state, words) => {
    const { code, err } = crl(['playground', state]);
    expect([code, err]).toEqual([2, `crl: STATE: ${words}${wayOut}\n`]);
  });

  it.skipIf(!findChromium())(
    'shows the counterexample of a failure, by the command that it prints',
    async () => {
      const { words, document } = failure();
      expect(readAddress(words[1] as string).document).toEqual(document);
      const program = resolve(import.meta.dirname, '../../dist/src/cli/crl.js');
      const server = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
      const browser = await startChromium('browser-cpu');
      try {
        let address = '';
        for await (const line of createInterface(server.stdout))
          if (line.startsWith('http')) {
            address = line;
            break;
          }
        const page = await browser.newPage();
        const errors: string[] = [];
        page.on('pageerror', ({ message }) => errors.push(message));
        page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
        await page.goto(address);
        const shown = page.locator(`pre:has-text(${JSON.stringify('"kappa"')})`);
        await shown.waitFor();
        expect(JSON.parse(await shown.innerText())).toEqual(document);
        expect(await page.locator('.sample').count()).toBe(document?.labels.length);
        expect(await page.locator('.stages').innerText()).toContain('Hard negatives:');
        expect(errors).toEqual([]);
      } finally {
        await browser.close();
        server.kill();
        await once(server, 'exit');
      }
    },
  );
});
