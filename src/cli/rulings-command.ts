/**
 * `crl rulings [NAME…]`: what the texts leave open and the specification decides.
 *
 * @module
 */
import { type Ruling, rulings } from '../../spec/index.js';
import { unknownName } from '../../spec/rules.js';
import { terminalWidth, wrapped } from './terminal.js';

/**
 * Prints the rulings.
 *
 * @param names - only these; all if there are none
 * @returns the exit code
 * @throws InputRangeError - if there is no ruling of some name
 */
export async function rulingsCommand(
  names: readonly string[],
  { json = false }: { json?: boolean },
): Promise<number> {
  const chosen = names.length === 0 ? rulings : names.map(find);
  const text = json ? JSON.stringify(chosen, null, 2) : chosen.map(account).join('\n\n');
  process.stdout.write(`${text}\n`);
  return 0;
}

function find(name: string): Ruling {
  const found = rulings.find((ruling) => ruling.name === name);
  if (found) return found;
  return unknownName(
    'ruling',
    'the name of a ruling',
    rulings.map((ruling) => ruling.name),
    name,
  );
}

function account({ name, text, alternatives, source, properties }: Ruling): string {
  return [
    name,
    `  ${text}`,
    `  otherwise: ${alternatives}`,
    `  source: ${source}`,
    `  tested by: ${properties.join(', ')}`,
  ]
    .map((line) => wrapped(line, terminalWidth(), 2))
    .join('\n');
}
