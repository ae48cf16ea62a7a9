/**
 * `crl rulings [NAME…]`: what the texts leave open and the specification decides.
 *
 * @module
 */
import { type Ruling, rulings } from '../../spec/index.js';
import { CouldNotRunError } from './backends.js';

/**
 * Prints the rulings.
 *
 * @param names - only these; all if there are none
 * @returns the exit code
 * @throws CouldNotRunError - if there is no ruling of some name
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
  const all = rulings.map((ruling) => JSON.stringify(ruling.name)).join(', ');
  throw new CouldNotRunError(`ruling ${JSON.stringify(name)}: expected one of ${all}`);
}

function account({ name, text, alternatives, source, properties }: Ruling): string {
  return [
    name,
    `  ${text}`,
    `  otherwise: ${alternatives}`,
    `  source: ${source}`,
    `  tested by: ${properties.join(', ')}`,
  ].join('\n');
}
