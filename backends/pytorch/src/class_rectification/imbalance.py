"""Ω, the imbalance of the training set, and α = η·Ω (Eq. 8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy.typing as npt
from torch import Tensor

from class_rectification.errors import InputRangeError, InputTypeError
from class_rectification.options import Imbalance, number, whole
from class_rectification.schema import Schema

Counts: TypeAlias = Sequence[int] | Tensor | npt.NDArray[Any]
"""The count of each class of one attribute: a list, or what ``torch.bincount`` and ``numpy.bincount`` return."""


def read_counts(schema: Schema, counts: Counts | Sequence[Counts]) -> list[list[int]]:
    """The training set's counts, one list per attribute with one count per class.

    A flat list stands for those of a single attribute.

    Raises:
        InputTypeError: for something other than lists, tensors or arrays.
        InputRangeError: for another number of lists or counts than the schema has attributes or classes.
    """
    rows = _plain(counts)
    attributes = len(schema.attributes)
    if not isinstance(rows, list):
        raise InputTypeError("wrong-type", "training_counts", "one list of counts per attribute", repr(counts))
    if not any(isinstance(row, list) for row in rows):
        if attributes > 1:
            expected = f"{attributes} lists of counts, one per attribute"
            raise InputRangeError("counts-invalid", "training_counts", expected, f"one list, {rows!r}")
        rows = [rows]
    if len(rows) != attributes:
        lists = "1 list" if attributes == 1 else f"{attributes} lists"
        expected = f"{lists} of counts, one per attribute"
        raise InputRangeError("counts-invalid", "training_counts", expected, len(rows))
    for j, (row, classes) in enumerate(zip(rows, schema.attributes)):
        if not isinstance(row, list):
            raise InputTypeError("wrong-type", f"training_counts[{j}]", "a list of counts", repr(row))
        if len(row) != classes:
            expected = f"{classes} counts, one per class" if classes > 1 else "1 count, one per class"
            raise InputRangeError("counts-invalid", f"training_counts[{j}]", expected, len(row))
    return rows


def _plain(value: Any) -> Any:
    """Lists and numbers of Python, from tensors, arrays and sequences of them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(one) for one in value]
    return value


def imbalance(counts: Sequence[Sequence[int]], measure: Imbalance | float = "shortfall") -> float:
    """Ω of a training set, the mean over its attributes (ruling: Ω).

    Args:
        counts: For each attribute the counts h_k of its labelled training samples, by class. Empty classes count.
        measure: ``shortfall``, 1 − N/(K·max h); ``transport``, ½·Σ|h_k/N − 1/K|; ``ratio``, min h/max h; or
            Ω itself, in [0, 1].

    Raises:
        InputTypeError: for counts that are no whole numbers.
        InputRangeError: for an attribute without a labelled sample, or an unknown measure.

    Example:
        >>> round(imbalance([[90, 10]]), 4)
        0.4444
    """
    if not isinstance(measure, str):
        if not 0 <= number("imbalance", measure) <= 1:
            raise InputRangeError("option-out-of-range", "imbalance", "Ω in [0, 1]", measure)
        return float(measure)
    if measure not in _MEASURES:
        expected = f"{' | '.join(_MEASURES)} | a number"
        raise InputRangeError("option-out-of-range", "imbalance", expected, repr(measure))
    if len(counts) == 0 or not all(isinstance(h, Sequence) for h in counts):
        raise InputTypeError("wrong-type", "training_counts", "one list of counts per attribute", repr(counts))
    for j, h in enumerate(counts):
        for k, one in enumerate(h):
            whole(f"training_counts[{j}][{k}]", one, 0)
        if sum(h) == 0:
            raise InputRangeError("counts-invalid", f"training_counts[{j}]", "a labelled sample", list(h))
    return sum(_MEASURES[measure](h) for h in counts) / len(counts)


def rectification_weight(omega: float, eta: float = 0.01) -> float:
    """α = η·Ω (Eq. 8).

    Raises:
        InputRangeError: if η is negative, or α lies outside [0, 1], which is an error, not a clamp (ruling: α).
    """
    if not number("eta", eta) >= 0:
        raise InputRangeError("option-out-of-range", "eta", "a number ≥ 0", eta)
    return check_alpha("alpha = eta·Ω", number("eta", eta) * omega)


def check_alpha(name: str, alpha: object) -> float:
    """Returns α, which lies in [0, 1]."""
    if not 0 <= number(name, alpha) <= 1:
        raise InputRangeError("option-out-of-range", name, "a number in [0, 1]", alpha)
    return number(name, alpha)


def _shortfall(h: Sequence[int]) -> float:
    return 1 - sum(h) / (len(h) * max(h))


def _transport(h: Sequence[int]) -> float:
    return 0.5 * sum(abs(k / sum(h) - 1 / len(h)) for k in h)


def _ratio(h: Sequence[int]) -> float:
    return min(h) / max(h)


_MEASURES = {"shortfall": _shortfall, "transport": _transport, "ratio": _ratio}
