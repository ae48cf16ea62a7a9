/**
 * What a backend prints while it is judged, kept separate from the output of the command.
 *
 * @module
 */
import { stripVTControlCharacters } from 'node:util';
import type { Report } from '../../../properties/index.js';
import { nameOf } from '../../verify/report/outcome.js';
import type { BackendHead } from '../../verify/session.js';

/** Starts a line that names the property whose output follows. */
const MARK = '\u001e';

/**
 * The line that separates the output of properties.
 *
 * @param target - as messages name it
 * @param id - of the property whose output follows, or {@link LOADING}
 */
export function outputMark(target: string, id: string): string {
  return `${MARK}${target}${MARK}${id}\n`;
}

/** Characters kept of each property, the last ones. */
const MOST_KEPT = 16_384;

/** Stands for the id of a property where output came before any ran. */
export const LOADING = 'loading';

/** Collects output by the property that ran. */
export class PrintedOutput {
  readonly #texts = new Map<string, string>();
  readonly #targets = new Map<string, string>();
  /** Streams of targets that have been read while loading: every process of a target prints the same then. */
  readonly #collected = new Set<string>();

  /** What was printed while a property ran, on either stream; undefined if nothing was. */
  of(backend: Pick<Report, 'backend' | 'engine'>, id: string): string | undefined {
    return this.#texts.get(`${this.#targets.get(nameOf(backend))} ${id}`);
  }

  /** The last lines that a target printed while it was loaded; undefined if it printed nothing. */
  whileLoading(target: string): string | undefined {
    return this.#texts.get(`${target} ${LOADING}`);
  }

  /** Says under which name a target is reported. */
  named(target: string, { name, engine }: BackendHead): void {
    this.#targets.set(nameOf({ backend: name, engine: engine ?? null }), target);
  }

  /**
   * Reads one stream of a process until it ends.
   *
   * @param first - the target that the process judges first; marks in the stream name later targets
   * @param name - the stream's, such as `stdout`
   */
  collect(first: string, name: string, stream: NodeJS.ReadableStream): void {
    let [target, id, rest] = [first, this.#whileLoading(first, name), ''];
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const at = line.indexOf(MARK); // after what was printed without an end of line
        if (at === -1) this.#add(target, id, `${line}\n`);
        else {
          if (at > 0) this.#add(target, id, `${line.slice(0, at)}\n`);
          const [of = '', property = ''] = line.slice(at + MARK.length).split(MARK);
          target = of;
          id = property === LOADING ? this.#whileLoading(of, name) : property;
        }
      }
    });
    stream.on('end', () => {
      if (rest !== '') this.#add(target, id, rest);
    });
  }

  /** The id under which output is kept while a target is loaded; empty if another process has printed the same. */
  #whileLoading(target: string, stream: string): string {
    const isFirst = !this.#collected.has(`${target} ${stream}`);
    this.#collected.add(`${target} ${stream}`);
    return isFirst ? LOADING : '';
  }

  #add(target: string, id: string, text: string): void {
    if (id === '') return;
    const key = `${target} ${id}`;
    // what is shown must not move the terminal's cursor
    const plain = stripVTControlCharacters(text).replaceAll(/[^\P{Cc}\n\t]/gu, '');
    this.#texts.set(key, ((this.#texts.get(key) ?? '') + plain).slice(-MOST_KEPT));
  }
}
