/**
 * Progress on standard error: a bar on a terminal; elsewhere only lines that stay, and few of them, so that logs are
 * readable.
 *
 * @module
 */

/** A running count of something long. */
export interface Progress {
  /** Counts steps (default: one), and shows what is being done. */
  advance(message: string, steps?: number): void;
  /** Shows what is being done, without counting a step. */
  show(message: string): void;
  /** Leaves a line above the bar. */
  note(line: string): void;
  /** Ends the bar, and leaves a line in its place; nothing where there is no message. */
  stop(message?: string): unknown;
}

/** Where progress is drawn. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  /** Width of the terminal; 0 or none if it is not known. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** Widths of the bar itself, on a wide and on a narrow terminal. */
const [BAR, NARROW_BAR] = [24, 8];
/** A terminal of fewer columns is narrow. */
const WIDE = 100;
/** Steps draw the line again after this many milliseconds at least. */
const REDRAW_EVERY = 100;
/** Width taken where a terminal does not tell its own. */
const USUAL_WIDTH = 80;
const CLEAR_LINE = '\r\u001b[2K';

/**
 * Starts a bar.
 *
 * The bar leaves the terminal's input alone, so that Ctrl-C arrives as a signal, and draws itself when it
 * advances, so that it is alive where nothing lets a timer in.
 *
 * @param steps - how many there are in all
 * @param lineEvery - where there is no terminal, what is done is written as a line after so many milliseconds without
 *   one. Default: never
 */
export function startProgress(
  title: string,
  steps: number,
  out: ProgressStream = process.stderr,
  now: () => number = () => performance.now(),
  lineEvery: number = Number.POSITIVE_INFINITY,
): Progress {
  if (!out.isTTY) return lines({ title, steps, out, now, lineEvery });
  const began = now();
  let [done, drawn] = [0, Number.NEGATIVE_INFINITY];
  let message = '';
  const draw = () => {
    drawn = now();
    const columns = out.columns || USUAL_WIDTH;
    const bar = columns < WIDE ? NARROW_BAR : BAR;
    const line = progressLine(title, { done, steps, milliseconds: drawn - began, message, bar });
    out.write(`${CLEAR_LINE}${fitting(line, columns - 1)}`);
  };
  const drawNowAndThen = () => {
    if (now() - drawn >= REDRAW_EVERY) draw();
  };
  draw();
  const timer = setInterval(draw, REDRAW_EVERY * 5).unref();
  return {
    advance(what, by = 1) {
      done += by;
      message = what;
      drawNowAndThen();
    },
    show(what) {
      message = what;
      draw(); // at once: what is begun may be what takes long, or what the user stops
    },
    note(text) {
      out.write(`${CLEAR_LINE}${fitting(text, (out.columns || USUAL_WIDTH) - 1)}\n`);
      draw();
    },
    stop(what) {
      clearInterval(timer);
      out.write(`${CLEAR_LINE}${lineOf(what)}`);
    },
  };
}

/** Progress where there is no terminal. */
function lines({
  title,
  steps,
  out,
  now,
  lineEvery,
}: {
  readonly title: string;
  readonly steps: number;
  readonly out: ProgressStream;
  readonly now: () => number;
  readonly lineEvery: number;
}): Progress {
  const began = now();
  let [done, last] = [0, began];
  const line = (text?: string) => {
    last = now();
    return out.write(lineOf(text));
  };
  const show = (message: string) => {
    if (now() - last < lineEvery) return;
    line(`${title} ${done}/${steps}, ${elapsedText(now() - began)}: ${message}`);
  };
  return {
    advance(message, by = 1) {
      done += by;
      show(message);
    },
    show,
    note: line,
    stop: line,
  };
}

/** Runs something under a bar, which ends if it fails: the line that says why would be written behind the bar. */
export async function underBar<T>(bar: Pick<Progress, 'stop'>, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    bar.stop();
    throw error;
  }
}

/** The bar as a line; done and remaining differ by their characters, so that it needs no colour. */
export function progressLine(
  title: string,
  {
    done,
    steps,
    milliseconds,
    message,
    bar: width = BAR,
  }: { done: number; steps: number; milliseconds: number; message: string; bar?: number },
): string {
  const share = steps > 0 ? Math.min(1, done / steps) : 1;
  const filled = Math.floor(share * width);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
  const left = done > 0 && done < steps ? `, ${duration((milliseconds / done) * (steps - done))} left` : '';
  return `${title} ${bar} ${done}/${steps}, ${elapsedText(milliseconds)}${left}${message === '' ? '' : `: ${message}`}`;
}

function lineOf(message: string | undefined): string {
  return message === undefined ? '' : `${message}\n`;
}

/** How long something has run: seconds go on below an hour, as a sign of life. */
export function elapsedText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A duration, rounded as one waits for it. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** As much of a line as one row of the terminal holds: a longer one would wrap, and could not be cleared. */
function fitting(line: string, width: number): string {
  const characters = [...line];
  return characters.length <= width ? line : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
