"""The κ hardest positives are chosen first, and the anchor is taken out of them afterwards.

Caught by: mining-agrees
"""

from right import backend, serve

right = backend.hard_samples


def hard_samples(batch, options, column, sample, members, others):
    positives, negatives = right(batch, options, column, -1, members, others)
    if options["level"] == "instance":
        return right(batch, options, column, sample, members, others)
    return positives[positives != sample], negatives


serve("anchor-removed-late", hard_samples=hard_samples)
