/**
 * Names of files: those that leave their folder, those that systems leave behind, and accents that are
 * written in two ways.
 *
 * @module
 */

/**
 * Whether an id leads out of the folder that it is looked up in: `../x`, `/x`, `C:\x`. A part that is empty
 * or a dot counts too, since `a//b` and `./a/b` would be further ids of the file `a/b`.
 */
export function leavesFolder(id: string): boolean {
  if (id.includes('\0') || /^[a-z]:/i.test(id)) return true;
  return id.split(/[\\/]/).some((part) => part === '' || part === '.' || part === '..');
}

const LEFTOVERS = new Set([
  '__macosx',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '$recycle.bin',
  'system volume information',
  'lost+found',
  '@eadir',
  '__pycache__',
  'icon\r',
]);

/**
 * Whether a name is one that operating systems leave in folders (`__MACOSX`, `Thumbs.db`, `desktop.ini`), or
 * begins with a dot, as `.DS_Store` and `._image.png` do.
 */
export function isLeftover(name: string): boolean {
  return name.startsWith('.') || name.endsWith(':Zone.Identifier') || LEFTOVERS.has(name.toLowerCase());
}

const IMAGES = /\.(png|jpe?g|jfif|webp|tiff?|gif|avif|hei[cf]|bmp|svg)$/i;

/** Whether a name ends as those of images do. */
export function looksLikeImage(name: string): boolean {
  return IMAGES.test(name);
}

/**
 * The name before, of two that differ only in capitals: `Cat` beside `cat` is one class written in two ways.
 * Single letters are told apart, as in sets of handwritten characters.
 */
export function sameButForCase(name: string, seen: Map<string, string>): string | undefined {
  const lower = name.toLowerCase();
  const before = seen.get(lower);
  seen.set(lower, before ?? name);
  return name.length > 1 && before !== name ? before : undefined;
}

/**
 * A name as it is written, then with its accents composed (NFC) and decomposed (NFD). They look the same and
 * are different files; archives made on a Mac hold the last.
 */
export function spellingsOf(name: string): readonly string[] {
  return [...new Set([name, name.normalize('NFC'), name.normalize('NFD')])];
}
