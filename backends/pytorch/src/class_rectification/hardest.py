"""The highest values of each row, ties broken by lower index (ruling: mined order)."""

from __future__ import annotations

import torch
from torch import Tensor

_LOW_HALF = 0xFFFFFFFF


def hardest(values: Tensor, allowed: Tensor, count: int) -> Tensor:
    """The positions of the highest values of each row.

    ``torch.topk`` leaves the order of equal values open, and a loss that ranks must not depend on it.

    Args:
        values: r×n, float32 or float64.
        allowed: r×n booleans; only these are ranked.
        count: How many to find in each row.

    Returns:
        r×min(count, n) positions, the highest value first. Where a row has fewer allowed values, the
        positions after them mean nothing.
    """
    n = values.shape[1]
    count = min(count, n)
    if values.dtype == torch.float64:
        # ascending, which is stable as documented; a value of ±∞ that is allowed is refused or NaN before
        return torch.argsort(torch.where(allowed, -values, torch.inf), dim=1, stable=True)[:, :count]
    # one integer holds the value and, below it, the position, so that no two are equal
    bits = (values + 0.0).view(torch.int32).long()  # −0 becomes 0, which it equals
    ordered = torch.where(bits < 0, bits ^ 0x7FFFFFFF, bits)
    places = torch.arange(n - 1, -1, -1, device=values.device)
    keys = torch.where(allowed, (ordered << 32) + places, torch.iinfo(torch.int64).min)
    highest: Tensor = torch.topk(keys, count, dim=1).values
    return (n - 1) - (highest & _LOW_HALF).clamp(max=n - 1)
