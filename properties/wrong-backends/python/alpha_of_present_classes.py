"""α is computed anew for each batch, from the imbalance of the classes that are present in it.

Caught by: balanced-agrees
"""

from right import backend, serve

right = backend.balanced_loss


def balanced_loss(batch, options, weights=None):
    sizes = batch.members.sum(axis=0)
    present = sizes[sizes > 0]
    omega = 0.0 if len(present) == 0 else 1 - present.sum() / (len(present) * present.max())
    return right(batch, {**options, "alpha": float(0.01 * omega)}, weights)


serve("alpha-of-present-classes", balanced_loss=balanced_loss)
