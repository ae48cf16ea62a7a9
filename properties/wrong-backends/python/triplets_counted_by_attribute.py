"""|T| is counted for each attribute, and the losses of the attributes are added up.

Caught by: loss-agrees
"""

import numpy as np

from right import backend, serve

right = backend.relative_comparison


def relative_comparison(batch, triplets, options, gradient):
    loss = 0.0
    for j in np.unique(triplets[:, 3]):
        own = np.zeros(gradient.shape)
        loss += right(batch, triplets[triplets[:, 3] == j], options, own)
        gradient += own
    return loss


serve("triplets-counted-by-attribute", relative_comparison=relative_comparison)
