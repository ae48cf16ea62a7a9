import { describe, expect, it } from 'vitest';
import { createSchema } from './index.js';
import { checkFeatureShape, checkLossShapes, columnsOfSchema } from './loss-shapes.js';

const names = { labels: 'yTrue', scores: 'yPred' };
const of = (...shape: number[]) => ({ shape });
const check = (schema: Parameters<typeof createSchema>[0], labels: number[], scores: number[]) => () =>
  checkLossShapes(names, columnsOfSchema(createSchema(schema)), of(...labels), of(...scores));

describe('the shapes of labels and scores', () => {
  it.each([
    ['one-hot rows', [4], [10, 4], [10, 4], 'columns'],
    ['a row', [4], [1, 4], [1, 4], 'columns'],
    ['class indices in a column', [4], [10, 1], [10, 4], 'indices'],
    ['class indices in a vector', [4], [10], [10, 4], 'indices'],
    ['a column of indices per attribute', [3, 2], [10, 2], [10, 5], 'indices'],
    ['attributes of one class each: columns, never indices', [1, 1], [10, 2], [10, 2], 'columns'],
    ['one column', [1], [10, 1], [10, 1], 'columns'],
  ])('are right: %s', (_, attributes, labels, scores, form) => {
    expect(check({ attributes }, labels, scores)()).toBe(form);
  });

  it.each([
    [[10, 4], [10, 3], 'yPred: expected n×4 for attributes [4], got 10×3'],
    [[10, 4], [10, 5], 'yPred: expected n×4 for attributes [4], got 10×5'],
    [[4], [4], 'yPred: expected n×4 for attributes [4], got [4]'],
    [[], [], 'yPred: expected n×4 for attributes [4], got a scalar'],
    [[2, 5, 4], [2, 5, 4], 'yPred: expected n×4 for attributes [4], got 2×5×4'],
    [[2, 4, 5], [2, 4, 5], 'yPred: expected n×4 for attributes [4], got 2×4×5'],
    [[8, 4], [6, 4], 'yTrue: expected 6×4, as yPred has, or class indices, 6×1, got 8×4'],
    [[6, 3], [6, 4], 'yTrue: expected 6×4, as yPred has, or class indices, 6×1, got 6×3'],
    [[6, 4, 1], [6, 4], 'yTrue: expected 6×4, as yPred has, or class indices, 6×1, got 6×4×1'],
    [[6, 1, 1], [6, 4], 'yTrue: expected 6×4, as yPred has, or class indices, 6×1, got 6×1×1'],
    [[8], [6, 4], 'yTrue: expected 6×4, as yPred has, or class indices, 6×1, got [8]'],
    [[1, 4], [6, 4], 'yTrue: expected 6×4, as yPred has, or class indices, 6×1, got 1×4'],
  ])('are refused: labels %j, scores %j', (labels, scores, words) => {
    expect(check({ attributes: [4] }, labels, scores)).toThrow(
      expect.objectContaining({ code: 'wrong-shape', message: words }),
    );
  });

  it('may have any number of columns, where nobody says how many', () => {
    const any = { reason: 'with a column for each class' };
    const shapes = (labels: number[], scores: number[]) => () =>
      checkLossShapes(names, any, of(...labels), of(...scores));
    expect(shapes([6, 3], [6, 3])()).toBe('columns');
    expect(shapes([6, 1], [6, 1])()).toBe('columns');
    for (const scores of [[6, 0], [6]])
      expect(shapes(scores, scores)).toThrow('yPred: expected n×K with a column for each class, got');
  });

  it('of one number per sample are no indices of several attributes', () => {
    expect(check({ attributes: [3, 2] }, [6], [6, 5])).toThrow(
      'yTrue: expected 6×5, as yPred has, or class indices, 6×2, got [6]',
    );
  });

  it('names an empty batch, and what is not a tensor', () => {
    expect(check({ attributes: [4] }, [0, 4], [0, 4])).toThrow(
      expect.objectContaining({
        code: 'empty-batch',
        message: 'yPred: expected at least one row, got 0×4',
      }),
    );
    const columns = columnsOfSchema(createSchema({ attributes: [2] }));
    expect(() => checkLossShapes(names, columns, [[1, 0]] as never, of(1, 2))).toThrow(
      'yTrue: expected a tensor, 1×2, as yPred has, or class indices, 1×1, got [[1,0]]',
    );
    expect(() => checkLossShapes(names, columns, of(1, 2), undefined as never)).toThrow(
      expect.objectContaining({
        code: 'wrong-type',
        message: 'yPred: expected a tensor, n×2 for attributes [2], got undefined',
      }),
    );
  });

  it('has types: scores are floats, labels are anything that holds whole numbers', () => {
    const columns = columnsOfSchema(createSchema({ attributes: [2] }));
    const typed = (labels: string, scores: string) => () =>
      checkLossShapes(names, columns, { shape: [4, 2], dtype: labels }, { shape: [4, 2], dtype: scores });
    for (const labels of ['float32', 'int32', 'bool']) expect(typed(labels, 'float32')()).toBe('columns');
    for (const [labels, scores, message] of [
      ['float32', 'int32', 'yPred: expected a tensor of float32 (convert it with .toFloat()), got int32'],
      ['float32', 'bool', 'yPred: expected a tensor of float32 (convert it with .toFloat()), got bool'],
      ['float32', 'string', 'yPred: expected a tensor of float32, got string'],
      ['float32', 'complex64', 'yPred: expected a tensor of float32, got complex64'],
      ['string', 'float32', 'yTrue: expected a tensor of float32, int32, bool, got string'],
    ] as const) {
      expect(typed(labels, scores)).toThrow(expect.objectContaining({ code: 'wrong-type', message }));
    }
  });

  it('of arrays of jax-js are converted as jax-js does it', () => {
    const columns = columnsOfSchema(createSchema({ attributes: [2] }));
    const scores = { shape: [4, 2], dtype: 'int32', astype: () => scores };
    expect(() => checkLossShapes(names, columns, of(4, 2), scores)).toThrow(
      'yPred: expected a tensor of float32 (convert it with .astype(np.float32)), got int32',
    );
  });

  it('of a tensor that was disposed of are refused: its memory may hold other numbers by now', () => {
    const columns = columnsOfSchema(createSchema({ attributes: [2] }));
    const gone = { shape: [4, 2], isDisposed: true };
    const message = (where: string) =>
      expect.objectContaining({
        code: 'wrong-type',
        where,
        message: expect.stringMatching(/: expected a tensor, .*4?×2.*, got a tensor that was disposed of$/),
      });
    expect(() => checkLossShapes(names, columns, of(4, 2), gone)).toThrow(message('yPred'));
    expect(() => checkLossShapes(names, columns, gone, of(4, 2))).toThrow(message('yTrue'));
  });

  it('of several labels per sample are never indices, and say how columns are counted', () => {
    const multiLabel = { attributes: [2, 2, 2], encoding: 'multi-label' } as const;
    expect(check(multiLabel, [5, 3], [5, 3])()).toBe('columns');
    expect(check(multiLabel, [5, 6], [5, 6])).toThrow(
      'yPred: expected n×3 for attributes [2, 2, 2] (multi-label: one column per label), got 5×6',
    );
    expect(check(multiLabel, [5, 1], [5, 3])).toThrow('yTrue: expected 5×3, as yPred has, got 5×1');
    const oneAttribute = { attributes: [27], encoding: 'one-attribute' } as const;
    expect(check(oneAttribute, [5, 28], [5, 28])).toThrow(
      'yPred: expected n×27 for attributes [27] (one-attribute: one column per class), got 5×28',
    );
    expect(check(oneAttribute, [5], [5, 27])).toThrow('yTrue: expected 5×27, as yPred has, got [5]');
  });

  it('advises where scores hold the columns of one attribute of several', () => {
    const columns = columnsOfSchema(createSchema({ attributes: [3, 3] }));
    const parts = { widths: [3, 3], advice: 'one concatenated output' };
    expect(() => checkLossShapes(names, { ...columns, parts }, of(6, 3), of(6, 3))).toThrow(
      'yPred: expected n×6 for attributes [3, 3] (one concatenated output), got 6×3',
    );
    expect(() => checkLossShapes(names, { ...columns, parts }, of(6, 4), of(6, 4))).toThrow(
      'yPred: expected n×6 for attributes [3, 3], got 6×4',
    );
  });

  it('lists many attributes in short, and eight in full', () => {
    expect(check({ attributes: new Array(8).fill(3) }, [6, 4], [6, 4])).toThrow(
      'yPred: expected n×24 for attributes [3, 3, 3, 3, 3, 3, 3, 3], got 6×4',
    );
    expect(check({ attributes: new Array(40).fill(3) }, [6, 4], [6, 4])).toThrow(
      'yPred: expected n×120 for attributes [3, 3, 3, 3, 3, 3, ...] of length 40, got 6×4',
    );
  });
});

describe('the shape of features', () => {
  const schema = createSchema({ attributes: [3, 2] });
  it.each([[[6, 8]], [[6, 1]], [[1, 6, 8]], [[2, 6, 8]]])('is right: %j', (shape) => {
    expect(() => checkFeatureShape(schema, 'instance', 6, of(...shape))).not.toThrow();
  });

  it.each([[[5, 8]], [[6]], [[6, 0]], [[3, 6, 8]], [[2, 5, 8]], [[1, 2, 6, 8]], [[]]])(
    'is refused: %j',
    (shape) => {
      expect(() => checkFeatureShape(schema, 'instance', 6, of(...shape))).toThrow(
        expect.objectContaining({
          code: 'wrong-shape',
          where: 'features',
          expected: '6×d, or 2×6×d, at instance level',
        }),
      );
    },
  );

  it('is asked for at instance level only', () => {
    expect(() => checkFeatureShape(schema, 'class', 6, undefined)).not.toThrow();
    expect(() => checkFeatureShape(schema, 'instance', 6, undefined)).toThrow(
      expect.objectContaining({
        code: 'features-missing',
        message: 'features: expected 6×d, or 2×6×d, at instance level, got none',
      }),
    );
    expect(() => checkFeatureShape(schema, 'instance', 6, [[1]] as never)).toThrow(
      'features: expected a tensor, 6×d, or 2×6×d, at instance level, got [[1]]',
    );
  });

  it('has types: features are floats or whole numbers', () => {
    const typed = (dtype: string) => () => checkFeatureShape(schema, 'instance', 6, { shape: [6, 8], dtype });
    for (const dtype of ['float32', 'int32']) expect(typed(dtype)).not.toThrow();
    expect(typed('bool')).toThrow(
      'features: expected a tensor of float32, int32 (convert it with .toFloat()), got bool',
    );
  });
});
