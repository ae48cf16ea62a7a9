/**
 * What a backend prints while it is judged, kept apart from what the command prints.
 *
 * @module
 */
import { stripVTControlCharacters } from 'node:util';
import type { Report } from '../../../properties/index.js';
import { nameOf } from '../../verify/report/outcome.js';
import type { BackendHead } from '../../verify/session.js';

/** Begins a line that names the property that runs from here on. */
const MARK = '\u001e';

/** The line that separates the output of properties. */
export function outputMark(id: string): string {
  return `${MARK}${id}\n`;
}

/** Characters kept of each property, the last ones. */
const MOST_KEPT = 16_384;

/** Stands for the id of a property where output came before any ran. */
export const LOADING = 'loading';

/** Collects output by the property that ran. */
export class PrintedOutput {
  readonly #texts = new Map<string, string>();
  readonly #targets = new Map<string, string>();
  /** Streams of a target that have been read: each process of it prints the same while it is loaded. */
  readonly #collected = new Set<string>();

  /** What was printed while a property ran, on either stream; undefined if nothing was. */
  of(backend: Pick<Report, 'backend' | 'engine'>, id: string): string | undefined {
    return this.#texts.get(`${this.#targets.get(nameOf(backend))} ${id}`);
  }

  /** What a target printed before anything was asked, the last lines; undefined if nothing was. */
  whileLoading(target: string): string | undefined {
    return this.#texts.get(`${target} ${LOADING}`);
  }

  /** Says under which name a target is reported. */
  named(target: string, { name, engine }: BackendHead): void {
    this.#targets.set(nameOf({ backend: name, engine: engine ?? null }), target);
  }

  /**
   * Reads one stream of a process that judges a target, until it ends.
   *
   * @param name - the stream's, such as `stdout`
   */
  collect(target: string, name: string, stream: NodeJS.ReadableStream): void {
    const isFirst = !this.#collected.has(`${target} ${name}`);
    this.#collected.add(`${target} ${name}`);
    let [id, rest] = [isFirst ? LOADING : '', ''];
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const at = line.indexOf(MARK); // after what was printed without an end of line
        if (at === -1) this.#add(target, id, `${line}\n`);
        else {
          if (at > 0) this.#add(target, id, `${line.slice(0, at)}\n`);
          id = line.slice(at + MARK.length);
        }
      }
    });
    stream.on('end', () => {
      if (rest !== '') this.#add(target, id, rest);
    });
  }

  #add(target: string, id: string, text: string): void {
    if (id === '') return;
    const key = `${target} ${id}`;
    // what is shown must not move the terminal's cursor
    const plain = stripVTControlCharacters(text).replaceAll(/[^\P{Cc}\n\t]/gu, '');
    this.#texts.set(key, ((this.#texts.get(key) ?? '') + plain).slice(-MOST_KEPT));
  }
}
