import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { jsonDocuments } from './json-documents.js';

async function read(text: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { line, value, problem } of jsonDocuments(Readable.from([text])))
    found.push(problem === undefined ? [line, value] : [line, 'refused']);
  return found;
}

describe('JSON documents', () => {
  const document = { labels: [[0], [1]], options: { kappa: 1 } };
  const [short, long] = [JSON.stringify(document), JSON.stringify(document, null, 2)];
  const wrapped = short.replaceAll(',', ',\n  ');

  it.each([
    [
      'one per line',
      `${short}\n${short}`,
      [
        [1, document],
        [2, document],
      ],
    ],
    [
      'indented',
      `${long}\n${long}\n`,
      [
        [1, document],
        [14, document],
      ],
    ],
    ['wrapped by a terminal', `  ${wrapped}`, [[1, document]]],
    [
      'with blank lines, carriage returns and a byte order mark',
      `\uFEFF\r\n${short}\r\n\r\n`,
      [[2, document]],
    ],
    [
      'cut off, which takes no other with it',
      `{"labels":\n${short}\n${long}`,
      [
        [1, 'refused'],
        [2, document],
        [3, document],
      ],
    ],
    [
      'cut off at the end',
      `${short}\n{"labels": [`,
      [
        [1, document],
        [2, 'refused'],
      ],
    ],
    [
      'that are not objects',
      '3\n"text"\n[1]',
      [
        [1, 3],
        [2, 'text'],
        [3, [1]],
      ],
    ],
    ['of nothing', ' \n', []],
  ])('%s', async (_, text, found) => {
    expect(await read(text)).toEqual(found);
  });
});
