/**
 * Fields of CSV files (RFC 4180).
 *
 * @module
 */

/** A line of fields; those that hold a comma, a quote or a line break, or that spaces surround, are quoted. */
export function csvLine(fields: readonly (string | number | null)[]): string {
  return fields.map((field) => quoted(String(field ?? ''))).join(',');
}

function quoted(field: string): string {
  return /[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
