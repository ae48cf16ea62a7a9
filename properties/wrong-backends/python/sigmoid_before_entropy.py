"""A sigmoid is applied to the logits, and then a cross entropy that expects logits.

Caught by: balanced-logits-agree
"""

from dataclasses import replace

from right import backend, serve

right = backend.cross_entropies


def cross_entropies(batch):
    if not batch.from_logits:
        return right(batch)
    squashed = backend.sigmoid(batch.scores)
    entropies, slopes = right(replace(batch, scores=squashed))
    return entropies, slopes * squashed * (1 - squashed)


serve("sigmoid-before-entropy", cross_entropies=cross_entropies)
