"""nn.DataParallel splits the batch, and each replica computes the loss of its own part.

Caught by: global-batch-agrees
"""

import numpy as np

from right import backend, serve


def loss_on_replicas(shards, options, averaging, weights=None):
    answers = []
    for r, shard in enumerate(shards):
        if shard.size > 0:
            answers.append(backend.balanced_loss(shard, options, None if weights is None else weights[r]))
            continue
        empty = {"loss": 0.0, "gradient": np.zeros(shard.scores.shape)}
        if shard.features is not None:
            empty["featureGradient"] = np.zeros(shard.features.shape)
        answers.append(empty)
    return [{name: own[name] for name in own if name in ("loss", "gradient", "featureGradient")} for own in answers]


serve("loss-of-each-shard", loss_on_replicas=loss_on_replicas)
