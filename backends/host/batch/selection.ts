/**
 * Stage 1 on flat arrays: class sizes, and the minority classes, each a task for the miner (Eq. 3).
 *
 * @module
 */
import type { Plan } from './flat-schema.js';

/** Class sizes and minority classes of one batch; its arrays are used again by the next. */
export interface Selection {
  /** n. */
  size: number;
  /** h of each of the C columns. */
  readonly profile: Int32Array;
  /** n_j of each of the J attributes. */
  readonly labelled: Int32Array;
  /** Number of minority classes, over all attributes. */
  tasks: number;
  /** Of each task, ascending: its column, its members h, and the labelled samples not of it. */
  readonly column: Int32Array;
  readonly members: Int32Array;
  readonly others: Int32Array;
  /** Of each of the C columns: its task, or −1. */
  readonly taskOf: Int32Array;
  /** |X_min|. */
  anchors: number;
}

/** Room for the selections of a schema. */
export function roomForSelection({ columns, attributes }: Plan): Selection {
  return {
    size: 0,
    profile: new Int32Array(columns),
    labelled: new Int32Array(attributes),
    tasks: 0,
    column: new Int32Array(columns),
    members: new Int32Array(columns),
    others: new Int32Array(columns),
    taskOf: new Int32Array(columns).fill(-1),
    anchors: 0,
  };
}

/**
 * Counts the classes of a batch.
 *
 * @param labels - n rows of `plan.labelWidth`
 * @returns false if a label is out of range: the specification then says which
 */
export function countClasses(plan: Plan, labels: Int32Array, size: number, into: Selection): boolean {
  into.size = size;
  into.profile.fill(0);
  into.labelled.fill(0);
  if (plan.encoding === 'categorical') return countCategorical(plan, labels, into);
  return plan.encoding === 'multi-label'
    ? countMultiLabel(plan, labels, into)
    : countOneAttribute(plan, labels, into);
}

function countCategorical(plan: Plan, labels: Int32Array, { size, profile, labelled }: Selection): boolean {
  const { attributes, first } = plan;
  for (let j = 0; j < attributes; j++) {
    const base = first[j];
    const classes = first[j + 1] - base;
    let unlabelled = 0;
    for (let i = 0, at = j; i < size; i++, at += attributes) {
      const label = labels[at];
      if (label >= 0 && label < classes) profile[base + label] += 1;
      else if (label === -1) unlabelled += 1;
      else return false;
    }
    labelled[j] = size - unlabelled;
  }
  return true;
}

function countMultiLabel(plan: Plan, labels: Int32Array, { size, profile, labelled }: Selection): boolean {
  const { width, first } = plan;
  for (let i = 0, at = 0; i < size; i++) {
    for (let s = 0; s < width; s++, at++) {
      const label = labels[at];
      if (label === 0 || label === 1) {
        profile[first[s] + label] += 1;
        labelled[s] += 1;
      } else if (label !== -1) return false;
    }
  }
  return true;
}

/** Of labels of several columns. */
const ROWS_AT_ONCE = 64;

function countOneAttribute(plan: Plan, labels: Int32Array, { size, profile, labelled }: Selection): boolean {
  const { width } = plan;
  let bits = 0;
  // a column at a time, of so few rows that they stay in a cache; without a branch, for labels are no pattern
  for (let from = 0; from < size; from += ROWS_AT_ONCE) {
    const end = Math.min(from + ROWS_AT_ONCE, size) * width;
    for (let s = 0; s < width; s++) {
      let members = 0;
      for (let at = from * width + s; at < end; at += width) {
        const label = labels[at];
        members = (members + label) | 0;
        bits |= label;
      }
      profile[s] += members;
    }
  }
  labelled[0] = size;
  return (bits & ~1) === 0;
}

/** Turns class sizes into tasks: the minority classes with more than one sample (Eq. 3). */
export function selectTasks(plan: Plan, rho: number, into: Selection): void {
  const { first, attributes } = plan;
  const { profile, labelled } = into;
  clearTasks(into);
  for (let j = 0; j < attributes; j++) {
    const from = first[j];
    const to = first[j + 1];
    const room = rho * labelled[j];
    const { upTo, held } = largestWholeSize(profile, from, to, room);
    const next = nextSize(profile, from, to, upTo);
    let total = held;
    for (let c = from; c < to; c++) {
      const h = profile[c];
      let minority = h <= upTo;
      if (h === next) {
        // ruling: tied class sizes: those of the next size in the order of their indices
        total += h;
        minority = total <= room;
      }
      if (minority && h > 1) addTask(plan, c, into);
    }
  }
}

/** Takes the minority classes from elsewhere. */
export function adoptTasks(plan: Plan, minority: readonly (readonly number[])[], into: Selection): void {
  clearTasks(into);
  minority.forEach((classes, j) => {
    for (const k of classes) addTask(plan, plan.first[j] + k, into);
  });
}

function clearTasks(into: Selection): void {
  for (let t = 0; t < into.tasks; t++) into.taskOf[into.column[t]] = -1;
  into.tasks = 0;
  into.anchors = 0;
}

function addTask(plan: Plan, column: number, into: Selection): void {
  const t = into.tasks++;
  const members = into.profile[column];
  into.column[t] = column;
  into.members[t] = members;
  into.others[t] = into.labelled[plan.attributeOf[column]] - members;
  into.taskOf[column] = t;
  into.anchors += members;
}

/** |T|: κ² an anchor at most. */
export function tripletCount({ tasks, members, others }: Selection, kappa: number): number {
  let total = 0;
  for (let t = 0; t < tasks; t++) {
    const h = members[t];
    total += h * Math.min(kappa, h - 1) * Math.min(kappa, others[t]);
  }
  return total;
}

/** |P+| and |P−|. */
export function pairCounts(
  { tasks, members, others }: Selection,
  kappa: number,
): { near: number; far: number } {
  let near = 0;
  let far = 0;
  for (let t = 0; t < tasks; t++) {
    const h = members[t];
    near += h * Math.min(kappa, h - 1);
    far += h * Math.min(kappa, others[t]);
  }
  return { near, far };
}

/**
 * The largest size of which, and below which, all classes fit: by bisection, so that no class is
 * ever sorted.
 */
function largestWholeSize(
  profile: Int32Array,
  from: number,
  to: number,
  room: number,
): { upTo: number; held: number } {
  let upTo = 0; // classes without a sample always fit
  let held = 0;
  for (let low = 0, high = Math.floor(room); low <= high; ) {
    const middle = (low + high) >> 1;
    let sum = 0;
    for (let c = from; c < to; c++) {
      const h = profile[c];
      if (h <= middle) sum += h;
    }
    if (sum <= room) {
      upTo = middle;
      held = sum;
      low = middle + 1;
    } else high = middle - 1;
  }
  return { upTo, held };
}

/** The smallest size above another; −1 if there is none. */
function nextSize(profile: Int32Array, from: number, to: number, above: number): number {
  let next = -1;
  for (let c = from; c < to; c++) {
    const h = profile[c];
    if (h > above && (next < 0 || h < next)) next = h;
  }
  return next;
}
