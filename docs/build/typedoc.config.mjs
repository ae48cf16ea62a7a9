import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

const jiti = createJiti(import.meta.url);
/** @type {typeof import('../../src/support/entries.ts')} */
const { entries } = await jiti.import('../../src/support/entries.ts');
/** @type {typeof import('./site.ts')} */
const { katexFonts, katexStyle, loadMarkdown } = await jiti.import('./site.ts');

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'class-rectification',
  tsconfig: 'tsconfig.typedoc.json',
  readme: '../../README.md',
  entryPoints: Object.values(entries(fileURLToPath(new URL('../..', import.meta.url)), 'source')),
  exclude: ['**/*.test.ts'],
  projectDocuments: [
    '../evidence.md',
    '../forecast.md',
    '../train.md',
    '../crl-train.md',
    '../data.md',
    '../speed.md',
    '../engines.md',
    '../verify.md',
    '../write-a-backend.md',
    '../protocol.md',
    '../explain.md',
    '../paper.md',
    '../wrong-backends.md',
    '../implementations.md',
    '../mutation.md',
  ],
  plugin: [katexFonts],
  markdownItLoader: loadMarkdown,
  customCss: katexStyle,
  out: '../site',
  includeVersion: true,
  disableSources: true,
  treatWarningsAsErrors: true,
  validation: { notExported: false, invalidLink: true },
};
