"""The highest values of each row, ties broken by lower index (ruling: mined order)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

_LOW_HALF = 0xFFFFFFFF
_SHORT = 128
"""Rows up to this length are sorted whole, which takes fewer operations."""


def hardest(values: Tensor, excluded: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The highest values of each row, and their positions.

    ``torch.topk`` leaves the order of equal values open, and a loss that ranks must not depend on it.

    Args:
        values: r×n, float32 or float64.
        excluded: r×n booleans; these are not ranked.
        count: How many to find in each row.

    Returns:
        r×min(count, n) values, the highest first, and as many positions. Where a row has fewer values that
        are ranked, those after them mean nothing.
    """
    n = values.shape[1]
    count = min(count, n)
    if values.dtype == torch.float64:
        # by value, then what is not ranked to the end: a distance that overflowed is ±∞, and is ranked
        order = values.sort(dim=1, descending=True, stable=True).indices
        order = order.gather(1, excluded.gather(1, order).to(torch.uint8).sort(dim=1, stable=True).indices)
        positions = order[:, :count]
        return values.gather(1, positions), positions
    # one integer holds the value and, below it, the position, so that no two are equal
    bits = (values + 0.0).view(torch.int32)  # −0 becomes 0, which it equals
    keys = torch.where(bits < 0, bits ^ 0x7FFFFFFF, bits).long() * 2**32
    keys = keys + torch.arange(n - 1, -1, -1, device=values.device)
    keys = keys.masked_fill(excluded, torch.iinfo(torch.int64).min)
    highest: Tensor = torch.topk(keys, count, dim=1).values
    positions = (n - 1) - (highest & _LOW_HALF).clamp(max=n - 1)
    return values.gather(1, positions), positions


def hardest_on_host(
    values: npt.NDArray[Any], excluded: npt.NDArray[np.bool_], count: int
) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """The same as :func:`hardest`, for arrays of NumPy."""
    n = values.shape[1]
    count = min(count, n)
    if values.dtype == np.float64 or n <= _SHORT:
        positions = np.lexsort((-values, excluded), axis=1)[:, :count]
    else:
        bits = (values + np.float32(0)).view(np.int32)
        keys = bits.astype(np.int64)
        if bits.min() < 0:
            keys = np.where(keys < 0, keys ^ 0x7FFFFFFF, keys)
        keys <<= 32
        keys += np.arange(n - 1, -1, -1)
        keys[excluded] = np.iinfo(np.int64).min
        keys.partition(n - count, axis=1)
        highest = np.sort(keys[:, n - count :], axis=1)[:, ::-1]
        positions = (n - 1) - np.minimum(highest & _LOW_HALF, n - 1)
    return np.take_along_axis(values, positions, 1), positions
