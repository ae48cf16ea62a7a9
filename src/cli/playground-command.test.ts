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
  it('refuses a state that was cut off: exit 2, with the reason', () => {
    const { code, err } = crl(['playground', 'eyJkb2']);
    expect([code, err]).toEqual([2, expect.stringContaining('it may have been cut off')]);
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
