/**
 * The rulings: what the texts leave open and this specification decides, as data.
 *
 * Sources: A, the article; P, the paper; R, this project.
 *
 * @module
 */

/** One ruling. */
export interface Ruling {
  /** Its name, as code and reports cite it. */
  readonly name: string;
  /** What this specification decides. */
  readonly text: string;
  /** What else has been seen, or could have been decided. */
  readonly alternatives: string;
  /** Where it comes from. */
  readonly source: string;
  /** The properties that fail if a backend, or the specification, does otherwise. */
  readonly properties: readonly string[];
}

/** All rulings, in the order of the walk. */
export const rulings: readonly Ruling[] = [
  {
    name: 'unlabelled samples',
    text: 'A label of −1 or null makes a sample neither positive nor negative for that attribute; n_j counts labelled samples only.',
    alternatives: 'Counting every sample of the batch; treating the unlabelled as negatives.',
    source: 'R; the paper prints n_bs in Eq. 3',
    properties: ['minority-prefix-maximal', 'mined-roles', 'minority-agrees', 'labels-refused'],
  },
  {
    name: 'multi-label data',
    text: 'Each label is a binary attribute (absent 0, present 1): either side can be the minority; at exactly n_j/2 each it is absent. −1 or null leaves the sample out of that label. The absent class is ranked by p(present) in reverse (hard positives: largest p; hard negatives: smallest; ties by lower index), and its differences are taken on p, so that nothing is lost to rounding 1 − p.',
    alternatives: 'All labels flattened into one attribute; the absent side never mined.',
    source: 'P',
    properties: ['minority-agrees', 'mining-agrees', 'gradient-agrees'],
  },
  {
    name: 'one attribute',
    text: 'The article’s reading: all labels are classes of one attribute, rows are multi-hot with entries 0 or 1 only, n_j = n; an all-zero row is a labelled sample and a negative of every class.',
    alternatives: 'Leaving all-zero rows out.',
    source: 'A',
    properties: ['minority-prefix-maximal', 'mined-roles', 'mining-agrees', 'multi-hot-refused'],
  },
  {
    name: 'probabilities',
    text: 'Class level ranks and measures probabilities, never logits; rows need not sum to 1. A score outside [0, 1] by more than 1e-6, NaN or infinite is an error that names sample and column; within the tolerance it is used as it is. At instance level scores may be absent. Equal logits (of a softmax: equal rows) have equal probabilities wherever they lie in memory, so that they are ties. So are probabilities that are 1 in float32 and float64 alike, from logits of 40 on, or 40 and more above the others of a softmax, whatever the logits are.',
    alternatives: 'Ranking logits; clamping; a softmax of what is already a probability.',
    source: 'R',
    properties: ['balanced-logits-agree', 'loss-agrees', 'batch-refused', 'scores-refused', 'stages-refused'],
  },
  {
    name: 'precision',
    text: 'The specification keeps and ranks what it is given, in float64; a float32 backend declares so, and the suite then gives it scores that float32 holds exactly. A float32 backend may hold α and the weights in float32, and flush subnormal numbers to 0; a float64 backend keeps subnormal numbers. 0 and −0 are one score, so that they are ties.',
    alternatives: 'Rounding the input first.',
    source: 'R',
    properties: ['mining-agrees', 'mined-hardest'],
  },
  {
    name: 'ρ, κ',
    text: 'ρ lies in (0, 1], κ is an integer ≥ 1. At ρ = 1 every class with h > 1 is minority in the single-label encodings. Defaults: ρ 0.5; κ 3, that of the article’s example.',
    alternatives: 'κ = 0 meaning all; a crash at κ ≥ n.',
    source: 'R',
    properties: ['options-refused', 'choices-refused', 'minority-at-one', 'mined-roles'],
  },
  {
    name: 'tied class sizes',
    text: 'Classes are taken by (size, class index), ascending.',
    alternatives:
      'An unstable sort (A). In random protein-atlas batches of 32 the descending class order gives another minority set in 49%, a random tie order in about 35%.',
    source: 'R',
    properties: ['minority-agrees', 'classes-renamed-minority'],
  },
  {
    name: 'minority prefix',
    text: 'The longest prefix in that order with Σh (an integer) ≤ the float64 product ρ·n_j, not rounded; then classes with h ≤ 1 are dropped. Empty classes sit in the prefix and are dropped. Reported, and anchors ordered, by ascending class index.',
    alternatives: '< for ≤; each class alone instead of cumulatively; a nominal batch size.',
    source: 'Eq. 3; A, P footnote 2 for h > 1',
    properties: ['minority-prefix-maximal', 'minority-paired', 'minority-agrees'],
  },
  {
    name: 'anchors',
    text: 'Every sample of every surviving minority class is an anchor, one for each (sample, class), ordered by attribute, class, sample.',
    alternatives: 'A subsample; easy samples only, which the option of the next ruling chooses.',
    source: 'R; P as DCL (arXiv 1901.06783) tells it',
    properties: ['anchors-complete'],
  },
  {
    name: 'easy anchors',
    text: 'The option anchors: easy, which no preset sets, makes anchors of the easy members of a surviving minority class only: the κ that score highest on the class, at either level, equal scores by lower sample index; all members if there are no more than κ. On the absent side of a label the highest score is the lowest p(present). Hard samples are mined as without the option, among all members and all non-members, and anchors keep their order. |T|, P+ and P− count these anchors only, so that a class has at most κ anchors and κ³ triplets. Scores are needed at instance level too, and logits are turned into probabilities first; the selection is constant under the derivative, and sample weights do not see it.',
    alternatives:
      'DCL takes members that are predicted correctly with high confidence, and its summaries name no number. A threshold on p(c), 0.9 in a public implementation, under which a class may have no anchor; members whose class has the highest score of their row; a number of its own instead of κ; at instance level the members nearest to the mean of their class.',
    source: 'DCL (arXiv 1901.06783) for easy anchors; R for how many, and for ties',
    properties: ['easy-anchors-mined', 'easy-anchors-balanced', 'anchors-complete', 'triplets-bounded-walk'],
  },
  {
    name: 'anchor excluded',
    text: 'The anchor is taken out of its own positives before κ are chosen.',
    alternatives: 'After choosing; never.',
    source: 'R',
    properties: ['mined-roles'],
  },
  {
    name: 'mined order',
    text: 'Hardest first on both sides; equal scores or distances by lower sample index.',
    alternatives: 'The article’s tables print negatives hardest last.',
    source: 'R',
    properties: ['mined-hardest', 'mining-agrees', 'samples-permuted-mining', 'hardest-defined'],
  },
  {
    name: 'fewer than κ',
    text: 'Take what there is. A class that holds every labelled sample (possible only at ρ = 1) has no negatives: its anchors stay in the list and give no triplet.',
    alternatives: 'Dropping such anchors; repeating samples.',
    source: 'R',
    properties: ['mined-roles', 'anchors-complete'],
  },
  {
    name: 'features',
    text: 'Used as given, never normalised: one n×d matrix shared by all attributes (gradients add up), or one per attribute (J×n×d, with a gradient each). d = sqrt(Σ_t (f_at − f_bt)²) in float64, components in order; ranked and compared by this value.',
    alternatives: 'Squared distances; unit-length vectors.',
    source: 'R',
    properties: ['mining-agrees', 'gradient-agrees', 'gradient-finite-differences', 'features-refused'],
  },
  {
    name: 'non-finite features',
    text: 'Where values are seen, a feature that is NaN or infinite is an error that names it, features[i][t] or features[j][i][t]. A step of training that does not read its tensors makes L NaN or infinite instead, if the feature is that of an anchor or of another labelled sample of an attribute whose samples are compared: what cannot be ranked is neither left out nor taken for the farthest. Features are not limited in size. The square of a distance between finite features may overflow in the precision of the backend, and the distance is then infinite: L_crl and L are then NaN, infinite, or what the true distances give, and never another finite number. Where L is finite, so are its gradients; where it is not, they mean nothing.',
    alternatives:
      'A hinge max(0, NaN) that is 0; NaN or infinity as the farthest sample, which a negative then never is; leaving such samples out; a largest feature; distances that never overflow, such as those of hypot.',
    source: 'R',
    properties: ['features-refused', 'non-finite-feature-surfaces', 'overflowing-distance-surfaces'],
  },
  {
    name: 'triplet order',
    text: 'Anchors, then positives, then negatives, each in mined order.',
    alternatives: 'A: anchors by (sample, class), negatives hardest last.',
    source: 'R',
    properties: ['triplets-agree'],
  },
  {
    name: 'pairs',
    text: 'P+ and P− hold one ordered pair for each (attribute, class, anchor, mined sample), pooled like T: (a,b) and (b,a) are two, the same two samples under two classes are two, and none is repeated for each triplet. They do not depend on triplets.',
    alternatives: 'The pairs of the triplets, each as often as it occurs there.',
    source: 'R',
    properties: ['loss-agrees', 'gradient-agrees'],
  },
  {
    name: '|T|',
    text: 'Pooled over all attributes, classes and anchors.',
    alternatives: 'For each attribute; active triplets only.',
    source: 'Eq. 9',
    properties: ['loss-agrees', 'balanced-agrees'],
  },
  {
    name: 'margin',
    text: 'Class level 0.5; instance level 2π/K_j, empty classes counted (π for a binary attribute, which unit-length features never satisfy). m_ac of the absolute comparison is the same. Settable as one finite number ≥ 0, or one per attribute.',
    alternatives: '1; 0.25.',
    source: 'Eq. 12; A',
    properties: ['loss-agrees', 'margin-default', 'choices-refused'],
  },
  {
    name: 'hinge',
    text: 'Evaluated as (m + d₊) − d₋, left to right, so that kinks lie where the margin puts them.',
    alternatives: 'Any other order, which moves kinks by rounding.',
    source: 'R',
    properties: ['loss-agrees', 'gradient-agrees'],
  },
  {
    name: 'signed distance',
    text: 'd(a,−) = p_a − p_− is signed, as Eq. 10 prints it, also inside Eq. 13 and Eq. 15.',
    alternatives: 'Absolute on the negative side, which rewards violations.',
    source: 'Eq. 10',
    properties: ['loss-agrees', 'gradient-agrees'],
  },
  {
    name: 'histogram',
    text: 'τ ≥ 2 nodes, 100 by default, b_t = lo + (t−1)Δ, Δ = (hi−lo)/(τ−1); class level lo, hi = −1, 1; instance level 0, 2 unless set. A distance’s place is u = (d−lo)·(τ−1)/(hi−lo), its bin floor(u), the last bin taking d = hi; a distance outside is clamped.',
    alternatives: 'Nearest node; dropping what lies outside.',
    source: 'Eq. 14, 15',
    properties: ['loss-agrees', 'histogram-sums-to-one', 'choices-refused'],
  },
  {
    name: 'nothing to compare',
    text: 'An empty mean is 0 with zero gradient. Relative: no triplet gives 0. Distribution: P+ or P− empty gives 0. Absolute: this holds for each of the two means separately; the other one stays. Where L_crl = 0, L = (1−α)·L_ce, gradient included.',
    alternatives: 'The full L_ce; NaN; an exception.',
    source: 'R',
    properties: ['nothing-to-compare', 'nothing-to-compare-walk', 'sides-compared'],
  },
  {
    name: 'gradient',
    text: 'With respect to the probabilities (features at instance level) as given, every number an independent variable (no softmax inside; multi-label: p(present), the absent side contributing with −1). It flows through anchor, positive and negative alike; the selection is constant. The balanced loss has its gradient with respect to the logits if it was given logits, else to the probabilities.',
    alternatives: 'Detached scores.',
    source: 'R',
    properties: [
      'gradient-agrees',
      'gradient-finite-differences',
      'balanced-gradient-agrees',
      'balanced-logits-agree',
      'second-derivatives-agree',
    ],
  },
  {
    name: 'kinks',
    text: 'The derivative of max(0, x) is 1 for x > 0 else 0; of |x| at 0 it is 0; of ‖·‖ at 0 it is 0; at a histogram node it is that of the bin to its right, at hi that of the last bin; a distance strictly outside [lo, hi] has zero gradient; max(p, 1e-7) has derivative 0 at and below 1e-7.',
    alternatives: 'tfjs’s own: |x| has −1 at 0, a norm of 0 gives NaN.',
    source: 'R',
    properties: ['gradient-agrees', 'balanced-gradient-agrees'],
  },
  {
    name: 'cross entropy',
    text: 'Divides by n, unlabelled samples adding 0. Multi-label: Eq. 2 over (absent, present), −(1/n)ΣΣ[y log p + (1−y) log(1−p)]; one-attribute: the same sum over its labels. From logits in a fused, stable form; from probabilities log max(p, 1e-7).',
    alternatives: 'The mean over attributes too.',
    source: 'Eq. 2',
    properties: [
      'balanced-agrees',
      'balanced-logits-agree',
      'cross-entropy-defined',
      'cross-entropy-differences',
    ],
  },
  {
    name: 'sample weights',
    text: 'A weight w_i ≥ 0 per sample (class weights, sample weights) scales that sample’s cross entropy only, and L_crl counts by the mean weight: L = (1/n) Σ_i w_i·(α·L_crl + (1−α)·ce_i). The mean is over all n samples, unlabelled ones too; the features’ gradient takes the same α·mean weight. Weights that are all 0 give L = 0 with zero gradient; a negative or non-finite weight is an error where weights are seen. Weights are per sample, not per attribute, and never normalised; selection and mining do not see them.',
    alternatives:
      'Divided by Σw, as PyTorch does; the whole batch scaled by the mean weight, which is what a scalar loss gets from model.fit.',
    source: 'R',
    properties: [
      'sample-weights-defined',
      'sample-weights-alone',
      'sample-weights-refused',
      'training-sample-losses-agree',
      'training-weighs-samples',
    ],
  },
  {
    name: 'global batch',
    text: 'Over replicas the loss is that of the whole batch, shards in rank-major order: class sizes, minority classes, hard samples, |T| and n are those of the whole batch. Under a data-parallel engine that averages gradients over W replicas, each replica returns a number whose value is L of the whole batch and whose gradient is that of W·(α·L_crl of the whole batch with only its own rows live + (1−α)·(1/n)·Σ of its own ce_i). With sample weights: W·(α·w̄·L_crl + (1−α)·(1/n)·Σ w_i·ce_i), w̄ the mean weight of the whole batch. An empty shard takes part in every exchange and returns a zero gradient that is connected to its inputs. Under an engine that sums, the factor is 1.',
    alternatives:
      'Each replica its own loss (per replica), which is another loss; a mean of local means, which is wrong for unequal shards; each replica’s own rows first, so that ties are broken otherwise on every replica.',
    source: 'R',
    properties: ['global-batch-agrees', 'global-batch-defined', 'shards-refused'],
  },
  {
    name: 'per replica',
    text: 'A backend may declare that each replica computes the loss of its own shard, as if there were no other: value and gradient are those of the shard, and an empty shard gives 0 with zero gradient. This is another loss than that of the whole batch: a class that has a pair in the whole batch may have none in any shard.',
    alternatives: 'The global batch, which is what the equations say.',
    source: 'R',
    properties: ['per-replica-agrees', 'per-replica-defined'],
  },
  {
    name: 'Ω',
    text: 'Default shortfall: 1 − N/(K·max_k h_k), the share that would be missing samples if every class grew to the largest. Also transport = ½Σ|h_k/N − 1/K|, ratio = min/max, or a number in [0, 1]. h_k are training-set counts of labelled samples (label occurrences in one-attribute), N = Σh_k, K counts empty classes; mean over attributes; an attribute without a labelled sample is an error.',
    alternatives:
      'ratio (A) falls as imbalance grows. Protein atlas as one attribute: shortfall 0.859, transport 0.476, ratio 0.000854; as binary attributes 0.463, 0.442, 0.0750.',
    source: 'R; A for ratio',
    properties: ['imbalance-bounded', 'class-counts-defined', 'weights-refused'],
  },
  {
    name: 'α',
    text: 'η·Ω, or given directly; outside [0, 1] it is an error, not a clamp; η defaults to 0.01.',
    alternatives: 'A percentage; computed for each batch.',
    source: 'Eq. 8; A for η; P cross-validates it',
    properties: ['weight-bounded', 'weights-refused'],
  },
  {
    name: 'prediction and A_bln',
    text: 'Single-label: argmax, the lowest class index on ties; multi-label: present where p ≥ 0.5, settable. A class with no test samples is left out of A_bln, and named. Several attributes: the mean of their accuracies.',
    alternatives: 'NaN; 0.',
    source: 'Eq. 17, 18',
    properties: [
      'predictions-defined',
      'balanced-accuracy-defined',
      'mean-accuracy-defined',
      'metrics-refused',
    ],
  },
];
