/**
 * How backends of static shapes lay anchors out in rows, so that masks and not lists say what there is.
 *
 * Anchors stand in G×n rows. At class level, and where a sample may have several classes of one
 * attribute, a row is a (class column, sample) and G = C. Else a sample has at most one class per
 * attribute; then a row is an (attribute, sample) and G = J.
 *
 * @module
 */
import type { Level, Schema } from '../../spec/contract.js';

/** Whether a row is (class column, sample) rather than (attribute, sample). */
export function rowsByColumn(schema: Schema, level: Level): boolean {
  return level === 'class' || schema.encoding === 'one-attribute';
}

/** The attribute of each of the G row groups. */
export function groupAttributes(schema: Schema, level: Level): number[] {
  return rowsByColumn(schema, level)
    ? schema.columns.map((c) => c.attribute)
    : schema.attributes.map((_, j) => j);
}
