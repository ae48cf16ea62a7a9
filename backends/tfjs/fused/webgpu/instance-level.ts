/**
 * The programs of instance level: one finds the anchors, one their hardest samples and what these add to L_crl.
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Options, Schema } from '../../../../spec/contract.js';
import { anchorsSource } from './anchors.js';
import { featureGradientSource } from './feature-gradient.js';
import { heightsOf, histogramSource } from './histogram.js';
import { layOutAnchors } from './layout.js';
import type { MakeShader, WebgpuLevel } from './level.js';
import { neighboursSource } from './neighbours.js';
import { deviceLimits } from './shader.js';

/** The programs of instance level. */
export function instanceLevel(schema: Schema, options: Options, shader: MakeShader): WebgpuLevel {
  const { comparison } = options;
  const shaders = {
    anchors: shader('anchors', anchorsSource(schema)),
    neighbours: shader('neighbours', neighboursSource(schema, comparison)),
    histogram: shader('histogram', histogramSource('instance')),
    featureGradient: {
      total: shader('featureGradient', featureGradientSource(comparison, 'total')),
      perSample: shader('featureGradient', featureGradientSource(comparison, 'perSample')),
    },
  };
  return (_samples, features) => {
    const { shape } = features as tf.Tensor3D;
    const layout = layOutAnchors(schema, options, shape, deviceLimits());
    return {
      layout,
      mine(given, run) {
        const mined = run(shaders.anchors, given, {
          groups: layout.classes,
          shape: [layout.classes * layout.minedWords + layout.slots],
          dtype: 'int32',
        });
        const chosen = run(
          shaders.neighbours,
          { ...given, mined },
          { groups: layout.groups, shape: [layout.chosenWords], dtype: 'int32' },
        );
        const found = { mined, chosen };
        return { ...found, ...heightsOf(options, shaders.histogram, found, run) };
      },
      derivatives: (inputs, run, form) => [
        run(shaders.featureGradient[form], inputs, {
          groups: layout.matrices * layout.samples,
          shape,
          dtype: 'float32',
        }),
      ],
    };
  };
}
