/**
 * `crl test`: predictions of a run's model for images, and metrics where labels are known.
 *
 * @module
 */
import { join } from 'node:path';
import { writePredictions } from '../data/label-writer.js';
import { indentedJson } from '../support/json-text.js';
import { writeWhole } from '../support/write-whole.js';
import { PREDICTIONS_FILE, RunFolder } from '../train/run-folder.js';
import { type TestChoices, testRun } from '../train/test-run.js';
import { checkNamedFiles, namedFile } from './named-files.js';
import { evaluationTable } from './train-command.js';

/** Flags of the command. */
export interface TestCommandOptions extends TestChoices {
  /** Where predictions go. */
  readonly out?: string;
  /** Where metrics go, as JSON. */
  readonly metrics?: string;
}

/** Tests a run. */
export async function testCommand(run: string, options: TestCommandOptions): Promise<number> {
  const { out = join(run, PREDICTIONS_FILE), metrics, ...choices } = options;
  checkNamedFiles([
    ...namedFile('--labels', choices.labels),
    ...namedFile('--out', out, true),
    ...namedFile('--probabilities', choices.probabilities, true),
    ...namedFile('--metrics', metrics, true),
  ]);
  const { rows, classes, evaluation, bad, set } = await testRun(new RunFolder(run), choices);
  for (const { message } of bad) process.stderr.write(`Left out: ${message}\n`);
  writePredictions(out, rows, classes, { separator: separatorOf(classes) });
  if (evaluation) process.stdout.write(`${evaluationTable({ value: evaluation })}\n`);
  if (evaluation && metrics !== undefined) writeWhole(metrics, `${indentedJson(evaluation)}\n`);
  const also = choices.probabilities === undefined ? '' : `, probabilities in ${choices.probabilities}`;
  process.stdout.write(`${rows.length} predictions for ${set} in ${out}${also}\n`);
  return 0;
}

/** What separates the labels of an image: a mark that is in no name. */
function separatorOf(classes: readonly string[]): string {
  return (
    [' ', ';', '|', ','].find(
      (mark) => !classes.some((name) => (mark === ' ' ? /\s/.test(name) : name.includes(mark))),
    ) ?? ' '
  );
}
