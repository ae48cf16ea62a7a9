import { expect, it } from 'vitest';
import { createSchema } from './index.js';
import { checkScoreValues } from './scores.js';

const schema = createSchema({ attributes: [3] });

it('scores that lie row by row in a list are checked where they lie', () => {
  expect(() => checkScoreValues(schema, [0.5, 0.25, 0.25, 0, 1, 0], 2)).not.toThrow();
  expect(() => checkScoreValues(schema, [0.5, 0.25, 0.25, 0, 1.5, 0], 2)).toThrow(
    expect.objectContaining({ code: 'score-out-of-range', where: 'scores[1][1]' }),
  );
  expect(() => checkScoreValues(schema, [0.5, 0.25, Number.NaN, 0, 1, 0], 2)).toThrow(
    expect.objectContaining({ code: 'score-not-finite', where: 'scores[0][2]' }),
  );
});

it('a list that is too short holds scores that are no numbers', () => {
  expect(() => checkScoreValues(schema, [0.5, 0.25, 0.25, 0, 1], 2)).toThrow(
    expect.objectContaining({ code: 'wrong-type', where: 'scores[1][2]' }),
  );
});
