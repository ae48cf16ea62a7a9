/**
 * The playground: a batch that can be touched, and what the loss finds in it.
 *
 * @module
 */
import { render } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { type State, writeAddress } from '../../src/support/playground-state.js';
import { Choice, Controls } from './controls.js';
import { digits } from './digits.js';
import { descended } from './edit.js';
import { EditablePlane } from './editable-plane.js';
import { ENGINES, type EngineName, type Timed, timed } from './engines.js';
import { tripletsOf, useShown } from './shown.js';
import { Stages } from './stages.js';
import { readText, START, stateOf } from './state.js';
import type { Found } from './walk.js';

/** The steps of a run, one per frame. */
const RUN_STEPS = 120;

function App() {
  const { state, found, trouble, show, edit } = useShown();
  const [running, setRunning] = useState(0);

  useEffect(() => {
    if (trouble !== '') setRunning(0);
  }, [trouble]);
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

  const triplets = useMemo(() => tripletsOf(found, state.anchor), [found, state.anchor]);
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
          <EditablePlane state={state} found={found} triplets={triplets} edit={edit} />
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
        <Stages state={state} found={found} edit={edit} />
        <Engine found={found} />
        <Documents state={state} show={show} />
      </main>
    </>
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

render(<App />, document.querySelector('#app') as HTMLElement);
