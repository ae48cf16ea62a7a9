/**
 * The small widget on the page of a stage: the batch to edit, the options that matter to the stage, and what the
 * stage finds. The page reserves its room, so that nothing moves when it appears.
 *
 * @module
 */
import { render } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Stage } from '../../spec/index.js';
import { writeAddress } from '../../src/support/playground-state.js';
import { OptionControls, type OptionName } from './controls.js';
import { EditablePlane } from './editable-plane.js';
import { tripletsOf, useShown } from './shown.js';
import { FINDINGS } from './stages.js';

/** The options that change what a stage finds. */
const OPTIONS: Readonly<Record<Stage, readonly OptionName[]>> = {
  selectMinority: ['rho'],
  mineHardSamples: ['kappa', 'anchors'],
  formTriplets: ['kappa'],
  rectificationLoss: ['margin', 'comparison'],
  balancedLoss: ['alpha'],
};

/** The stages at which an anchor is selected, and its samples are marked. */
const WITH_ANCHOR: readonly Stage[] = ['mineHardSamples', 'formTriplets'];

function Widget({ stage }: { stage: Stage }) {
  const { state: whole, found, edit, trouble } = useShown();
  const last = found.anchors.length - 1; // other labels may leave fewer anchors
  const anchor = WITH_ANCHOR.includes(stage) ? Math.min(whole.anchor, last) : -1;
  const state = { ...whole, anchor };
  const triplets = useMemo(() => (anchor < 0 ? [] : tripletsOf(found, anchor)), [found, anchor]);
  const Findings = FINDINGS[stage];
  return (
    <>
      <div class="drawing">
        <EditablePlane
          state={state}
          found={found}
          triplets={stage === 'formTriplets' ? triplets : []}
          edit={({ document }) => document && edit({ document })}
          caption={false}
        />
      </div>
      <section class="panel" aria-label="Options and findings">
        {trouble === '' ? null : <p role="alert">{trouble}</p>}
        <OptionControls state={state} found={found} edit={edit} only={OPTIONS[stage]} />
        <Findings state={state} found={found} edit={edit} />
        <p>
          <a href={`../playground/index.html#${writeAddress(state)}`}>Open this batch in the playground</a>
        </p>
      </section>
    </>
  );
}

for (const place of document.querySelectorAll<HTMLElement>('.stage-widget .live')) {
  place.replaceChildren();
  render(<Widget stage={place.dataset.stage as Stage} />, place);
}
