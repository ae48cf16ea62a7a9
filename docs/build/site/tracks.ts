/**
 * The documents of the site: three tracks, each in its reader's order, and pages about the project.
 *
 * A document's address is part of the site's promise: it stays when a title changes.
 *
 * @module
 */

/** A page of a track. */
export interface TrackPage {
  /** The file below `docs/`, or `../` something. */
  readonly file: string;
  /** The address below the site, without `.html`. */
  readonly address: string;
  /** The title in the sidebar. */
  readonly title: string;
}

/** A reader's way through the documents. */
export interface Track {
  /** The first part of the addresses of its pages. */
  readonly id: 'train' | 'verify' | 'paper' | 'project';
  /** The name in the head of every page. */
  readonly title: string;
  /** Pages under headings, in reading order. */
  readonly groups: readonly { readonly title: string; readonly pages: readonly TrackPage[] }[];
}

function page(file: string, address: string, title: string): TrackPage {
  return { file, address, title };
}

export const tracks: readonly Track[] = [
  {
    id: 'train',
    title: 'Train',
    groups: [
      {
        title: 'Start',
        pages: [
          page('train.md', 'train/first-model', 'Your first model'),
          page('which-loss.md', 'train/which-loss', 'Which loss should I use?'),
          page('choose-eta.md', 'train/choose-eta', 'Choose η and the batch size'),
          page('forecast.md', 'train/forecast', 'Know before you train'),
          page('migrate.md', 'train/migrate', 'Move from the article’s code'),
        ],
      },
      {
        title: 'Your data and labels',
        pages: [
          page('multi-label.md', 'train/multi-label', 'Multi-label data'),
          page('several-heads.md', 'train/several-heads', 'Several heads'),
          page('instance-level.md', 'train/instance-level', 'Instance level'),
          page('class-weights.md', 'train/class-weights', 'Class weights'),
          page('data.md', 'train/data', 'Bring your data'),
        ],
      },
      {
        title: 'Run it',
        pages: [
          page('crl-train.md', 'train/command-line', 'Train from the command line'),
          page('resume.md', 'train/resume', 'Stop and resume'),
          page('browsers.md', 'train/browsers', 'Browsers and bundlers'),
          page('jax-js.md', 'train/jax-js', 'Train with jax-js'),
          page('engines.md', 'train/engines', 'Engines'),
          page('pytorch.md', 'train/pytorch', 'PyTorch and clusters'),
          page('speed.md', 'train/speed', 'How fast, and why'),
        ],
      },
      {
        title: 'Questions',
        pages: [
          page('questions.md', 'train/questions', 'Frequent questions'),
          page('errors.md', 'train/errors', 'Errors and what they mean'),
          page('evidence.md', 'train/evidence', 'Does it help?'),
        ],
      },
    ],
  },
  {
    id: 'verify',
    title: 'Verify',
    groups: [
      {
        title: 'Start',
        pages: [
          page('write-a-backend.md', 'verify/write-a-backend', 'Write a backend'),
          page('verify.md', 'verify/verify-a-backend', 'Verify a backend'),
          page('protocol.md', 'verify/any-language', 'In any language'),
          page('../backends/pytorch/README.md', 'verify/pytorch', 'The backend in PyTorch'),
        ],
      },
      {
        title: 'How far to trust it',
        pages: [
          page('wrong-backends.md', 'verify/wrong-backends', 'Wrong backends'),
          page('implementations.md', 'verify/implementations', 'Public implementations'),
          page('coverage.md', 'verify/coverage', 'Coverage'),
          page('mutation.md', 'verify/mutation', 'Mutation score'),
        ],
      },
    ],
  },
  {
    id: 'paper',
    title: 'The paper',
    groups: [
      {
        title: 'Start',
        pages: [
          page('paper.md', 'paper/read-in-code', 'Read the paper in code'),
          page('explain.md', 'paper/follow-a-batch', 'Follow a batch'),
        ],
      },
      {
        title: 'The walk',
        pages: [
          page('paper/0-batch.md', 'paper/batch', 'The batch'),
          page('paper/1-select-minority.md', 'paper/select-minority', '1 selectMinority'),
          page('paper/2-mine-hard-samples.md', 'paper/mine-hard-samples', '2 mineHardSamples'),
          page('paper/3-form-triplets.md', 'paper/form-triplets', '3 formTriplets'),
          page('paper/4-rectification-loss.md', 'paper/rectification-loss', '4 rectificationLoss'),
          page('paper/5-balanced-loss.md', 'paper/balanced-loss', '5 balancedLoss'),
          page('paper/6-metrics.md', 'paper/metrics', 'Metrics'),
        ],
      },
      {
        title: 'Look up',
        pages: [
          page('paper/symbols.md', 'paper/symbols', 'Symbols'),
          page('paper/equations.md', 'paper/equations', 'Equations'),
          page('paper/rulings.md', 'paper/rulings', 'Rulings'),
          page('paper/vectors.md', 'paper/vectors', 'Vectors'),
          page('paper/article.md', 'paper/article', 'The article and its errors'),
        ],
      },
    ],
  },
  {
    id: 'project',
    title: 'Project',
    groups: [
      {
        title: 'Project',
        pages: [
          page('../CHANGELOG.md', 'project/changes', 'Changes'),
          page('../CONTRIBUTING.md', 'project/contributing', 'Contributing'),
        ],
      },
    ],
  },
];

/** All pages of all tracks, in order. */
export function allPages(): TrackPage[] {
  return tracks.flatMap(({ groups }) => groups.flatMap(({ pages }) => pages));
}

/** The documents that no other document has as its child: those of `docs/paper` are children of paper.md. */
export function rootDocuments(): string[] {
  return allPages()
    .map(({ file }) => file)
    .filter((file) => !file.startsWith('paper/'));
}
