/**
 * A paragraph that is nothing but a link to a declaration, such as
 * [`minorityClasses`](../../spec/minority.ts), gets the declaration's code under it. Elsewhere, as on
 * a code host, it stays a link.
 *
 * @module
 */
import type MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { declarationText } from './declaration.js';

/** The parts of a link to a TypeScript file of `spec/` whose text is one name in code quotes. */
export function codeLink(children: readonly Token[] | null): string | undefined {
  if (children?.length !== 3) return undefined;
  const [open, code, close] = children;
  if (open?.type !== 'link_open' || code?.type !== 'code_inline' || close?.type !== 'link_close') return;
  return code.content;
}

/**
 * The markdown-it plugin.
 *
 * @param fileOf - the path of the file that declares a name
 */
export function codeLinks(markdown: MarkdownIt, fileOf: (name: string) => string): void {
  markdown.core.ruler.push('code-links', (state) => {
    state.tokens = state.tokens.flatMap((token, at, all) => {
      const inline = all[at - 1];
      const name =
        token.type === 'paragraph_close' && inline?.type === 'inline' ? codeLink(inline.children) : undefined;
      if (name === undefined) return [token];
      const fence = new state.Token('fence', 'code', 0);
      fence.info = 'ts';
      fence.content = `${declarationText(fileOf(name), name)}\n`;
      fence.markup = '```';
      fence.block = true;
      return [token, fence];
    });
  });
}
