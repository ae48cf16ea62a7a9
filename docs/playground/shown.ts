/**
 * The state that a page shows, always one that the specification accepts.
 *
 * @module
 */
import { useState } from 'preact/hooks';
import { isInputError } from '../../spec/index.js';
import { type State, StateError } from '../../src/support/playground-state.js';
import { START } from './state.js';
import { type Found, type TripletTerm, walk } from './walk.js';

/** What the parts of a page show, and how they change it. */
export interface PanelProps {
  readonly state: State;
  readonly found: Found;
  readonly edit: (change: Partial<State>) => void;
}

/** A state with what the specification finds in it. */
export interface Shown extends PanelProps {
  /** Why the last state that was asked for is not shown; empty if it is. */
  readonly trouble: string;
  /** Shows a state, or says why it cannot be shown and keeps the one before. */
  readonly show: (next: () => State) => void;
}

/** The state of a page, which begins with {@link START}. */
export function useShown(): Shown {
  const [{ state, found }, setShown] = useState(() => ({ state: START, found: walk(START.document) }));
  const [trouble, setTrouble] = useState('');
  const show = (next: () => State): void => {
    try {
      const changed = next();
      setShown({ state: changed, found: walk(changed.document) });
      setTrouble('');
    } catch (error) {
      if (!(isInputError(error) || error instanceof StateError)) throw error;
      setTrouble((error as Error).message);
    }
  };
  return { state, found, trouble, show, edit: (change) => show(() => ({ ...state, ...change })) };
}

/** The triplets of one anchor. */
export function tripletsOf({ anchors, triplets }: Found, at: number): TripletTerm[] {
  const anchor = anchors[at];
  return triplets.filter(
    (triplet) =>
      triplet.anchor === anchor?.sample &&
      triplet.attribute === anchor.attribute &&
      triplet.class === anchor.class,
  );
}
