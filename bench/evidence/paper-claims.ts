/**
 * What the paper and its successor claim, beside what this evidence can say about it.
 *
 * @module
 */
/** A claim of theirs. */
interface PaperClaim {
  readonly claim: string;
  /** What would have to be true of a setting, so that it could be seen there. */
  readonly needs: string;
  /** What was tried here. Results are in the tables, so that this text does not age. */
  readonly here: string;
}

const CLAIMS: readonly PaperClaim[] = [
  {
    claim:
      'On balanced CIFAR-100, CRL gains 3.6 points over cross entropy with CifarNet, 1.2 with ResNet32 and .8 with DenseNet',
    needs: 'balanced classes, of which batches still have minorities by chance; colour images of 100 classes',
    here: 'not tried: no such data set comes with a package. Digits 1:10 are the nearest',
  },
  {
    claim:
      'On faces of 40 binary attributes up to 1:43 (CelebA), 3 points of mean accuracy over the best rival of its time',
    needs:
      'several attributes, whose rare sides are surviving minorities in most batches, and hard negatives that look like them',
    here: 'the synthetic faces: ten binary attributes from 1:1 to 1:43, drawn so that attributes overlap',
  },
  {
    claim: 'On clothing up to 1:4,162 (X-Domain) and 1:733 (DeepFashion), 4.7 and 2.4 points',
    needs:
      'hundreds of thousands of images: a class of one in four thousand needs large batches to survive h > 1',
    here: 'not tried; [the forecast](forecast.md) says what batches of such counts hold',
  },
  {
    claim: 'Class level is better than instance level',
    needs: 'both levels tuned alike',
    here: 'the row “class level is better than instance level” of the table above, and the rows with unit features',
  },
  {
    claim: 'κ = 1 is too few',
    needs: 'a sweep of κ that reaches 1',
    here: 'κ 2 and 1 are tried where the best κ is at the lower edge of a grid that grows; “chosen” in the tables below tells where they were the best',
  },
  {
    claim: 'It trains 7 to 10 times faster than its best rival (LMLE)',
    needs: 'an implementation of that rival, which clusters the features again and again',
    here: 'not tried: the rivals here cost nothing. [Speed](speed.md) has what CRL costs',
  },
  {
    claim:
      'DCL (arXiv 1901.06783), which takes easy anchors and changes the weights of its losses over time, gains 2.2 points over CRL on CIFAR-100; on CelebA the anchors add 1.0 to sampling, and the schedule another 1.5',
    needs: 'its choice of anchors, its schedule, and its sampling',
    here: 'the rows with easy anchors: at class level with a constant α, and at instance level with its schedule (“falling weight”). Batches are plain: its sampling was not tried',
  },
];

/** The claims as a section of the page. */
export function paperClaims(): string[] {
  return [
    '## What the papers claim',
    '',
    'Each claim, what would have to be true for it to show, and where to look for it here.',
    '',
    '| claim | what it needs | here |',
    '| --- | --- | --- |',
    ...CLAIMS.map(({ claim, needs, here }) => `| ${claim} | ${needs} | ${here} |`),
    '',
  ];
}
