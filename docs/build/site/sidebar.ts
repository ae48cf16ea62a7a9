/**
 * The sidebar of a page of a track, with the pages before and after it.
 *
 * @module
 */
import { IN_THIS_BROWSER } from '../verify-page.js';
import type { SidebarGroup, SidebarLink } from './layout.js';
import { propertyPages } from './property-pages.js';
import { type Track, tracks } from './tracks.js';

/** Where a page stands in its track. */
export interface TrackPlace {
  readonly area: string;
  readonly groups: readonly SidebarGroup[];
  readonly previous?: SidebarLink | undefined;
  readonly next?: SidebarLink | undefined;
}

/**
 * @param url - of the page, below the site
 * @param root - leads from the page to the top of the site
 */
export function sidebarOf(url: string, root: string): TrackPlace {
  const track = tracks.find(({ id }) => url.startsWith(`${id}/`));
  if (!track) return { area: 'start', groups: [] };
  const groups = groupsOf(track).map(({ title, links }) => ({
    title,
    links: links.map((link) => ({ ...link, href: root + link.href, here: link.href === url })),
  }));
  const links = groups.flatMap((group) => group.links);
  const at = links.findIndex(({ here }) => here);
  return { area: track.id, groups, previous: links[at - 1], next: at < 0 ? undefined : links[at + 1] };
}

function groupsOf({ id, groups }: Track): SidebarGroup[] {
  const documents = groups.map(
    ({ title, pages }): SidebarGroup => ({
      title,
      links: pages.map(({ address, title: name }) => ({ href: `${address}.html`, title: name })),
    }),
  );
  if (id !== 'verify') return documents;
  const [start, ...others] = documents as [SidebarGroup, ...SidebarGroup[]];
  return [
    { ...start, links: [...start.links, { href: IN_THIS_BROWSER, title: 'Verify in this browser' }] },
    ...others,
    {
      title: 'The properties',
      links: propertyPages.map(({ url, id: name }) => ({ href: url, title: name })),
    },
  ];
}
