/**
 * How a label file is written: its columns, what separates fields, and what separates labels.
 *
 * @module
 */
import { outOfRange, wrongType } from '../../spec/errors.js';

/** An attribute of several: the column that holds it, and its classes where they are known. */
export type AttributeColumn = string | { readonly column: string; readonly classes: readonly string[] };

/** How a label file is written. */
export interface LabelFileFormat {
  /** Column of the ids. Default `Id`. */
  readonly idColumn?: string;
  /** Column of the labels. Default `Target`. */
  readonly targetColumn?: string;
  /**
   * Columns that hold one attribute each, instead of `targetColumn`: every field is one class of its
   * attribute. Default: none.
   */
  readonly attributes?: readonly AttributeColumn[];
  /** What separates fields: `,` (default), `;`, `|` or a tab. */
  readonly delimiter?: string;
  /**
   * What separates the labels of a field: any text such as `|` or `;`, or `none` if each field is one label.
   * Default: spaces.
   */
  readonly separator?: string;
  /** Whether an image may have no label, or no class of an attribute. Default false: its line is refused. */
  readonly allowEmpty?: boolean;
}

/** The options of {@link LabelFileFormat}. */
export const FORMAT_OPTIONS: readonly string[] = [
  'idColumn',
  'targetColumn',
  'attributes',
  'delimiter',
  'separator',
  'allowEmpty',
];

const DELIMITERS = [',', ';', '|', '\t'];

/** A format with its defaults. */
export interface LabelFormat {
  readonly idColumn: string;
  /** Columns that labels are read from. */
  readonly targets: readonly string[];
  /** Whether each column is an attribute of its own. */
  readonly byAttribute: boolean;
  readonly delimiter: string;
  /** Undefined: spaces, by default; the caller did not say so. */
  readonly separator: string | undefined;
  readonly allowEmpty: boolean;
}

/**
 * Completes a format.
 *
 * @throws InputTypeError, InputRangeError - naming the option
 */
export function readFormat(format: LabelFileFormat): LabelFormat {
  const { idColumn = 'Id', targetColumn = 'Target', attributes, delimiter = ',', separator } = format;
  if (!DELIMITERS.includes(delimiter))
    outOfRange('option-out-of-range', 'options.delimiter', 'one of , ; | and a tab', delimiter);
  if (separator !== undefined && (typeof separator !== 'string' || separator === ''))
    wrongType('wrong-type', 'options.separator', 'text such as | or ;, or none', separator);
  const targets = attributes?.map(columnOf) ?? [targetColumn];
  if (targets.length === 0 || new Set(targets).size < targets.length)
    outOfRange('option-out-of-range', 'options.attributes', 'at least one column, each once', attributes);
  const { allowEmpty = false } = format;
  return { idColumn, targets, byAttribute: attributes !== undefined, delimiter, separator, allowEmpty };
}

/** The column of an attribute. */
export function columnOf(attribute: AttributeColumn): string {
  return typeof attribute === 'string' ? attribute : attribute.column;
}

/** Splits a field into labels, by the separator. */
export function labelsOfField(field: string, { separator, byAttribute }: LabelFormat): string[] {
  if (byAttribute || separator === 'none') return field === '' ? [] : [field];
  const parts = separator === undefined || separator === ' ' ? field.split(/\s+/) : field.split(separator);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** What separates labels, as errors say it. */
export function separatorInWords({ separator }: Pick<LabelFormat, 'separator'>): string {
  if (separator === 'none') return 'the whole field is one label';
  const mark = separator === undefined || separator === ' ' ? 'spaces' : JSON.stringify(separator);
  return `labels are separated by ${mark}`;
}

/** Whether a name holds what separates labels, so that it cannot stand beside another in one field. */
export function holdsSeparator(name: string, separator: string | undefined): boolean {
  if (separator === 'none') return false;
  return separator === undefined || separator === ' ' ? /\s/.test(name) : name.includes(separator);
}
