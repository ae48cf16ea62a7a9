/**
 * How often each label is in the Human Protein Atlas's training set, and how many labels an image has.
 *
 * Counted in the label file of the challenge “Human Protein Atlas Image Classification” (Kaggle, 2018):
 * 31,072 images, 50,782 labels, 11 to 12,885 per class. It is the set that the article trains on.
 *
 * @module
 */

/** Images counted. */
export const IMAGES = 31_072;

/** Labels by class index: the structure that is stained green, and how many images have it. */
export const STRUCTURES: readonly (readonly [name: string, images: number])[] = [
  ['Nucleoplasm', 12_885],
  ['Nuclear membrane', 1254],
  ['Nucleoli', 3621],
  ['Nucleoli fibrillar center', 1561],
  ['Nuclear speckles', 1858],
  ['Nuclear bodies', 2513],
  ['Endoplasmic reticulum', 1008],
  ['Golgi apparatus', 2822],
  ['Peroxisomes', 53],
  ['Endosomes', 45],
  ['Lysosomes', 28],
  ['Intermediate filaments', 1093],
  ['Actin filaments', 688],
  ['Focal adhesion sites', 537],
  ['Microtubules', 1066],
  ['Microtubule ends', 21],
  ['Cytokinetic bridge', 530],
  ['Mitotic spindle', 210],
  ['Microtubule organizing center', 902],
  ['Centrosome', 1482],
  ['Lipid droplets', 172],
  ['Plasma membrane', 3777],
  ['Cell junctions', 802],
  ['Mitochondria', 2965],
  ['Aggresome', 322],
  ['Cytosol', 8228],
  ['Cytoplasmic bodies', 328],
  ['Rods & rings', 11],
];

/** Images with one label, two, and so on. */
export const LABELS_AN_IMAGE: readonly number[] = [15_126, 12_485, 3160, 299, 2];
