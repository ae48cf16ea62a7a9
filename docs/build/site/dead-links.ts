/**
 * Links of a built site that lead nowhere: a file that is not there, or an anchor that no element bears.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

/** A link that leads nowhere. */
export interface DeadLink {
  /** The page, below the site. */
  readonly page: string;
  readonly href: string;
  readonly reason: string;
}

/**
 * Every dead link inside a site. Links to elsewhere are not followed.
 *
 * @param folder - of the built site
 */
export function deadLinks(folder: string): DeadLink[] {
  const pages = (readdirSync(folder, { recursive: true }) as string[])
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.html') && !file.startsWith('files/'));
  const texts = new Map(pages.map((page) => [page, readFileSync(join(folder, page), 'utf8')]));
  const anchors = new Map<string, Set<string>>();
  const anchorsOf = (page: string): Set<string> => {
    const known = anchors.get(page);
    if (known) return known;
    const found = new Set(
      [...(texts.get(page) ?? '').matchAll(/\s(?:id|name)="([^"]*)"/g)].map(([, id = '']) => id),
    );
    anchors.set(page, found);
    return found;
  };
  return [...texts].flatMap(([page, text]) =>
    [...new Set([...text.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, href = '']) => href))].flatMap(
      (href) => {
        const reason = whyDead(folder, page, href, (other) =>
          texts.has(other) ? anchorsOf(other) : undefined,
        );
        return reason === undefined ? [] : [{ page, href, reason }];
      },
    ),
  );
}

function whyDead(
  folder: string,
  page: string,
  href: string,
  anchorsOf: (page: string) => Set<string> | undefined,
): string | undefined {
  if (/^(https?|mailto|data):/.test(href)) return undefined;
  if (/^[a-z-]+:/.test(href)) return 'the page of this file was never decided';
  const [path = '', anchor] = href.replaceAll('&amp;', '&').split('#');
  const file = path === '' ? page : posix.join(posix.dirname(page), decodeURI(path.replace(/\?.*$/, '')));
  if (!existsSync(join(folder, file)) || statSync(join(folder, file)).isDirectory())
    return `there is no ${file}`;
  if (!anchor) return undefined;
  const there = anchorsOf(file);
  return there && !there.has(decodeURI(anchor)) ? `${file} has no anchor ${anchor}` : undefined;
}
