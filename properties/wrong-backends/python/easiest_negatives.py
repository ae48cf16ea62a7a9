"""The negatives are those with the κ smallest scores, by the line that was copied from the positives.

Caught by: mining-agrees
"""

from right import backend, serve


def hard_samples(batch, options, column, sample, members, others):
    kappa = min(options["kappa"], batch.size)
    companions = members[members != sample]
    if options["level"] == "class":
        score = batch.ranked(column)
        return backend.hardest(companions, -score, kappa), backend.hardest(others, -score, kappa)
    distance = backend.distances(batch.features_of(batch.columns[column][0]), sample)
    return backend.hardest(companions, distance, kappa), backend.hardest(others, -distance, kappa)


serve("easiest-negatives", hard_samples=hard_samples)
