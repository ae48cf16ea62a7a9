"""L_crl of the mined pairs: the relative, absolute and distribution comparisons (Eq. 9, 13 and 16)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from class_rectification.options import Options


@dataclass(frozen=True)
class Pairs:
    """Distances of the anchors to what was mined for them.

    Attributes:
        positive: A×κ, d(a, +).
        has_positive: A×κ booleans.
        negative: A×κ, d(a, −), ascending in each row: hardest first.
        has_negative: A×κ booleans.
        margin: A numbers, m of the anchor's attribute.
    """

    positive: Tensor
    has_positive: Tensor
    negative: Tensor
    has_negative: Tensor
    margin: Tensor


def rectification_loss(pairs: Pairs, options: Options) -> Tensor:
    """L_crl; an empty mean is 0 with zero gradient (ruling: nothing to compare)."""
    return _COMPARISONS[options.comparison](pairs, options)


def relative(pairs: Pairs, _: Options) -> Tensor:
    """The mean of max(0, (m + d₊) − d₋) over all triplets (Eq. 9).

    An anchor's negatives are sorted, so those that are active for a positive come first, and their sum is a
    running sum: no tensor holds the triplets one by one.
    """
    reach = pairs.margin[:, None] + pairs.positive
    distance = torch.where(pairs.has_negative, pairs.negative, torch.inf)
    active = torch.searchsorted(distance.detach().contiguous(), reach.detach().contiguous())
    running = torch.where(pairs.has_negative, pairs.negative, 0).cumsum(1)
    held = torch.cat([running.new_zeros(len(running), 1), running], 1).gather(1, active)
    total = torch.where(pairs.has_positive, active * reach - held, 0).sum()
    triplets = (pairs.has_positive.sum(1) * pairs.has_negative.sum(1)).sum()
    return total / triplets.clamp(min=1)


def absolute(pairs: Pairs, _: Options) -> Tensor:
    """½·(mean of d₊² + mean of max(m − d₋, 0)²), each mean by itself (Eq. 13)."""
    positive = torch.where(pairs.has_positive, pairs.positive, 0).square().sum()
    short = torch.relu(pairs.margin[:, None] - pairs.negative)
    negative = torch.where(pairs.has_negative, short, 0).square().sum()
    positives, negatives = pairs.has_positive.sum(), pairs.has_negative.sum()
    return 0.5 * (positive / positives.clamp(min=1) + negative / negatives.clamp(min=1))


def distribution(pairs: Pairs, options: Options) -> Tensor:
    """The chance that a negative pair lies no farther than a positive one, by histograms (Eq. 14 to 16)."""
    positive = _histogram(pairs.positive, pairs.has_positive, options)
    negative = _histogram(pairs.negative, pairs.has_negative, options)
    return (positive * negative.cumsum(0)).sum()


def _histogram(distance: Tensor, exists: Tensor, options: Options) -> Tensor:
    """h over the τ nodes; a distance is shared between the two nodes beside it (ruling: histogram)."""
    lo, hi = options.range
    place = (distance.clamp(lo, hi) - lo) * (options.bins - 1) / (hi - lo)
    left = place.detach().nan_to_num().floor().clamp(0, options.bins - 2).long()
    right_share = torch.where(exists, place - left, 0).flatten()
    left_share = torch.where(exists, 1 - (place - left), 0).flatten()
    sums = distance.new_zeros(options.bins)
    sums = sums.index_put((left.flatten(),), left_share, accumulate=True)
    sums = sums.index_put((left.flatten() + 1,), right_share, accumulate=True)
    return sums / exists.sum().clamp(min=1)


_COMPARISONS = {"relative": relative, "absolute": absolute, "distribution": distribution}
