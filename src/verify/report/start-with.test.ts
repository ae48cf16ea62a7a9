import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../../backends/reference.js';
import type { Counterexample, PropertyReport, Report } from '../../../properties/index.js';
import type { Backend } from '../../../spec/index.js';
import { failureText, reportText } from '../../cli/report-text.js';
import { verify } from '../verify.js';
import { failureNotes } from './counterexample-notes.js';
import { reportHtml, reportMarkdown } from './index.js';
import { startWith } from './start-with.js';

/** A failure with a batch of so many samples. */
function failed(
  id: string,
  samples: number,
  more: Partial<PropertyReport> = {},
  of: Partial<Counterexample> = {},
) {
  const labels = Array.from({ length: samples }, () => [0]);
  const document = { attributes: [2], labels, scores: labels.map(() => [1, 0]) };
  const counterexample = { message: `${id} differs`, document, shrinks: 3, token: `${id}@1@0`, ...of };
  const property: PropertyReport = {
    id,
    stage: 'balancedLoss',
    source: 'Eq. 8',
    claim: 'Claimed.',
    required: true,
    verdict: 'failed',
    cases: 1,
    milliseconds: 1,
    replay: 'crl verify',
    counterexample,
    ...more,
  };
  return property;
}

function reportOf(...properties: PropertyReport[]): Report {
  return {
    passed: false,
    seed: 1,
    runs: 5,
    backend: 'own',
    engine: null,
    adapter: null,
    supports: null,
    level: null,
    levels: [],
    versions: {},
    started: '2026-01-01T00:00:00.000Z',
    milliseconds: 1,
    stages: [],
    properties,
    stale: [],
    problems: [],
  };
}

const state = { source: 'contract: no call depends on another' };

describe('where to start', () => {
  it('is the failure that is required, needs no earlier calls, is not of state or changed, is early, and small', () => {
    const order = [
      failed('smaller', 1),
      failed('larger', 2),
      failed('later', 1, { stage: 'balancedLoss' }),
      failed('changed', 1, { stage: 'selectMinority' }, { transformation: 'samples in the order 1, 0' }),
      failed('of-state', 1, { ...state, stage: 'selectMinority' }),
      failed('needs-calls', 1, { stage: 'selectMinority' }, { needsEarlierCalls: true }),
      failed('recommended', 1, { stage: 'selectMinority', required: false }),
    ].map((property) =>
      ['smaller', 'larger'].includes(property.id)
        ? { ...property, stage: 'mineHardSamples' as const }
        : property,
    );
    for (let from = 0; from + 1 < order.length; from++) {
      const rest = reportOf(...order.slice(from).reverse());
      expect(startWith(rest)?.id).toBe(order[from]?.id);
    }
  });

  it('is said before the last line of the text, and in the other forms', () => {
    const report = reportOf(failed('larger', 2), failed('smaller', 1));
    const line = 'start with smaller: its smallest batch has 1 sample';
    expect(stripVTControlCharacters(reportText(report)).split('\n').at(-2)).toBe(line);
    expect(reportMarkdown([report])).toContain(`\n${line}\n`);
    expect(reportHtml([report])).toContain(`<p>${line}</p>`);
  });

  it('is not said of a single failure, and names no batch where there is none', () => {
    expect(startWith(reportOf(failed('alone', 2)))).toBeUndefined();
    const { counterexample: _, ...bare } = failed('bare', 1);
    expect(startWith(reportOf({ ...bare, stage: 'selectMinority' }, failed('other', 1)))?.text).toBe(
      'start with bare',
    );
  });
});

describe('a failure of state of a backend that is an object', () => {
  const advice = 'export a factory, so that the suite can tell whether your backend keeps state';

  it('is followed by the advice to export a factory, in every form, and once', async () => {
    const { balancedLoss } = referenceBackend();
    let calls = 0;
    const forgetful: Backend = {
      ...referenceBackend(),
      // every third answer is another: what differs depends on the calls before
      balancedLoss: (batch, options) =>
        balancedLoss(batch, { ...options, alpha: ++calls % 3 === 0 ? 0 : options.alpha }),
    };
    const choices = { seed: 1, runs: 20, only: ['calls-independent', 'balanced-agrees'] };
    const ofObject = await verify(forgetful, choices);
    expect(ofObject.properties.filter(({ counterexample }) => counterexample?.onSameInstance)).not.toEqual(
      [],
    );
    for (const text of [reportText(ofObject), reportMarkdown([ofObject]), reportHtml([ofObject])])
      expect(text.replaceAll(/\s+/g, ' ').split(advice)).toHaveLength(2);
    const ofFactory = await verify(() => ({ ...forgetful }), choices);
    expect(
      ofFactory.properties.every(({ counterexample }) => counterexample?.onSameInstance === undefined),
    ).toBe(true);
    expect(reportText(ofFactory)).not.toContain('export a factory');
  });
});

describe('a failure of state', () => {
  const stateful = failed('calls-independent', 2, state);
  const notes = (...others: PropertyReport[]) => failureNotes(reportOf(stateful, ...others), stateful);

  it('names the failure of the same stage that does not ask about state', () => {
    const [note] = notes(failed('larger', 3), failed('agreement', 2), failed('other-state', 1, state));
    expect(note).toEqual({ word: 'first', text: expect.stringMatching(/^agreement fails too/) });
    const report = reportOf(stateful, failed('agreement', 2));
    for (const text of [failureText(report, stateful), reportMarkdown([report]), reportHtml([report])])
      expect(text).toContain('agreement fails too, and does not ask about state');
  });

  it('says nothing of others where it needs earlier calls, or nothing else of its stage failed without', () => {
    expect(notes(failed('other-stage', 1, { stage: 'mineHardSamples' }))).toEqual([]);
    expect(notes(failed('also-state', 1, {}, { needsEarlierCalls: true }))).toEqual([]);
    const needs = failed('calls-independent', 2, state, { needsEarlierCalls: true });
    expect(failureNotes(reportOf(needs, failed('agreement', 1)), needs).map(({ word }) => word)).toEqual([
      'state',
    ]);
    const agreement = failed('agreement', 1);
    expect(failureNotes(reportOf(stateful, agreement), agreement)).toEqual([]);
  });
});
