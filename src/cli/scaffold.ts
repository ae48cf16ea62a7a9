/**
 * The file that a new backend starts from.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** A language in which a new backend can be written. */
export type ScaffoldLanguage = 'typescript' | 'javascript' | 'python' | 'cpp';

/** What ends the name of a file in each language. */
const ENDINGS: Record<ScaffoldLanguage, string> = {
  typescript: 'ts',
  javascript: 'mjs',
  python: 'py',
  cpp: 'cpp',
};

/** Backends that are programs for the protocol, and that a new one is a copy of. */
const PROGRAMS = { python: 'numpy', cpp: 'cpp' } as const;

/** The name of the file of a backend. A module of Python has no dashes, and a program of C++ follows it. */
export function scaffoldFile(name: string, language: ScaffoldLanguage): string {
  return `${language in PROGRAMS ? name.replaceAll('-', '_') : name}.${ENDINGS[language]}`;
}

/** A backend that passes as it stands. */
export function scaffoldOf(name: string, language: ScaffoldLanguage): string {
  return language === 'python' || language === 'cpp'
    ? program(name, language)
    : scaffold(name, language === 'typescript');
}

/** A backend of this package under another name: its stages are written out, for the protocol. */
function program(name: string, language: keyof typeof PROGRAMS): string {
  const root = join(createRequire(import.meta.url).resolve('class-rectification/package.json'), '..');
  const own = PROGRAMS[language];
  const text = readFileSync(join(root, `backends/${own}/${own}_backend.${ENDINGS[language]}`), 'utf8');
  return text.replaceAll(`${own}-backend`, name).replaceAll(`${own}_backend`, name.replaceAll('-', '_'));
}

/** A backend of JavaScript: each stage is the specification's, until it is replaced. */
function scaffold(name: string, typescript: boolean): string {
  const typed = (type: string) => (typescript ? type : '');
  const factory = `${name.replaceAll(/-+(\w)/g, (_, letter: string) => letter.toUpperCase())}Backend`;
  return `/**
 * The backend ${name}.
 *
 * It passes as it stands, since every stage is the specification's. Replace one stage, verify, and
 * continue with the next; name a stage that you do not have in supports.missing, and delete its method.
 */
import {${typed(`
  type Backend,
  type BalancedLoss,
  type BalancedOptions,
  type Batch,
  type HardSamples,
  type MinoritySelection,
  type Options,
  type RectificationLoss,
  type Triplets,`)}
  balancedLoss,
  formTriplets,
  mineHardSamples,
  rectificationLoss,
  selectMinority,
} from 'class-rectification/spec';

/** Called once per run; { engine } is what --engine names, if your backend has several. */
export default function ${factory}()${typed(': Backend')} {
  return {
    name: '${name}',
    supports: {
      // TODO: take out what you do not compute; it is reported as skipped, never as passed
      encodings: ['categorical', 'multi-label', 'one-attribute'],
      levels: ['class', 'instance'],
      comparisons: ['relative', 'absolute', 'distribution'],
      anchors: ['all', 'easy'],
      gradient: true,
      // TODO: 'float32' if you compute in it: tolerances are derived from this
      precision: 'float64',
      // TODO: 'async' if your methods return promises (such a backend cannot train)
      execution: 'sync',
      // missing: { formTriplets: 'fused into the loss: no triplet is ever stored' },
    },

    /** Eq. 3: the sizes of the classes in the batch, and the minority classes that survive. */
    selectMinority(batch${typed(': Batch')}, options${typed(': Options')})${typed(': MinoritySelection')} {
      // TODO: yours. batch.membership is n×C of 0/1; batch.attributes[j].columns are its columns
      return selectMinority(batch, options);
    },

    /** Eq. 4 to 7: κ hard positives and κ hard negatives of every anchor, hardest first. */
    mineHardSamples(batch${typed(': Batch')}, selection${typed(': MinoritySelection')}, options${typed(': Options')})${typed(': HardSamples')} {
      // TODO: yours. selection is the specification's, so that a fault of selectMinority shows once
      return mineHardSamples(batch, selection, options);
    },

    /** |T|×5 of (anchor, positive, negative, attribute, class). */
    formTriplets(hard${typed(': HardSamples')})${typed(': Triplets')} {
      // TODO: yours, or declare it missing
      return formTriplets(hard);
    },

    /** Eq. 9, 13 or 16, as options.comparison says: L_crl and its derivative. */
    rectificationLoss(
      batch${typed(': Batch')},
      hard${typed(': HardSamples')},
      triplets${typed(': Triplets')},
      options${typed(': Options')},
    )${typed(': RectificationLoss')} {
      // TODO: yours
      return rectificationLoss(batch, hard, triplets, options);
    },

    /** Eq. 2 and 8: the whole walk in one call. This is what trains, and the one that you must have. */
    balancedLoss(batch${typed(': Batch')}, options${typed(': BalancedOptions')})${typed(': BalancedLoss')} {
      // TODO: yours, through the same kernels as above
      return balancedLoss(batch, options);
    },
  };
}
`;
}
