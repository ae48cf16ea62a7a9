/**
 * Where a config names files and folders.
 *
 * @module
 */
import { resolve } from 'node:path';
import type { TrainConfig } from './config.js';

type Raw = Readonly<Record<string, unknown>>;

/** The fields of a part of a config that are paths; in some of them a number is a share instead. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  data: ['labels', 'folder', 'validation', 'test'],
  model: ['file'],
};

/** The same config with paths that do not depend on the working directory, for the file of a run. */
export function withAbsolutePaths(config: TrainConfig): TrainConfig {
  return mapped(config, (path) => resolve(path));
}

/** The same config without its paths: the images that are found there say whether the data are the same. */
export function withoutPaths(config: TrainConfig): TrainConfig {
  return mapped(config, () => undefined);
}

function mapped(config: TrainConfig, change: (path: string) => string | undefined): TrainConfig {
  const parts = Object.entries(PATHS).map(([part, names]) => {
    const given = (config as unknown as Raw)[part] as Raw;
    const fields = names.filter((name) => typeof given[name] === 'string');
    return [
      part,
      { ...given, ...Object.fromEntries(fields.map((name) => [name, change(given[name] as string)])) },
    ];
  });
  return { ...config, ...Object.fromEntries(parts) };
}
