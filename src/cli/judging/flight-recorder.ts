/**
 * Records in a file what a judging process is doing. The file survives the process.
 *
 * @module
 */
import { openSync, readFileSync, writeSync } from 'node:fs';
import type { Watch } from '../../verify/watch.js';

/** The last entry of a recorder. */
export interface FlightRecord {
  /** The number of the entry, counted from 1. */
  readonly entry: number;
  /** The property that runs; empty before the first one. */
  readonly property: string;
  /** The path of the case that is being checked. */
  readonly path: string;
  /** The innermost call that has not returned, such as `balancedLoss`; empty between calls. */
  readonly call: string;
}

/** Records into a file. A run makes hundreds of thousands of entries, so each is a single write of a few microseconds. */
export function flightRecorder(file: string): Watch {
  const descriptor = openSync(file, 'w');
  const calls: { readonly what: string }[] = [];
  let [entry, property, path, longest] = [0, '', '', 0];
  const write = () => {
    entry += 1;
    const text = JSON.stringify([entry, property, path, calls.at(-1)?.what ?? '']);
    longest = Math.max(longest, text.length);
    writeSync(descriptor, text.padEnd(longest), 0); // spaces cover what an earlier, longer entry left
  };
  return {
    onCase(id, at) {
      [property, path] = [id, at];
      write();
    },
    onCall(what) {
      const call = { what };
      calls.push(call);
      write();
      return () => {
        calls.splice(calls.indexOf(call), 1);
        write();
      };
    },
  };
}

/** Reads the last entry; undefined if there is none, or it is being written. */
export function readFlightRecord(file: string): FlightRecord | undefined {
  try {
    const [entry, property, path, call] = JSON.parse(readFileSync(file, 'utf8'));
    return { entry, property, path, call };
  } catch {
    return undefined;
  }
}
