/**
 * The playground: a batch that can be touched, and what the loss finds in it.
 *
 * @module
 */
import { render } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { COMPARISONS, isInputError, LEVELS } from '../../spec/index.js';
import { type State, writeAddress } from '../../src/support/playground-state.js';
import { descended, withNextLabel, withOptions, withPoint, withScore } from './edit.js';
import { ENGINES, type EngineName, type Timed, timed } from './engines.js';
import { Plane, SHAPES } from './plane.js';
import { readText, START, stateOf } from './state.js';
import { type Found, walk } from './walk.js';

/** The steps of a run, one per frame. */
const RUN_STEPS = 120;

/** A state that the specification accepts, and what it finds. */
interface Shown {
  readonly state: State;
  readonly found: Found;
}

function App() {
  const [shown, setShown] = useState<Shown>(() => ({ state: START, found: walk(START.document) }));
  const [trouble, setTrouble] = useState('');
  const [running, setRunning] = useState(0);
  const { state, found } = shown;

  /** Shows a state, or says why it cannot be shown and keeps the one before. */
  const show = (next: () => State): void => {
    try {
      const changed = next();
      setShown({ state: changed, found: walk(changed.document) });
      setTrouble('');
    } catch (error) {
      if (!(isInputError(error) || (error as Error).name === 'StateError')) throw error;
      setTrouble((error as Error).message);
      setRunning(0);
    }
  };
  const edit = (change: Partial<State>) => show(() => ({ ...state, ...change }));

  useEffect(() => {
    const open = () => show(() => stateOf(location.hash));
    open();
    addEventListener('hashchange', open);
    return () => removeEventListener('hashchange', open);
  }, []);
  useEffect(() => {
    // not a step of the history for every pixel that a point moves
    if (state !== START) history.replaceState(null, '', `#${writeAddress(state)}`);
  }, [state]);
  useEffect(() => {
    if (running === 0) return;
    const frame = requestAnimationFrame(() => {
      setRunning(running - 1);
      edit({ document: descended(state.document, found) });
    });
    return () => cancelAnimationFrame(frame);
  });

  const anchor = found.anchors[state.anchor];
  const triplets = useMemo(
    () =>
      found.triplets.filter(
        (triplet) =>
          triplet.anchor === anchor?.sample &&
          triplet.attribute === anchor.attribute &&
          triplet.class === anchor.class,
      ),
    [found, anchor],
  );
  return (
    <>
      <header>
        <p>
          <a href="../index.html">class-rectification</a>
        </p>
        <h1>Playground</h1>
        <p>
          The Class Rectification Loss of one mini-batch, computed here by the specification itself. Move
          samples, change their labels and the options, and see which classes are minorities, which samples
          are mined, and where the gradient pulls.
        </p>
      </header>
      {trouble ? (
        <p role="alert" class="trouble">
          {trouble}
        </p>
      ) : null}
      <main>
        <section aria-label="The batch" class="batch">
          <Plane
            state={state}
            found={found}
            triplets={triplets}
            move={(sample, x, y) =>
              edit({
                document:
                  found.options.level === 'instance'
                    ? withPoint(state.document, sample, x, y)
                    : withScore(state.document, found, sample, state.column, x),
              })
            }
            relabel={(sample) =>
              edit({ document: withNextLabel(state.document, sample, attributeOf(found, state.column)) })
            }
          />
          <p class="buttons">
            <button type="button" onClick={() => edit({ document: descended(state.document, found) })}>
              Step
            </button>
            <button type="button" onClick={() => setRunning(running > 0 ? 0 : RUN_STEPS)}>
              {running > 0 ? 'Stop' : 'Run'}
            </button>
            <button
              type="button"
              onClick={() => {
                history.replaceState(null, '', location.pathname);
                show(() => START);
              }}
            >
              Start again
            </button>
          </p>
        </section>
        <Controls state={state} found={found} edit={edit} />
        <Stages state={state} found={found} edit={edit} terms={triplets} />
        <Engine found={found} />
        <Documents state={state} show={show} />
      </main>
    </>
  );
}

function attributeOf({ batch }: Found, column: number): number {
  return Math.max(
    0,
    batch.attributes.findIndex(({ columns }) => columns.includes(column)),
  );
}

interface PanelProps {
  readonly state: State;
  readonly found: Found;
  readonly edit: (change: Partial<State>) => void;
}

/** The options, as the specification names them. */
function Controls({ state, found, edit }: PanelProps) {
  const { options, alpha } = found;
  const set = (change: Record<string, unknown>) => edit({ document: withOptions(state.document, change) });
  const columns = found.batch.columns.length;
  return (
    <section aria-label="Options">
      <h2>Options</h2>
      <Slider
        name="ρ"
        what="share of the samples"
        value={options.rho}
        low={0.1}
        high={1}
        step={0.05}
        set={(rho) => set({ rho })}
      />
      <Slider
        name="κ"
        what="hard samples of each kind"
        value={options.kappa}
        low={1}
        high={12}
        step={1}
        set={(kappa) => set({ kappa })}
      />
      {options.comparison === 'distribution' ? null : (
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
      <Slider
        name="α"
        what="weight of L_crl"
        value={alpha}
        low={0}
        high={1}
        step={0.05}
        set={(value) => set({ alpha: value })}
      />
      <Choice
        name="level"
        value={options.level}
        choices={LEVELS}
        set={(level) => set({ level, margin: undefined })}
      />
      <Choice
        name="comparison"
        value={options.comparison}
        choices={COMPARISONS}
        set={(comparison) => set({ comparison, margin: undefined })}
      />
      {options.level === 'class' && columns > 1 ? (
        <Choice
          name="class column that is drawn"
          value={String(state.column)}
          choices={Array.from({ length: columns }, (_, s) => String(s))}
          set={(column) => edit({ column: Number(column) })}
        />
      ) : null}
    </section>
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

function Slider({ name, what, value, low, high, step, set }: SliderProps) {
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

function Choice({ name, value, choices, set }: ChoiceProps) {
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

/** The five stages, each with what it finds and where it is explained. */
function Stages({ state, found, edit, terms }: PanelProps & { terms: Found['triplets'] }) {
  const { selection, anchors, triplets, options } = found;
  const anchor = anchors[state.anchor];
  return (
    <section aria-label="Stages" class="stages">
      <h2>The five stages</h2>
      <Stage number={1} name="selectMinority" source="Eq. 3">
        {selection.profile.map((sizes, j) => (
          <Profile key={j} sizes={sizes} minority={selection.minority[j] ?? []} found={found} attribute={j} />
        ))}
      </Stage>
      <Stage number={2} name="mineHardSamples" source="Eq. 4 to 7">
        {anchors.length === 0 ? <p>No anchors: there is nothing to compare.</p> : null}
        {anchors.length === 0 ? null : (
          <Choice
            name="anchor"
            value={String(state.anchor)}
            choices={['-1', ...anchors.map((_, k) => String(k))]}
            set={(k) => edit({ anchor: Number(k) })}
          />
        )}
        {anchor ? (
          <p>
            Sample {anchor.sample} is an anchor for class {anchor.class} of attribute {anchor.attribute}. Hard
            positives: {anchor.positives.join(', ') || 'none'}. Hard negatives:{' '}
            {anchor.negatives.join(', ') || 'none'}.
          </p>
        ) : (
          <p>{anchors.length} anchors. Choose one to see its samples and triplets.</p>
        )}
      </Stage>
      <Stage number={3} name="formTriplets" source="at most κ² per anchor">
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
      </Stage>
      <Stage number={4} name="rectificationLoss" source="Eq. 9, 13, 16">
        <p>
          L_crl = <strong>{digits(found.rectification)}</strong> ({options.comparison})
        </p>
      </Stage>
      <Stage number={5} name="balancedLoss" source="Eq. 8">
        {found.loss === undefined ? (
          <p>The batch has no scores, and so no cross entropy.</p>
        ) : (
          <p>
            L = α·L_crl + (1−α)·L_ce = {digits(found.alpha)} · {digits(found.rectification)} +{' '}
            {digits(1 - found.alpha)} · {digits(found.crossEntropy as number)} ={' '}
            <strong>{digits(found.loss)}</strong>
          </p>
        )}
      </Stage>
    </section>
  );
}

/** The pages of the site that explain the stages. */
const STAGE_PAGE = (name: string) =>
  `../paper/${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.html`;

function Stage(props: { number: number; name: string; source: string; children: preact.ComponentChildren }) {
  const { number, name, source, children } = props;
  return (
    <div class="stage">
      <h3>
        <a href={STAGE_PAGE(name)}>
          {number} {name}
        </a>{' '}
        <small>{source}</small>
      </h3>
      {children}
    </div>
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

/** L of a backend, and its time. */
function Engine({ found }: { found: Found }) {
  const [engine, setEngine] = useState<EngineName>('host');
  const [result, setResult] = useState<Timed | string | undefined>();
  useEffect(() => {
    setResult(undefined);
  }, [found, engine]);
  if (found.loss === undefined) return null;
  return (
    <section aria-label="Backend">
      <h2>The same, by a backend</h2>
      <Choice
        name="backend"
        value={engine}
        choices={Object.keys(ENGINES)}
        set={(name) => setEngine(name as EngineName)}
      />
      <p>
        <button
          type="button"
          onClick={() => {
            setResult('computing …');
            timed(engine, found).then(setResult, (error: Error) => setResult(error.message));
          }}
        >
          Compute with {ENGINES[engine]}
        </button>
      </p>
      <p role="status">
        {typeof result === 'string' ? result : null}
        {typeof result === 'object'
          ? `L = ${digits(result.loss)} on ${ENGINES[engine]}; the specification has ${digits(found.loss)}. A call with its gradient takes ${digits(result.milliseconds)} ms (median of 7, in this browser).`
          : null}
      </p>
    </section>
  );
}

/** The batch as text, and one that is pasted. */
function Documents({ state, show }: { state: State; show: (next: () => State) => void }) {
  const [text, setText] = useState('');
  const own = JSON.stringify(state.document);
  return (
    <section aria-label="The batch as text">
      <h2>The batch as text</h2>
      <p>
        The address of this page holds the whole batch behind <code>#</code>; nothing is sent. This is the
        document of <a href="../paper/follow-a-batch.html">crl explain</a>, and of a counterexample in a
        report:
      </p>
      <pre>
        <code>{own}</code>
      </pre>
      <label class="paste">
        <span>Paste another one here</span>
        <textarea
          rows={4}
          value={text}
          onInput={(event) => setText((event.target as HTMLTextAreaElement).value)}
        />
      </label>
      <p>
        <button
          type="button"
          onClick={() => show(() => ({ document: readText(text), column: 0, anchor: 0 }))}
        >
          Show it
        </button>
      </p>
    </section>
  );
}

/** Four significant digits, as short as they get. */
function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}

render(<App />, document.querySelector('#app') as HTMLElement);
