/**
 * Options that are given twice: the last value would win without a word.
 *
 * @module
 */
import type { Command } from 'commander';

/** Takes one value each time, and may be repeated. */
const COLLECTED: readonly string[] = ['--set'];

/** Refuses every option with one value that is repeated, in a command and those below it. */
export function refuseRepeated(command: Command): void {
  for (const option of command.options) {
    const isCollected = option.variadic || COLLECTED.includes(option.long ?? '');
    if (isCollected || !(option.required || option.optional)) continue;
    let given: unknown;
    command.on(`option:${option.name()}`, (value: unknown) => {
      if (given !== undefined)
        command.error(
          `error: option '${option.flags}': expected one value, got ${String(given)} and ${String(value)}; leave one out`,
        );
      given = value;
    });
  }
  for (const each of command.commands) refuseRepeated(each);
}
