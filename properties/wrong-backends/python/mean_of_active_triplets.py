"""The mean is taken over the triplets whose hinge is above 0, not over all of them.

Caught by: loss-agrees
"""

import numpy as np

from right import backend, serve


def relative_comparison(batch, triplets, options, gradient):
    if len(triplets) == 0:
        return 0.0
    positive = backend.pairs_of(batch, triplets[:, [0, 1, 3, 4]])
    negative = backend.pairs_of(batch, triplets[:, [0, 2, 3, 4]])
    margin = np.array(options["margin"])[triplets[:, 3]]
    nearer = backend.pair_distance(batch, options, positive, "positives")
    farther = backend.pair_distance(batch, options, negative, "negatives")
    excess = np.maximum((margin + nearer) - farther, 0)
    active = (excess > 0).astype(float)
    backend.add_slopes(gradient, batch, options, positive, "positives", active)
    backend.add_slopes(gradient, batch, options, negative, "negatives", -active)
    count = max(active.sum(), 1)
    gradient /= count
    return excess.sum() / count


serve("mean-of-active-triplets", relative_comparison=relative_comparison)
