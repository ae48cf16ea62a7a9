"""Attributes, encodings and the class columns that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, get_args

import torch
from torch import Tensor

from class_rectification.errors import InputRangeError, InputTypeError

Encoding = Literal["categorical", "multi-label", "one-attribute"]
ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)


@dataclass(frozen=True)
class Schema:
    """What stays the same from batch to batch.

    Class columns are the classes of all attributes side by side, C of them. In ``multi-label`` each label is
    an attribute of two classes, absent and present (ruling: multi-label data).

    Attributes:
        encoding: How labels are given.
        attributes: K_j, the number of classes of each of the J attributes.
        column_attribute: C numbers, the attribute of each class column.
        column_class: C numbers, its class.
        column_score: C numbers, the score column it is ranked by.
        column_sign: C numbers, −1 for the absent side of a label, which is ranked in reverse, else 1.
        score_width: S, the width of the scores.
        label_width: The width of the labels: J, in ``one-attribute`` S.
    """

    encoding: Encoding
    attributes: tuple[int, ...]
    column_attribute: tuple[int, ...]
    column_class: tuple[int, ...]
    column_score: tuple[int, ...]
    column_sign: tuple[int, ...]
    score_width: int
    label_width: int

    @staticmethod
    def of(attributes: int | Sequence[int], encoding: Encoding = "categorical") -> Schema:
        """Checks the attributes and lays out their columns.

        Args:
            attributes: K_j of each attribute. One number stands for a single attribute of that many classes,
                or in ``multi-label`` for that many labels.
            encoding: ``categorical``, ``multi-label`` (labels that do not exclude each other, each an attribute
                of its own) or ``one-attribute`` (such labels as the classes of one attribute).

        Raises:
            InputTypeError: for attributes that are no whole numbers.
            InputRangeError: for an attribute without a class, or an encoding that does not exist.

        Example:
            >>> Schema.of([3, 2]).score_width
            5
            >>> Schema.of(4, "multi-label").attributes
            (2, 2, 2, 2)
        """
        if encoding not in ENCODINGS:
            raise InputRangeError("option-out-of-range", "encoding", " | ".join(ENCODINGS), repr(encoding))
        sizes = _sizes(attributes, encoding)
        owner = tuple(j for j, size in enumerate(sizes) for _ in range(size))
        classes = tuple(k for size in sizes for k in range(size))
        if encoding == "multi-label":
            score, sign = owner, tuple(1 if k else -1 for k in classes)
            width = len(sizes)
        else:
            width = len(owner)
            score, sign = tuple(range(width)), (1,) * width
        labels = width if encoding == "one-attribute" else len(sizes)
        return Schema(encoding, sizes, owner, classes, score, sign, width, labels)

    @property
    def first_columns(self) -> tuple[int, ...]:
        """J numbers, the class column at which each attribute begins."""
        return tuple(accumulate((0, *self.attributes[:-1])))


@dataclass(frozen=True)
class Columns:
    """The class columns of a schema as tensors on one device, each of shape (C,)."""

    attribute: Tensor
    number: Tensor
    score: Tensor
    sign: Tensor

    @staticmethod
    def of(schema: Schema, device: torch.device) -> Columns:
        """Puts the columns on a device."""
        return Columns(
            torch.tensor(schema.column_attribute, device=device),
            torch.tensor(schema.column_class, device=device),
            torch.tensor(schema.column_score, device=device),
            torch.tensor(schema.column_sign, device=device),
        )


def _sizes(attributes: int | Sequence[int], encoding: Encoding) -> tuple[int, ...]:
    if isinstance(attributes, bool) or not isinstance(attributes, int | Sequence) or isinstance(attributes, str):
        raise InputTypeError("wrong-type", "attributes", "a whole number, or one per attribute", repr(attributes))
    if isinstance(attributes, int):
        sizes = (2,) * attributes if encoding == "multi-label" else (attributes,)
    else:
        sizes = tuple(attributes)
    if len(sizes) == 0:
        raise InputRangeError("attribute-invalid", "attributes", "at least one attribute", repr(attributes))
    for j, size in enumerate(sizes):
        if isinstance(size, bool) or not isinstance(size, int):
            raise InputTypeError("wrong-type", f"attributes[{j}]", "a whole number ≥ 1", repr(size))
        if size < 1 or (encoding == "multi-label" and size != 2):
            expected = "2 classes, absent and present" if encoding == "multi-label" else "a whole number ≥ 1"
            raise InputRangeError("attribute-invalid", f"attributes[{j}]", expected, size)
    if encoding == "one-attribute" and len(sizes) != 1:
        raise InputRangeError("attribute-invalid", "attributes", "one attribute in one-attribute", len(sizes))
    return sizes
