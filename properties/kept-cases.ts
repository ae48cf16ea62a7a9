/**
 * Cases that are kept with what the specification found in them, so that several backends which are judged one
 * after the other in a process ask the specification once.
 *
 * Nothing is taken on trust: a backend may write to what it is given, so that the contents of a kept case are
 * compared with a fingerprint before they are used again. Where they differ, the case is drawn anew.
 *
 * @module
 */
import fc from 'fast-check';
import type { Case } from './cases/arbitraries.js';
import type { CaseCapabilities } from './cases/case-capabilities.js';
import { type Fingerprint, fingerprintOf } from './fingerprint.js';
import { shareWalk, type Walk } from './walk.js';

/** What is known of a kept case. */
export interface KnownOfCase {
  /** The places of the conditions that it meets, in the tally of its property's stage. */
  readonly met: readonly number[];
  /** The walk, if the conditions needed it. */
  readonly walk: Walk | undefined;
}

interface KeptCase {
  readonly value: fc.Value<Case>;
  known: KnownOfCase | undefined;
  print: Fingerprint;
}

/** What is computed of a case takes about this many times the room of its numbers. */
const ROOM_OF_ANSWERS = 4;
/** Room that a case takes beside its numbers, in bytes. */
const ROOM_OF_CASE = 8192;
/** What kept cases may take by default, in bytes. */
const MOST_ROOM = 384 * 2 ** 20;

/** Kept cases, by property, seed, and what the cases depend on. */
export class KeptCases {
  readonly #sequences = new Map<string, KeptSequence>();
  readonly #room: Room;

  /** @param room - what the cases may take, in bytes; those that come after it is full are not kept */
  constructor(room = MOST_ROOM) {
    this.#room = { left: room };
  }

  /** The kept cases that a property gives to a backend of these capabilities. */
  sequence(
    id: string,
    seed: number,
    { encodings, levels, comparisons, anchors, precision }: CaseCapabilities,
  ): KeptSequence {
    const key = JSON.stringify([id, seed, encodings, levels, comparisons, anchors ?? ['all'], precision]);
    const found = this.#sequences.get(key) ?? new KeptSequence(this.#room);
    this.#sequences.set(key, found);
    return found;
  }
}

/** Bytes that may still be taken. */
interface Room {
  left: number;
}

/** The kept cases of one property, in the order in which they are drawn. */
export class KeptSequence {
  readonly #kept: (KeptCase | undefined)[] = [];
  readonly #room: Room;
  #byCase = new WeakMap<object, KeptCase>();
  #used = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  /** How many cases were not drawn, since they had been kept. */
  get used(): number {
    return this.#used;
  }

  /** The same values, of which those that are kept are not drawn again. To be drawn from in order, from the first. */
  drawing(cases: fc.Arbitrary<Case>): fc.Arbitrary<Case> {
    let at = -1;
    const next = (draw: () => fc.Value<Case>) => {
      at += 1;
      return this.#at(at, draw);
    };
    return new (class extends fc.Arbitrary<Case> {
      override generate(random: fc.Random, bias: number | undefined): fc.Value<Case> {
        return next(() => cases.generate(random, bias));
      }
      override canShrinkWithoutContext(value: unknown): value is Case {
        return cases.canShrinkWithoutContext(value);
      }
      override shrink(value: Case, context: unknown): fc.Stream<fc.Value<Case>> {
        return cases.shrink(value, context);
      }
    })();
  }

  /** What is known of a case; undefined if it is not kept, or nothing has been found in it yet. */
  knownOf(given: Case): KnownOfCase | undefined {
    return this.#byCase.get(given)?.known;
  }

  /** Keeps what was found in a case, if the case itself is kept. */
  learn(given: Case, known: KnownOfCase): void {
    const kept = this.#byCase.get(given);
    if (kept === undefined) return;
    if (known.walk) shareWalk(known.walk);
    kept.known = known;
    kept.print = printOf(kept);
  }

  #at(place: number, draw: () => fc.Value<Case>): fc.Value<Case> {
    const kept = this.#kept[place];
    if (kept !== undefined && isIntact(kept)) {
      this.#used += 1;
      return kept.value;
    }
    const value = draw();
    this.#keep(place, value);
    return value;
  }

  #keep(place: number, value: fc.Value<Case>): void {
    const given = value.value;
    const print = fingerprintOf([given]);
    const room = ROOM_OF_CASE + ROOM_OF_ANSWERS * print.bytes;
    this.#kept[place] = undefined;
    if (room > this.#room.left) return;
    this.#room.left -= room;
    const kept = { value, known: undefined, print };
    this.#kept[place] = kept;
    this.#byCase.set(given, kept);
  }
}

function printOf({ value, known }: KeptCase): Fingerprint {
  return fingerprintOf([value.value, known?.walk]);
}

function isIntact(kept: KeptCase): boolean {
  return printOf(kept).digest === kept.print.digest;
}
