"""The cross entropy inside the loss is weighted by the frequency of each sample's class.

Caught by: balanced-agrees
"""

from right import backend, serve

right = backend.cross_entropies


def cross_entropies(batch):
    entropies, slopes = right(batch)
    sizes = batch.members.sum(axis=0)
    weights = (batch.members * (batch.size / (sizes + 1))).max(axis=1)
    return weights * entropies, weights[:, None] * slopes


serve("entropy-weighted-by-class", cross_entropies=cross_entropies)
