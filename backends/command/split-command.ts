/**
 * Splits a command into its program and arguments, since no shell does it.
 *
 * @module
 */
import { outOfRange } from '../../spec/rules.js';

/**
 * The program and its arguments.
 *
 * Blanks separate arguments. Text in double or single quotes is kept together, and a quote of the other kind
 * stands for itself there. A backslash is an ordinary character, so that a path of Windows is written as it is.
 * Nothing else is special: no variable, no wildcard, no pipe.
 *
 * @throws InputRangeError - for an empty command, or a quote that is not closed
 * @example
 * ```ts
 * import { splitCommand } from 'class-rectification/backends/command';
 * splitCommand('"C:\\Program Files\\python.exe" my_backend.py --seed=1'); // → ['C:\\Program Files\\python.exe', 'my_backend.py', '--seed=1']
 * ```
 */
export function splitCommand(command: string): [program: string, ...args: string[]] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (const character of command) {
    if (quote === undefined && (character === '"' || character === "'")) {
      quote = character;
      word ??= ''; // so that "" is an empty argument
    } else if (character === quote) quote = undefined;
    else if (quote === undefined && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== undefined) outOfRange('option-out-of-range', 'command', `a closing ${quote}`, command);
  if (word !== undefined) words.push(word);
  const [program, ...args] = words;
  if (program === undefined || program === '')
    outOfRange('option-out-of-range', 'command', 'a program and its arguments', command);
  return [program, ...args];
}

/** What stands before a command where a backend is named: `command:python my_backend.py`. */
const PREFIX = 'command:';

/** The name of a backend in a process of its own. */
export function commandName(command: string): string {
  return PREFIX + command;
}

/**
 * The program and its arguments in the name of a backend; undefined for any other name.
 *
 * @throws InputRangeError - for a command that {@link splitCommand} refuses
 */
export function commandIn(backend: string): [program: string, ...args: string[]] | undefined {
  return backend.startsWith(PREFIX) ? splitCommand(backend.slice(PREFIX.length)) : undefined;
}
