/**
 * The class columns that a caller's attributes stand for.
 *
 * The classes of all attributes stand side by side, attribute-major: C = ΣK_j columns. The three
 * label encodings differ in this table and in how labels are read, and nowhere else.
 *
 * @module
 */
import { ENCODINGS, type Encoding } from './choices.js';
import type { Attribute, ClassColumn, Schema } from './contract.js';
import { outOfRange, wrongType } from './errors.js';

/** An attribute as a caller writes it: its class count, or its name and its classes' names. */
export type AttributeInput =
  | number
  | { readonly name?: string; readonly classes: number | readonly string[] };

/** What a caller says about the classes, before any batch. */
export interface SchemaInput {
  /** One entry per attribute; `multi-label`: a 2 for each label; `one-attribute`: a single entry. */
  readonly attributes: readonly AttributeInput[];
  /** Default `categorical`. */
  readonly encoding?: Encoding;
  /** Whether scores are logits. Default false: probabilities. */
  readonly fromLogits?: boolean;
}

/**
 * The class columns of a schema.
 *
 * @throws InputTypeError, InputRangeError - if attributes or encoding are not as documented
 * @example
 * ```ts
 * import { createSchema } from 'class-rectification/spec';
 * createSchema({ attributes: [3, 2] }).columns.map((c) => c.class); // → [0, 1, 2, 0, 1]
 * const { columns, presence } = createSchema({ attributes: [2, 2], encoding: 'multi-label' });
 * columns.map((c) => c.sign); // → [-1, 1, -1, 1]
 * presence; // → [1, 3]
 * ```
 */
export function createSchema(input: SchemaInput): Schema {
  const { encoding = 'categorical', fromLogits = false } = input;
  if (!ENCODINGS.includes(encoding))
    outOfRange('option-out-of-range', 'encoding', ENCODINGS.join(' | '), encoding);
  if (typeof fromLogits !== 'boolean') wrongType('wrong-type', 'fromLogits', 'true or false', fromLogits);
  if (!Array.isArray(input.attributes)) {
    wrongType('wrong-type', 'attributes', 'an array, one entry per attribute', input.attributes);
  }
  if (input.attributes.length === 0)
    outOfRange('attribute-invalid', 'attributes', 'at least one attribute', []);
  if (encoding === 'one-attribute' && input.attributes.length !== 1) {
    outOfRange(
      'attribute-invalid',
      'attributes',
      'one entry for encoding one-attribute',
      input.attributes.length,
    );
  }
  const attributes: Attribute[] = [];
  const columns: ClassColumn[] = [];
  input.attributes.forEach((entry, j) => {
    const { name, classes } = readAttribute(entry, j);
    if (encoding === 'multi-label' && classes.length !== 2) {
      outOfRange('attribute-invalid', `attributes[${j}]`, '2 classes (absent, present)', classes.length);
    }
    attributes.push({ name, classes, columns: classes.map((_, k) => columns.length + k) });
    classes.forEach((_, k) => {
      // ruling: multi-label data: one score per label, p(present); the absent side reads it in reverse
      const binary = encoding === 'multi-label';
      columns.push({
        attribute: j,
        class: k,
        score: binary ? j : columns.length,
        sign: binary && k === 0 ? -1 : 1,
      });
    });
  });
  const presence = [...columns.keys()].filter((c) => (columns[c] as ClassColumn).sign === 1);
  return {
    encoding,
    attributes,
    columns,
    scoreWidth: presence.length,
    presence,
    labelWidth: encoding === 'one-attribute' ? columns.length : attributes.length,
    fromLogits,
  };
}

function readAttribute(entry: AttributeInput, j: number): { name: string; classes: readonly string[] } {
  const where = `attributes[${j}]`;
  const described = typeof entry === 'object' && entry !== null;
  const name = described ? (entry.name ?? `attribute ${j}`) : `attribute ${j}`;
  if (typeof name !== 'string') wrongType('wrong-type', `${where}.name`, 'a string', name);
  const classes: unknown = described ? entry.classes : entry;
  if (Array.isArray(classes)) {
    if (classes.length === 0)
      outOfRange('attribute-invalid', `${where}.classes`, 'at least one class', classes);
    classes.forEach((c, k) => {
      if (typeof c !== 'string') wrongType('wrong-type', `${where}.classes[${k}]`, 'a string', c);
    });
    return { name, classes: [...classes] };
  }
  const expected = 'a class count (an integer from 1 to 1000000) or {name, classes}';
  if (typeof classes !== 'number') wrongType('wrong-type', where, expected, entry);
  if (!Number.isInteger(classes) || classes < 1 || classes > 1e6) {
    outOfRange('attribute-invalid', where, expected, classes);
  }
  return { name, classes: Array.from({ length: classes }, (_, k) => String(k)) };
}
