"""The choices that shape the loss, checked by name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from class_rectification.errors import InputRangeError, InputTypeError
from class_rectification.schema import Schema

Level = Literal["class", "instance"]
Comparison = Literal["relative", "absolute", "distribution"]
Anchors = Literal["all", "easy"]
Imbalance = Literal["shortfall", "transport", "ratio"]

LARGEST_BINS = 10**6
CLASS_MARGIN = 0.5
"""Margin at class level (ruling: margin)."""


@dataclass(frozen=True)
class Options:
    """The choices, complete.

    Attributes:
        rho: ρ in (0, 1], the share of an attribute's labelled samples that its minority classes may hold.
        kappa: κ ≥ 1, how many hard positives, and how many hard negatives, an anchor has at most.
        level: Whether scores or features are compared.
        comparison: How pairs are compared: Eq. 9, 13 or 16.
        anchors: Which members of a minority class are anchors (rulings: anchors, easy anchors).
        margin: m_j ≥ 0, one per attribute (Eq. 12).
        bins: τ ≥ 2, nodes of the histograms (Eq. 14).
        range: [lo, hi] of the histograms.
    """

    rho: float
    kappa: int
    level: Level
    comparison: Comparison
    anchors: Anchors
    margin: tuple[float, ...]
    bins: int
    range: tuple[float, float]

    @staticmethod
    def of(
        schema: Schema,
        *,
        rho: float = 0.5,
        kappa: int = 3,
        level: Level = "class",
        comparison: Comparison = "relative",
        anchors: Anchors = "all",
        margin: float | Sequence[float] | None = None,
        bins: int = 100,
        range: tuple[float, float] | None = None,
    ) -> Options:
        """Checks the choices and fills in the defaults; the parameters are those of the loss.

        Raises:
            InputTypeError: for a value of another type.
            InputRangeError: for a value out of range.
        """
        if not 0 < number("rho", rho) <= 1:
            raise InputRangeError("option-out-of-range", "rho", "a number in (0, 1]", rho)
        whole("kappa", kappa, 1)
        _choice("level", level, get_args(Level))
        _choice("comparison", comparison, get_args(Comparison))
        _choice("anchors", anchors, get_args(Anchors))
        if whole("bins", bins, 2) > LARGEST_BINS:
            raise InputRangeError("option-out-of-range", "bins", f"at most {LARGEST_BINS}", bins)
        margins = _margins(schema, level, margin)
        ends = _range(((-1.0, 1.0) if level == "class" else (0.0, 2.0)) if range is None else range)
        return Options(float(rho), kappa, level, comparison, anchors, margins, bins, ends)


def number(name: str, value: object) -> float:
    """Returns a number as a float, and refuses anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputTypeError("wrong-type", name, "a number", repr(value))
    return float(value)


def whole(name: str, value: object, least: int) -> int:
    """Returns a whole number of at least ``least``, and refuses anything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputTypeError("wrong-type", name, f"a whole number ≥ {least}", repr(value))
    if value < least:
        raise InputRangeError("option-out-of-range", name, f"a whole number ≥ {least}", value)
    return value


def _choice(name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InputRangeError("option-out-of-range", name, " | ".join(known), repr(value))


def _margins(schema: Schema, level: Level, margin: float | Sequence[float] | None) -> tuple[float, ...]:
    if margin is None:
        # Eq. 12: 2π/|Z_j| at instance level, counting empty classes too
        return tuple(CLASS_MARGIN if level == "class" else 2 * math.pi / size for size in schema.attributes)
    several = isinstance(margin, Sequence)
    margins = tuple(margin) if isinstance(margin, Sequence) else (margin,) * len(schema.attributes)
    if len(margins) != len(schema.attributes):
        expected = f"one number, or {len(schema.attributes)} (one per attribute)"
        raise InputRangeError("option-out-of-range", "margin", expected, repr(margin))
    for j, one in enumerate(margins):
        name = f"margin[{j}]" if several else "margin"
        if not (math.isfinite(number(name, one)) and one >= 0):
            raise InputRangeError("option-out-of-range", name, "a finite number ≥ 0", one)
    return tuple(float(one) for one in margins)


def _range(ends: object) -> tuple[float, float]:
    expected = "(lo, hi), finite, lo < hi"
    if not isinstance(ends, Sequence) or len(ends) != 2:
        raise InputTypeError("wrong-type", "range", expected, repr(ends))
    lo, hi = number("range[0]", ends[0]), number("range[1]", ends[1])
    if not (math.isfinite(lo) and math.isfinite(hi) and lo < hi and math.isfinite(hi - lo)):
        raise InputRangeError("option-out-of-range", "range", expected, repr(ends))
    return lo, hi
