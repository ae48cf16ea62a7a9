/**
 * Finds for every property an example of a failure: the smallest batch on which a backend that is wrong on
 * purpose fails it. `npm run property-examples` writes them for the pages of the properties.
 *
 * @module
 */
import { DEFAULT_RUNS, properties } from '../../properties/index.js';
import { judge } from '../../properties/judge.js';
import type { Property } from '../../properties/property.js';
import { type WrongBackend, wrongBackends } from '../../properties/wrong-backends/index.js';
import { createSchema } from '../../spec/index.js';
import { writeWhole } from '../../src/support/write-whole.js';
import { EXAMPLES_FILE, type PropertyExample } from './site/property-examples.js';

const SEED = 1;

/** Wrong backends that are tried for a property, until one fails it on a batch that a reader can follow. */
const MOST_TRIED = 3;

/** Samples that a reader can follow at a glance, and those that can be followed at all. */
const READABLE = 12;
const FOLLOWED = 64;
/** Classes up to which a batch can be followed. */
const FOLLOWED_CLASSES = 2000;

/** An example for a property; undefined if no backend was written to fail it on few samples and classes. */
export async function exampleOf(property: Property): Promise<PropertyExample | undefined> {
  let best: PropertyExample | undefined;
  for (const wrong of wrongBackends.filter(({ caughtBy }) => caughtBy === property.id).slice(0, MOST_TRIED)) {
    const found = await failureOf(property, wrong);
    if (found && createSchema(found.counterexample.document).columns.length > FOLLOWED_CLASSES) continue;
    if (found && (best === undefined || samplesOf(found) < samplesOf(best))) best = found;
    if (best && samplesOf(best) <= READABLE) return best;
  }
  return best && samplesOf(best) <= FOLLOWED ? best : undefined;
}

async function failureOf(property: Property, wrong: WrongBackend): Promise<PropertyExample | undefined> {
  const { backend, train } = wrong;
  const subject = train ? { backend, train } : { backend };
  const how = { runs: DEFAULT_RUNS, seed: SEED, known: [], replay: { backend: backend.name } };
  const { counterexample } = await judge(property, subject, how);
  return counterexample && { property: property.id, wrong: wrong.id, error: wrong.error, counterexample };
}

function samplesOf({ counterexample }: PropertyExample): number {
  return counterexample.document.labels.length;
}

/** The file keeps NaN and the infinities as strings, which JSON lacks. */
function jsonOf(examples: readonly PropertyExample[]): string {
  const lines = examples.map((example) =>
    JSON.stringify(example, (_, value) =>
      typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    ),
  );
  return `[\n${lines.join(',\n')}\n]\n`;
}

if (process.argv[1]?.endsWith('property-examples.ts')) {
  const examples: PropertyExample[] = [];
  for (const property of properties) {
    const example = await exampleOf(property);
    if (example) examples.push(example);
    process.stdout.write(`${property.id}: ${example ? `${samplesOf(example)} samples` : 'no example'}\n`);
    writeWhole(EXAMPLES_FILE, jsonOf(examples));
  }
}
