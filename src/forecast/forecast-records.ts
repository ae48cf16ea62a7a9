/**
 * A forecast of the labels of a data set, as label files, folders and arrays have them.
 *
 * @module
 */
import type { Encoding } from '../../spec/rules.js';
import type { AttributeClasses } from '../data/label-names.js';
import { attributeLabels, type Labelled, singleLabels } from '../data/label-rows.js';
import { type Forecast, type ForecastOptions, forecast } from './forecast.js';

/**
 * Forecasts the batches of a data set.
 *
 * @param source - records with their labels; `attributes` where each has one class of several
 * @param encoding - where each record has one label, `one-attribute` has the same batches as `categorical`, which
 * it becomes: rows of 0 and 1 for thousands of classes would fill the memory
 * @throws InputTypeError, InputRangeError - naming the option
 */
export function forecastRecords(
  source: Labelled & { readonly attributes?: readonly AttributeClasses[] | undefined },
  encoding: Encoding,
  options: Omit<ForecastOptions, 'encoding' | 'attributes'>,
): Forecast {
  const { records, classes, attributes } = source;
  if (attributes)
    return forecast(attributeLabels({ records, classes, attributes }), { ...options, attributes });
  const single = encoding !== 'multi-label' && records.every(({ labels }) => labels.length === 1);
  if (encoding === 'categorical' || single) {
    const labels = singleLabels(source).map((k) => [k]);
    return forecast(labels, { ...options, attributes: [{ name: 'class', classes }] });
  }
  const rows = records.map(({ labels }) => {
    const row = new Uint8Array(classes.length);
    for (const k of labels) row[k] = 1;
    return row;
  });
  const sides = classes.map((name) => ({ name, classes: ['absent', 'present'] }));
  const named = encoding === 'multi-label' ? sides : [{ name: 'class', classes }];
  return forecast(rows, { ...options, encoding, attributes: named });
}
