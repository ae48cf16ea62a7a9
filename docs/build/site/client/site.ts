/**
 * What the pages do in a browser: the theme, the menu of a phone, copying code, boxes that scroll by keyboard,
 * and the search, which is loaded when it is opened. Without it every page can still be read.
 *
 * @module
 */
import { storedTheme, storeTheme, THEMES, type Theme } from './stored-theme.js';

const root = document.documentElement.dataset.root ?? './';

function find<E extends Element>(selector: string): E | null {
  return document.querySelector<E>(selector);
}

themeSwitch();
menu();
copyButtons();
scrollingBoxes();
searchOpener();

function themeSwitch(): void {
  const button = find<HTMLButtonElement>('.switch-theme');
  if (!button) return;
  const names: Record<Theme, string> = { os: 'Auto', light: 'Light', dark: 'Dark' };
  const show = (theme: Theme) => {
    document.documentElement.dataset.theme = theme;
    button.textContent = names[theme];
    button.setAttribute('aria-label', `Colours: ${names[theme]}. Change them`);
  };
  show(storedTheme());
  button.addEventListener('click', () => {
    const now = THEMES.indexOf(document.documentElement.dataset.theme as Theme);
    const next = THEMES[(now + 1) % THEMES.length] ?? 'os';
    storeTheme(next);
    show(next);
  });
}

function menu(): void {
  const button = find<HTMLButtonElement>('.open-menu');
  const pages = find<HTMLElement>('#pages');
  if (!button || !pages) return;
  const open = (isOpen: boolean) => {
    button.setAttribute('aria-expanded', String(isOpen));
    document.body.classList.toggle('menu-open', isOpen);
  };
  button.addEventListener('click', () => open(button.getAttribute('aria-expanded') !== 'true'));
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape' && document.body.classList.contains('menu-open')) {
      open(false);
      button.focus();
    }
  });
  // the page that is shown, in a list longer than the screen
  const here = pages.querySelector<HTMLElement>('[aria-current="page"]');
  if (here && pages.scrollHeight > pages.clientHeight)
    pages.scrollTop = here.offsetTop - pages.clientHeight / 3;
}

function copyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('pre > button')) {
    const code = button.parentElement?.querySelector('code');
    if (!code || !navigator.clipboard) {
      button.hidden = true;
      continue;
    }
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(code.innerText.trimEnd());
      button.textContent = 'Copied';
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 1500);
    });
  }
}

/** A box that scrolls sideways can be reached by the keyboard; one that fits is no stop on the way. */
function scrollingBoxes(): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.setAttribute('tabindex', '0');
      else target.removeAttribute('tabindex');
    }
  });
  const boxes = '.scroll, .wide, .katex-display, pre, pre > code, .tsd-signature';
  for (const box of document.querySelectorAll(boxes)) observer.observe(box);
}

function searchOpener(): void {
  const button = find<HTMLButtonElement>('.open-search');
  if (!button) return;
  let loaded: Promise<unknown> | undefined;
  const open = async () => {
    loaded ??= loadScript('assets/search-documents.js').then(() => loadScript('assets/search.js'));
    await loaded;
    document.dispatchEvent(new Event('open-search'));
  };
  button.addEventListener('click', open);
  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    const slash = event.key === '/' && !typing;
    if (slash || (event.key === 'k' && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      open();
    }
  });
}

function loadScript(file: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = root + file;
    script.addEventListener('load', resolve);
    script.addEventListener('error', reject);
    document.head.append(script);
  });
}
