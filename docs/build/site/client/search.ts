/**
 * The search dialog.
 *
 * @module
 */
import type { SearchEntry } from '../search-entry.js';
import { excerpt, SiteIndex } from './index-of-site.js';

declare global {
  interface Window {
    readonly searchDocuments: readonly SearchEntry[];
  }
}

const root = document.documentElement.dataset.root ?? './';
const index = new SiteIndex(window.searchDocuments);

const dialog = document.createElement('dialog');
dialog.className = 'search';
dialog.setAttribute('aria-label', 'Search');
const input = Object.assign(document.createElement('input'), {
  type: 'search',
  placeholder: 'install, Eq. 9, label-out-of-range …',
  autocomplete: 'off',
});
input.setAttribute('aria-label', 'Search the site');
const status = Object.assign(document.createElement('p'), { className: 'found' });
status.setAttribute('role', 'status');
const close = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Close' });
const list = document.createElement('ol');
const head = Object.assign(document.createElement('div'), { className: 'search-head' });
head.append(input, close);
dialog.append(head, status, list);
document.body.append(dialog);

input.addEventListener('input', show);
close.addEventListener('click', () => dialog.close());
dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close());
list.addEventListener('click', () => dialog.close());
dialog.addEventListener('keydown', (event) => {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp' && event.key !== 'Enter') return;
  const links = [...list.querySelectorAll('a')];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  if (event.key === 'Enter') {
    if (document.activeElement === input) links[0]?.click();
    return;
  }
  event.preventDefault();
  const next = event.key === 'ArrowDown' ? at + 1 : at - 1;
  (next < 0 ? input : links[Math.min(next, links.length - 1)])?.focus();
});
document.addEventListener('open-search', () => {
  if (!dialog.open) dialog.showModal();
  input.select();
});

function show(): void {
  const query = input.value.trim();
  const found = query === '' ? [] : index.search(query);
  status.textContent = query === '' ? '' : found.length === 0 ? 'Nothing found.' : `${found.length} found`;
  list.replaceChildren(...found.map((entry) => item(entry, query)));
}

function item({ url, title, page, text }: SearchEntry, query: string): HTMLLIElement {
  const link = Object.assign(document.createElement('a'), { href: root + url });
  const name = Object.assign(document.createElement('strong'), { textContent: title });
  const where = Object.assign(document.createElement('small'), { textContent: page });
  const part = Object.assign(document.createElement('span'), { textContent: excerpt(text, query) });
  link.append(name, ' ', where, part);
  const row = document.createElement('li');
  row.append(link);
  return row;
}
