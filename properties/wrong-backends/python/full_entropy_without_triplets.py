"""Where no triplet is found, the loss is the whole cross entropy instead of its share 1 − α.

Caught by: balanced-agrees
"""

from right import backend, serve

right = backend.balanced_loss


def balanced_loss(batch, options, weights=None):
    found = right(batch, options, weights)
    if found["statistics"]["triplets"] > 0:
        return found
    return {**right(batch, {**options, "alpha": 0.0}, weights), "rectification": found["rectification"]}


serve("full-entropy-without-triplets", balanced_loss=balanced_loss)
