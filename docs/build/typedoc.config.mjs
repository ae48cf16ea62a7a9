import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

const jiti = createJiti(import.meta.url);
/** @type {typeof import('../../src/support/entries.ts')} */
const { entries } = await jiti.import('../../src/support/entries.ts');
/** @type {typeof import('./site/markdown.ts')} */
const { katexStyle, loadMarkdown } = await jiti.import('./site/markdown.ts');
/** @type {typeof import('./site/plugin.ts')} */
const { sitePlugin } = await jiti.import('./site/plugin.ts');
/** @type {typeof import('./site/tracks.ts')} */
const { rootDocuments } = await jiti.import('./site/tracks.ts');

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'class-rectification',
  tsconfig: 'tsconfig.typedoc.json',
  readme: 'none',
  entryPoints: Object.values(entries(fileURLToPath(new URL('../..', import.meta.url)), 'source')),
  exclude: ['**/*.test.ts'],
  projectDocuments: rootDocuments().map((file) => `../${file}`),
  plugin: [sitePlugin],
  theme: 'site',
  router: 'site',
  highlightLanguages: [
    'typescript',
    'javascript',
    'python',
    'html',
    'json',
    'bash',
    'shellscript',
    'yaml',
    'diff',
    'cpp',
  ],
  markdownItLoader: loadMarkdown,
  customCss: katexStyle,
  out: '../site',
  includeVersion: true,
  includeHierarchySummary: false,
  // sources are pages of the site, whatever the version control
  disableGit: true,
  sourceLinkTemplate: '{path}#L{line}',
  basePath: '../..',
  // `npm run types` checks them
  skipErrorChecking: true,
  treatWarningsAsErrors: true,
  validation: { notExported: false, invalidLink: true },
};
