/**
 * As much of JSON Schema as the schemas of this package use: what a value violates.
 *
 * @module
 */

/** A schema, or a part of one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

const KEYWORDS = new Set([
  ...['$schema', '$defs', '$ref', 'title', 'description', 'type', 'const', 'enum', 'anyOf', 'pattern'],
  ...['minimum', 'maximum', 'minItems', 'items', 'required', 'properties', 'additionalProperties'],
]);

/** What a value violates, each with its path; a keyword that this does not know is a violation too. */
export function violations(schema: JsonSchema, value: unknown, root = schema, path = '$'): string[] {
  const at = (part: unknown, inside: unknown, where: string) =>
    violations(part as JsonSchema, inside, root, where);
  const found = Object.keys(schema)
    .filter((keyword) => !KEYWORDS.has(keyword))
    .map((keyword) => `${path}: unknown keyword ${keyword}`);
  const demand = (holds: boolean, keyword: string) => {
    if (!holds) found.push(`${path}: ${keyword}`);
  };
  const { $ref, type, pattern, minimum, maximum, minItems, required, items } = schema;
  if (typeof $ref === 'string')
    found.push(...at(Object(root.$defs)[$ref.replace('#/$defs/', '')], value, path));
  if (type !== undefined)
    demand(typeOf(value) === type || (type === 'number' && typeOf(value) === 'integer'), `type ${type}`);
  if ('const' in schema) demand(value === schema.const, 'const');
  if (Array.isArray(schema.enum)) demand(schema.enum.includes(value), 'enum');
  if (Array.isArray(schema.anyOf))
    demand(
      schema.anyOf.some((each) => at(each, value, path).length === 0),
      'anyOf',
    );
  if (typeof pattern === 'string') demand(new RegExp(pattern).test(String(value)), 'pattern');
  if (typeof minimum === 'number') demand(Number(value) >= minimum, 'minimum');
  if (typeof maximum === 'number') demand(Number(value) <= maximum, 'maximum');
  if (Array.isArray(value)) {
    if (typeof minItems === 'number') demand(value.length >= minItems, 'minItems');
    if (items !== undefined) found.push(...value.flatMap((entry, i) => at(items, entry, `${path}[${i}]`)));
  } else if (typeof value === 'object' && value !== null) {
    for (const name of (required ?? []) as string[]) demand(Object.hasOwn(value, name), `required ${name}`);
    const { properties = {}, additionalProperties = true } = schema;
    for (const [name, inside] of Object.entries(value)) {
      const own = Object.hasOwn(properties as object, name) ? Object(properties)[name] : additionalProperties;
      if (own === false) found.push(`${path}.${name}: not allowed`);
      else if (own !== true) found.push(...at(own, inside, `${path}.${name}`));
    }
  }
  return found;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}
