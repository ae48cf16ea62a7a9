"""1 minus the accuracy of the batch is added to the loss. It has no gradient, so it only moves the curve.

Caught by: balanced-agrees
"""

from right import backend, serve

right = backend.balanced_loss


def balanced_loss(batch, options, weights=None):
    found = right(batch, options, weights)
    y, counts = backend.targets(batch)
    predicted = backend.to_probabilities(batch).scores >= 0.5
    accuracy = ((predicted == y) & counts).sum() / max(counts.sum(), 1)
    return {**found, "loss": found["loss"] + 1 - accuracy}


serve("constant-added", balanced_loss=balanced_loss)
