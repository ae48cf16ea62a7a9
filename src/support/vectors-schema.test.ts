import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type JsonSchema, violations } from './json-schema.test-helper.js';

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const schema = read('schemas/vectors.schema.json') as JsonSchema;
const names = readdirSync('spec/vectors');
const inFile = (vector: object) => violations(schema, { title: 'x', vectors: [vector] });

describe('the schema of vectors', () => {
  it.each(names)('holds for %s', (name) => {
    const { vectors, ...head } = read(`spec/vectors/${name}`);
    // one by one, so that a failure names the vector
    const wrong = vectors.filter((vector: object) => inFile(vector).length > 0);
    expect(wrong.map(({ id }: { id: string }) => id)).toEqual([]);
    expect(violations(schema, { ...head, vectors })).toEqual([]);
  });

  it('is violated by anything else', () => {
    const [vector] = read('spec/vectors/mine-hard-samples.json').vectors;
    const { expected, ...rest } = vector;
    expect(inFile(vector)).toEqual([]);
    for (const wrong of [
      rest,
      { ...vector, kind: 'walking' },
      { ...vector, kind: 'balanced' },
      { ...vector, flags: ['tied'] },
      { ...vector, flags: [] },
      { ...vector, more: 1 },
      { ...vector, expected: { ...expected, anchors: [{ sample: 0 }] } },
      { ...vector, document: { ...vector.document, options: { kappa: 1.5 } } },
    ])
      expect(inFile(wrong)).toEqual(['$.vectors[0]: anyOf']);
  });

  it('describes flags that a vector has, and no others', () => {
    const described = Object(schema.$defs).flags.items.anyOf.map((flag: { const: string }) => flag.const);
    const used = names.flatMap((name) =>
      read(`spec/vectors/${name}`).vectors.flatMap(({ flags }: { flags: string[] }) => flags),
    );
    expect(described.sort()).toEqual([...new Set(used)].sort());
  });
});
