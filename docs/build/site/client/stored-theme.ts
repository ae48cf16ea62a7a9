/**
 * The theme that a reader chose.
 *
 * @module
 */
export const THEMES = ['os', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'class-rectification-theme';

/** `os` follows the system. A browser may refuse storage: then the choice lasts for one page. */
export function storedTheme(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'os';
  } catch {
    return 'os';
  }
}

export function storeTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // see storedTheme
  }
}
