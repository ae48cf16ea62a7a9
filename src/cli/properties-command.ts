/**
 * `crl properties`: what the suite claims of a backend, by stage.
 *
 * @module
 */
import { properties } from '../../properties/index.js';
import { STAGES } from '../../spec/choices.js';
import { unknownName } from '../../spec/rules.js';
import { terminalWidth, wrapped } from './terminal.js';

/**
 * Prints properties with their claims and sources.
 *
 * @returns the exit code
 * @throws InputRangeError - if no property has an id
 */
export async function propertiesCommand(
  ids: readonly string[],
  { json = false }: { json?: boolean },
): Promise<number> {
  const known = properties.map(({ id }) => id);
  for (const id of ids) if (!known.includes(id)) unknownName('property', 'the id of a property', known, id);
  const asked = properties
    .filter(({ id }) => ids.length === 0 || ids.includes(id))
    .map(({ id, stage, source, claim, required }) => ({ id, stage, source, claim, required }));
  if (json) process.stdout.write(`${JSON.stringify(asked, null, 2)}\n`);
  else process.stdout.write(`${listText(asked)}\n`);
  return 0;
}

type Listed = Pick<(typeof properties)[number], 'id' | 'stage' | 'source' | 'claim' | 'required'>;

function listText(asked: readonly Listed[]): string {
  return STAGES.flatMap((stage) => {
    const own = asked.filter((property) => property.stage === stage);
    if (own.length === 0) return [];
    const lines = own.map(({ id, source, claim, required }) =>
      [`  ${id}${required ? '' : ' (not required)'}`, `    ${claim} (${source})`]
        .map((line) => wrapped(line, terminalWidth()))
        .join('\n'),
    );
    return [stage, ...lines];
  }).join('\n');
}
