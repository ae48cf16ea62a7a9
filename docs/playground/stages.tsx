/**
 * The five stages, each with what it finds.
 *
 * @module
 */
import type { ComponentChildren } from 'preact';
import { STAGES, type Stage } from '../../spec/index.js';
import { Choice } from './controls.js';
import { digits } from './digits.js';
import { SHAPES } from './plane.js';
import { type PanelProps, tripletsOf } from './shown.js';
import type { Found } from './walk.js';

/** Where the paper has each stage. */
const SOURCES: Readonly<Record<Stage, string>> = {
  selectMinority: 'Eq. 3',
  mineHardSamples: 'Eq. 4 to 7',
  formTriplets: 'at most κ² per anchor',
  rectificationLoss: 'Eq. 9, 13, 16',
  balancedLoss: 'Eq. 8',
};

/** What each stage finds in a batch. */
export const FINDINGS: Readonly<Record<Stage, (props: PanelProps) => ComponentChildren>> = {
  selectMinority: Minorities,
  mineHardSamples: HardSamples,
  formTriplets: Triplets,
  rectificationLoss: Rectification,
  balancedLoss: Balanced,
};

/** All stages, with links to the pages that explain them. */
export function Stages(props: PanelProps) {
  return (
    <section aria-label="Stages" class="stages">
      <h2>The five stages</h2>
      {STAGES.map((stage, at) => {
        const Findings = FINDINGS[stage];
        return (
          <div class="stage" key={stage}>
            <h3>
              <a href={stagePage(stage)}>
                {at + 1} {stage}
              </a>{' '}
              <small>{SOURCES[stage]}</small>
            </h3>
            <Findings {...props} />
          </div>
        );
      })}
    </section>
  );
}

/** The page of the site that explains a stage. */
function stagePage(stage: Stage): string {
  return `../paper/${stage.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.html`;
}

function Minorities({ found }: PanelProps) {
  const { profile, minority } = found.selection;
  return (
    <>
      {profile.map((sizes, j) => (
        <Profile key={j} sizes={sizes} minority={minority[j] ?? []} found={found} attribute={j} />
      ))}
    </>
  );
}

function HardSamples({ state, found, edit }: PanelProps) {
  const { anchors } = found;
  const anchor = anchors[state.anchor];
  if (anchors.length === 0) return <p>No anchors: there is nothing to compare.</p>;
  return (
    <>
      <Choice
        name="anchor"
        value={String(state.anchor)}
        choices={['-1', ...anchors.map((_, k) => String(k))]}
        set={(k) => edit({ anchor: Number(k), ...columnOf(found, Number(k)) })}
      />
      {anchor ? (
        <p>
          Sample {anchor.sample} is an anchor for class {anchor.class} of attribute {anchor.attribute}. Hard
          positives: {anchor.positives.join(', ') || 'none'}. Hard negatives:{' '}
          {anchor.negatives.join(', ') || 'none'}.
        </p>
      ) : (
        <p>{anchors.length} anchors. Choose one to see its samples and triplets.</p>
      )}
    </>
  );
}

/** The column of an anchor's class, where each class has one: its scores decide what is hard. */
function columnOf({ anchors, batch }: Found, at: number): { readonly column?: number } {
  const anchor = anchors[at];
  const column = anchor && batch.attributes[anchor.attribute]?.columns[anchor.class];
  return column === undefined ? {} : { column };
}

function Triplets({ state, found }: PanelProps) {
  const { triplets, options } = found;
  const terms = tripletsOf(found, state.anchor);
  return (
    <>
      <p>
        |T| = {triplets.length}
        {options.comparison === 'relative'
          ? `, of which ${triplets.filter(({ term }) => (term as number) > 0).length} are active`
          : ''}
      </p>
      {terms.length > 0 ? (
        <table>
          <thead>
            <tr>
              <th scope="col">positive</th>
              <th scope="col">negative</th>
              <th scope="col">term</th>
            </tr>
          </thead>
          <tbody>
            {terms.map(({ positive, negative, term }) => (
              <tr key={`${positive}-${negative}`}>
                <td>{positive}</td>
                <td>{negative}</td>
                <td>{term === undefined ? '–' : digits(term)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </>
  );
}

function Rectification({ found }: PanelProps) {
  return (
    <p>
      L_crl = <strong>{digits(found.rectification)}</strong> ({found.options.comparison})
    </p>
  );
}

function Balanced({ found }: PanelProps) {
  if (found.loss === undefined) return <p>The batch has no scores, and so no cross entropy.</p>;
  return (
    <p>
      L = α·L_crl + (1−α)·L_ce = {digits(found.alpha)} · {digits(found.rectification)} +{' '}
      {digits(1 - found.alpha)} · {digits(found.crossEntropy as number)} ={' '}
      <strong>{digits(found.loss)}</strong>
    </p>
  );
}

/** The sizes of an attribute's classes, smallest first, filling up to ρ·n. */
function Profile(props: {
  sizes: readonly number[];
  minority: readonly number[];
  found: Found;
  attribute: number;
}) {
  const { sizes, minority, found, attribute } = props;
  const labelled = sizes.reduce((a, b) => a + b, 0);
  const limit = found.options.rho * labelled;
  const held = minority.reduce((sum, k) => sum + (sizes[k] as number), 0);
  const most = Math.max(1, ...sizes);
  return (
    <div>
      <p>
        Attribute {attribute}: the minority classes hold {held} samples, at most ρ·n = {digits(limit)}.
      </p>
      <ul class="profile">
        {sizes.map((size, k) => (
          <li key={k} class={minority.includes(k) ? 'minority' : ''}>
            <span class={`mark class-${k % SHAPES.length}`} aria-hidden="true">
              {SHAPES[k % SHAPES.length]}
            </span>
            <span class="bar" style={{ width: `${(60 * size) / most}%` }} aria-hidden="true" />
            <span>
              class {k}: {size}
              {minority.includes(k) ? ', minority' : ''}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
