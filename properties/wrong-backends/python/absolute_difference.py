"""The distance to a negative is |p_a − p_−|, so that a negative that scores above the anchor is rewarded.

Caught by: loss-agrees
"""

import numpy as np

from right import backend, serve

right = backend.pair_distance


def pair_distance(batch, options, pairs, side):
    return np.abs(right(batch, options, pairs, side))


serve("absolute-difference", pair_distance=pair_distance)
