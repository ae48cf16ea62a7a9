/**
 * The options of the loss as controls.
 *
 * @module
 */
import { ANCHORS, COMPARISONS, LEVELS } from '../../spec/index.js';
import { withOptions } from './edit.js';
import type { PanelProps } from './shown.js';

/** The names of the controls. */
export type OptionName = 'rho' | 'kappa' | 'margin' | 'alpha' | 'level' | 'comparison' | 'anchors' | 'column';

/** The options, as the specification names them. */
export function Controls(props: PanelProps) {
  return (
    <section aria-label="Options">
      <h2>Options</h2>
      <OptionControls {...props} />
    </section>
  );
}

/** The controls of some options. @param only - their names; all without it */
export function OptionControls({ state, found, edit, only }: PanelProps & { only?: readonly OptionName[] }) {
  const { options, alpha } = found;
  const set = (change: Record<string, unknown>) => edit({ document: withOptions(state.document, change) });
  const columns = found.batch.columns.length;
  const has = (name: OptionName) => only === undefined || only.includes(name);
  return (
    <>
      {has('rho') ? (
        <Slider
          name="ρ"
          what="share of the samples"
          value={options.rho}
          low={0.1}
          high={1}
          step={0.05}
          set={(rho) => set({ rho })}
        />
      ) : null}
      {has('kappa') ? (
        <Slider
          name="κ"
          what="hard samples of each kind"
          value={options.kappa}
          low={1}
          high={12}
          step={1}
          set={(kappa) => set({ kappa })}
        />
      ) : null}
      {options.comparison === 'distribution' || !has('margin') ? null : (
        <Slider
          name="m"
          what="margin"
          value={options.margin[0] as number}
          low={0}
          high={1}
          step={0.05}
          set={(margin) => set({ margin })}
        />
      )}
      {has('alpha') ? (
        <Slider
          name="α"
          what="weight of L_crl"
          value={alpha}
          low={0}
          high={1}
          step={0.05}
          set={(value) => set({ alpha: value })}
        />
      ) : null}
      {has('level') ? (
        <Choice
          name="level"
          value={options.level}
          choices={LEVELS}
          set={(level) => set({ level, margin: undefined })}
        />
      ) : null}
      {has('comparison') ? (
        <Choice
          name="comparison"
          value={options.comparison}
          choices={COMPARISONS}
          set={(comparison) => set({ comparison, margin: undefined })}
        />
      ) : null}
      {has('anchors') && found.batch.scored ? (
        <Choice
          name="anchors"
          value={options.anchors}
          choices={ANCHORS}
          set={(anchors) => set({ anchors })}
        />
      ) : null}
      {has('column') && options.level === 'class' && columns > 1 ? (
        <Choice
          name="class column that is drawn"
          value={String(state.column)}
          choices={Array.from({ length: columns }, (_, s) => String(s))}
          set={(column) => edit({ column: Number(column) })}
        />
      ) : null}
    </>
  );
}

interface SliderProps {
  readonly name: string;
  readonly what: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly set: (value: number) => void;
}

/** A number on a scale. */
export function Slider({ name, what, value, low, high, step, set }: SliderProps) {
  return (
    <label class="slider">
      <span>
        {name}, {what}
      </span>
      <input
        type="range"
        min={low}
        max={Math.max(high, value)}
        step={step}
        value={value}
        onInput={(event) => set(Number((event.target as HTMLInputElement).value))}
      />
      <output>{value}</output>
    </label>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly choices: readonly string[];
  readonly set: (value: string) => void;
}

/** One of several names. */
export function Choice({ name, value, choices, set }: ChoiceProps) {
  return (
    <label class="choice">
      <span>{name}</span>
      <select value={value} onChange={(event) => set((event.target as HTMLSelectElement).value)}>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    </label>
  );
}
