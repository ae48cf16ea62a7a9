"""Reads what a step is given: shapes always, values where that is asked for."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from class_rectification.errors import InputRangeError, InputTypeError
from class_rectification.options import Options
from class_rectification.schema import Schema

_OUTSIDE = 1e-6
"""How far a probability may lie outside [0, 1] (ruling: probabilities)."""


def read_scores(schema: Schema, scores: Tensor | Sequence[Tensor], *, empty: bool) -> Tensor:
    """n×S scores in float32 or float64; the heads of several attributes side by side."""
    if isinstance(scores, Sequence):
        for k, head in enumerate(scores):
            _tensor(f"logits[{k}]", head)
        widths = [head.shape[-1] for head in scores]
        expected = list(schema.attributes if schema.encoding == "categorical" else (1,) * schema.score_width)
        if len(scores) > 1 and widths != expected:
            raise InputRangeError("shape-mismatch", "logits", f"heads of {expected} columns", widths)
        scores = torch.cat(list(scores), -1)
    _tensor("logits", scores)
    if not scores.is_floating_point():
        raise InputTypeError("wrong-type", "logits", "floating-point numbers", scores.dtype)
    if scores.dim() != 2 or scores.shape[1] != schema.score_width:
        expected_shape = f"n×{schema.score_width} for attributes {list(schema.attributes)}"
        raise InputRangeError("shape-mismatch", "logits", expected_shape, _shape(scores))
    if len(scores) == 0 and not empty:
        raise InputRangeError("shape-mismatch", "logits", "at least one sample", _shape(scores))
    return scores if scores.dtype == torch.float64 else scores.float()


def read_target(schema: Schema, target: Tensor, scores: Tensor) -> Tensor:
    """Labels as n×labelWidth numbers, which :func:`check_values` may find not to be whole."""
    _tensor("target", target)
    n, width = len(scores), schema.label_width
    rows = target[:, None] if target.dim() == 1 and width == 1 else target
    if tuple(rows.shape) != (n, width):
        flat = " (or n)" if width == 1 else ""
        hint = ""
        if schema.encoding == "categorical" and tuple(rows.shape) == (n, schema.score_width):
            hint = "; one-hot rows become class indices by target.argmax(1)"
        raise InputRangeError("shape-mismatch", "target", f"{n}×{width}{flat}{hint}", _shape(target))
    if rows.is_complex() or (schema.encoding == "categorical" and not _holds_indices(schema, rows)):
        expected = "class indices, such as torch.long" if schema.encoding == "categorical" else "real numbers"
        raise InputTypeError("wrong-type", "target", expected, target.dtype)
    if rows.device != scores.device:
        raise InputRangeError("shape-mismatch", "target", f"a tensor on {scores.device}", rows.device)
    return rows if rows.is_floating_point() else rows.long()


def _holds_indices(schema: Schema, target: Tensor) -> bool:
    """Whether its type has a number for every class: True and False tell two classes apart."""
    if target.dtype == torch.bool:
        return max(schema.attributes) <= 2
    return not target.is_floating_point()


def read_features(schema: Schema, options: Options, features: Tensor | None, scores: Tensor) -> Tensor | None:
    """n×d or J×n×d features at instance level, none at class level."""
    if options.level == "class":
        if features is not None:
            raise InputRangeError("option-unknown", "features", "none at class level", _shape(features))
        return None
    if features is None:
        raise InputRangeError("features-missing", "features", "n×d, or J×n×d, at instance level", None)
    _tensor("features", features)
    n, attributes = len(scores), len(schema.attributes)
    fits = features.shape[:-1] in ((n,), (attributes, n))
    if not fits or features.shape[-1] == 0:
        expected = f"{n}×d, or {attributes}×{n}×d"
        raise InputRangeError("shape-mismatch", "features", expected, _shape(features))
    return features if features.dtype == torch.float64 else features.float()


def read_weights(weights: Tensor | None, scores: Tensor) -> Tensor | None:
    """n weights of samples."""
    if weights is None:
        return None
    _tensor("sample_weight", weights)
    if tuple(weights.shape) != (len(scores),):
        expected = f"{len(scores)}, one per sample"
        raise InputRangeError("shape-mismatch", "sample_weight", expected, _shape(weights))
    return weights.to(scores.dtype)


def check_values(
    schema: Schema,
    scores: Tensor,
    target: Tensor,
    features: Tensor | None,
    weights: Tensor | None,
    alpha: float | Tensor,
    from_logits: bool,
) -> None:
    """Refuses values that no step may be given; it waits for the device."""
    _finite("logits", scores)
    if not from_logits:
        _first("logits", scores, (scores < -_OUTSIDE) | (scores > 1 + _OUTSIDE), "a probability in [0, 1]")
    if schema.encoding == "categorical":
        classes = torch.tensor(schema.attributes, device=target.device)
        _first("target", target, (target < -1) | (target >= classes), "a class of its attribute, or −1")
    else:
        least = -1 if schema.encoding == "multi-label" else 0
        expected = "0, 1 or −1" if least else "0 or 1"
        # compared with each of them, since 0.7 lies between but is no label
        known = (target == 0) | (target == 1) | (target == least)
        _first("target", target, ~known, expected)
    if features is not None:
        _finite("features", features)
    if weights is not None:
        _first("sample_weight", weights, ~(weights >= 0) | weights.isinf(), "a finite weight ≥ 0")
    if isinstance(alpha, Tensor):
        _first("alpha", alpha, ~((alpha >= 0) & (alpha <= 1)), "a number in [0, 1]")


def _finite(where: str, values: Tensor) -> None:
    _first(where, values, ~values.isfinite(), "a finite number")


def _first(where: str, values: Tensor, wrong: Tensor, expected: str) -> None:
    if not bool(wrong.any()):
        return
    place = wrong.nonzero()[0].tolist()
    at = "".join(f"[{i}]" for i in place)
    raise InputRangeError("value-invalid", f"{where}{at}", expected, values[tuple(place)].item())


def _tensor(where: str, value: object) -> None:
    if not isinstance(value, Tensor):
        raise InputTypeError("wrong-type", where, "a tensor", type(value).__name__)


def _shape(tensor: Tensor) -> str:
    return "×".join(str(size) for size in tensor.shape) or "a scalar"
