/**
 * The TypeScript blocks of the guides and of the code's `@example`s.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** The root of the checkout. */
export const top = resolve(import.meta.dirname, '../..');

/** One block. */
export interface Snippet {
  /** Its file, relative to the root, and the line it begins at. */
  readonly where: string;
  readonly code: string;
}

/** Every `ts` block of the code's comments. */
export function codeSnippets(): Snippet[] {
  return ['spec', 'backends', 'properties', 'src']
    .flatMap((folder) => files(folder, '.ts'))
    .flatMap((path) => snippetsOf(path, /^[ \t]*\* ```ts\n([\s\S]*?)^[ \t]*\* ```$/gm));
}

/** Every `ts` block of the guides, the README and CONTRIBUTING. */
export function guideSnippets(): Snippet[] {
  return [...files('docs', '.md'), join(top, 'README.md'), join(top, 'CONTRIBUTING.md')].flatMap((path) =>
    snippetsOf(path, /^```ts\n([\s\S]*?)^```$/gm),
  );
}

function files(folder: string, ending: string): string[] {
  return readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.endsWith('.test.ts') && !name.startsWith('site'))
    .map((name) => join(top, folder, name));
}

function snippetsOf(path: string, fence: RegExp): Snippet[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(fence)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length;
    const block = match[1] as string;
    const code = path.endsWith('.ts') ? block.replaceAll(/^[ \t]*\* ?/gm, '') : block;
    return { where: `${relative(top, path)}:${line}`, code };
  });
}
