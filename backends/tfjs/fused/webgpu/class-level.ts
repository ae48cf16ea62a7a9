/**
 * The programs of class level: one sorts each class's column, one compares.
 *
 * @module
 */
import type { Options, Schema } from '../../../../spec/contract.js';
import { heightsOf, histogramSource } from './histogram.js';
import { layOutClasses, SHARED_LENGTHS } from './layout.js';
import type { MakeShader, WebgpuLevel } from './level.js';
import { requireNumberable } from './limits.js';
import { mineSource } from './mine.js';
import { pairsSource } from './pairs.js';
import { RELATIVE } from './relative.js';
import type { Shader } from './shader.js';

/** The programs of class level. */
export function classLevel(schema: Schema, options: Options, shader: MakeShader): WebgpuLevel {
  const { comparison, kappa } = options;
  const shaders = {
    mine: new Map(
      [...SHARED_LENGTHS, 0].map((length) => [length, shader('mine', mineSource(schema, length))]),
    ),
    histogram: shader('histogram', histogramSource('class')),
    compare:
      comparison === 'relative' ? shader('relative', RELATIVE) : shader(comparison, pairsSource(comparison)),
  };
  return (samples) => {
    if (comparison === 'distribution') requireNumberable(samples * Math.min(kappa, samples));
    const layout = layOutClasses(schema, samples);
    const { classes, sortLength, minedWords, slopeWords } = layout;
    const shared = SHARED_LENGTHS.find((most) => sortLength <= most) ?? 0;
    return {
      layout,
      mine(given, run) {
        const mined = run(shaders.mine.get(shared) as Shader, given, {
          groups: classes,
          shape: [classes * minedWords],
          dtype: 'int32',
        });
        const found = { mined, ...heightsOf(options, shaders.histogram, { mined }, run) };
        const slopes = run(
          shaders.compare,
          { ...given, ...found },
          { groups: classes, shape: [classes * slopeWords], dtype: 'float32' },
        );
        return { ...found, slopes };
      },
      derivatives: () => [],
    };
  };
}
