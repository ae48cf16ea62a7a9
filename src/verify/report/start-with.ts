/**
 * Where to start when many properties fail: one mistake fails all that it reaches.
 *
 * @module
 */
import type { PropertyReport, Report } from '../../../properties/index.js';
import { STAGES } from '../../../spec/index.js';

/** What the source of a property begins with that asks whether calls depend on each other. */
const OF_STATE = 'contract: no call depends on another';

/** Whether a property asks whether the backend keeps something between calls. */
function isOfState({ source }: PropertyReport): boolean {
  return source.startsWith(OF_STATE);
}

/** What makes a failure harder to read, the most telling first; fewer is easier. */
function burdens({ required, stage, counterexample, ...property }: PropertyReport): number[] {
  return [
    Number(!required),
    Number(counterexample?.needsEarlierCalls === true),
    Number(isOfState({ required, stage, ...property })),
    Number(counterexample?.transformation !== undefined),
    STAGES.indexOf(stage),
    counterexample?.document.labels.length ?? Number.POSITIVE_INFINITY,
  ];
}

/** The failed property that is the easiest to understand; undefined if none failed. */
function easiest(properties: readonly PropertyReport[]): PropertyReport | undefined {
  const ranked = properties
    .filter(({ verdict }) => verdict === 'failed')
    .map((property) => ({ property, burden: burdens(property) }));
  ranked.sort(({ burden: a }, { burden: b }) => {
    const at = a.findIndex((value, place) => value !== b[place]);
    return at < 0 ? 0 : (a[at] as number) - (b[at] as number);
  });
  return ranked[0]?.property;
}

/** What to do so that a failure of state can be told from others; undefined where it can be, or none failed. */
function factoryAdvice({ properties }: Report): string | undefined {
  const isUntold = properties.some(
    (property) =>
      property.verdict === 'failed' &&
      isOfState(property) &&
      property.counterexample?.onSameInstance === true,
  );
  return isUntold
    ? 'the backend is an object: export a factory, so that the suite can tell whether your backend keeps state'
    : undefined;
}

/** What to say below many failures, a line each: whether state could be told, and which failure to start with. */
export function adviceOn(report: Report): string[] {
  return [factoryAdvice(report), startWith(report)?.text].filter((line) => line !== undefined);
}

/** Which of several failures to look at first, and why; undefined where there is nothing to choose from. */
export function startWith({
  properties,
}: Report): { readonly id: string; readonly text: string } | undefined {
  if (properties.filter(({ verdict }) => verdict === 'failed').length < 2) return undefined;
  const { id, counterexample } = easiest(properties) as PropertyReport;
  if (counterexample === undefined) return { id, text: `start with ${id}` };
  const samples = counterexample.document.labels.length;
  const what = `its smallest batch has ${samples} sample${samples === 1 ? '' : 's'}`;
  return { id, text: `start with ${id}: ${what}` };
}

/**
 * The failure to look at before one of state; undefined if this one is not of state, or needs earlier calls, or if no
 * other property of its stage failed. A property of state makes several calls of its own, so that it fails alone too
 * says nothing about state; where the same stage also fails without asking about it, that comes first.
 */
export function beforeState({ properties }: Report, property: PropertyReport): PropertyReport | undefined {
  const { stage, counterexample } = property;
  if (!isOfState(property) || counterexample === undefined || counterexample.needsEarlierCalls)
    return undefined;
  return easiest(
    properties.filter(
      (other) =>
        other.stage === stage && !isOfState(other) && other.counterexample?.needsEarlierCalls !== true,
    ),
  );
}
