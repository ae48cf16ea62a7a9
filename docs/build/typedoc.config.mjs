import { createJiti } from 'jiti';

/** @type {typeof import('./site.ts')} */
const { katexFonts, katexStyle, loadMarkdown } = await createJiti(import.meta.url).import('./site.ts');

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'class-rectification',
  tsconfig: 'tsconfig.typedoc.json',
  readme: '../../README.md',
  entryPoints: [
    '../../src/index.ts',
    '../../src/data/index.ts',
    '../../src/wasm-convolution/index.ts',
    '../../src/metrics/index.ts',
    '../../src/rivals/index.ts',
    '../../spec/index.ts',
    '../../backends/host/index.ts',
    '../../backends/tfjs/index.ts',
    '../../backends/reference.ts',
    '../../properties/index.ts',
  ],
  exclude: ['**/*.test.ts'],
  projectDocuments: [
    '../evidence.md',
    '../train.md',
    '../crl-train.md',
    '../data.md',
    '../speed.md',
    '../verify.md',
    '../write-a-backend.md',
    '../explain.md',
    '../paper.md',
    '../wrong-backends.md',
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
