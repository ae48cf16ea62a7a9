"""Which samples are compared: minority classes (Eq. 3) and hard samples (Eq. 4 to 7).

What is selected is constant under the derivative, so all of this runs without gradients.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from class_rectification.hardest import hardest
from class_rectification.options import Options
from class_rectification.schema import Columns, Schema

Array = npt.NDArray[Any]

_LARGEST_BLOCK = 2**22
"""Distances that are held at once, in numbers."""


@dataclass(frozen=True)
class Membership:
    """Who is of which class.

    Attributes:
        of_class: C×n booleans, sample i is of class column c.
        labelled: J×n booleans, sample i is labelled for attribute j; none where the encoding has no
            unlabelled samples, and one attribute.
    """

    of_class: Tensor
    labelled: Tensor | None


@dataclass(frozen=True)
class Minority:
    """Result of Eq. 3.

    Attributes:
        sizes: C numbers, how many samples the batch has of each class.
        labelled: J numbers, n_j.
        order: The C class columns by attribute, size and class.
        within: C booleans in this order, the surviving minority classes.
    """

    sizes: Tensor
    labelled: Tensor
    order: Tensor
    within: Tensor

    @property
    def survives(self) -> Tensor:
        """C booleans in the order of the class columns, the surviving minority classes."""
        return torch.empty_like(self.within).index_copy_(0, self.order, self.within)


@dataclass(frozen=True)
class HardSamples:
    """The anchors in the ruled order, by attribute, class and sample, and what is mined for each.

    Attributes:
        column: A numbers, the class column of each anchor.
        sample: A numbers, the sample.
        is_anchor: A booleans; false for the unused places of a compiled graph.
        positives: A×κ samples, hardest first.
        has_positive: A×κ booleans, where a class has fewer.
        negatives: A×κ samples, hardest first.
        has_negative: A×κ booleans.
    """

    column: Tensor
    sample: Tensor
    is_anchor: Tensor
    positives: Tensor
    has_positive: Tensor
    negatives: Tensor
    has_negative: Tensor


@dataclass(frozen=True)
class Statistics:
    """Counts of one walk.

    Attributes:
        profile: h^j_k, for each attribute the batch's count of each class.
        minority: For each attribute the surviving minority classes, ascending.
        anchors: |X_min|.
        triplets: |T|.
    """

    profile: list[list[int]]
    minority: list[list[int]]
    anchors: int
    triplets: int


def membership(schema: Schema, columns: Columns, target: Tensor) -> Membership:
    """Y from labels of the schema's width, n×labelWidth (rulings: unlabelled samples, one attribute)."""
    if schema.encoding == "one-attribute":
        of_class = target.t() > 0
        return Membership(of_class, None)
    labels = target.t()
    own = labels if len(schema.attributes) == 1 else labels[columns.attribute]
    return Membership(own == columns.number[:, None], labels >= 0)


def excluded_as_negatives(columns: Columns, members: Membership, listed: Tensor) -> Tensor:
    """For each listed class column the samples that are no negatives of it: its own, and unlabelled ones."""
    of_class = members.of_class[listed]
    if members.labelled is None:
        return of_class
    labelled = members.labelled if len(members.labelled) == 1 else members.labelled[columns.attribute[listed]]
    return of_class | ~labelled


def select_minority(schema: Schema, columns: Columns, members: Membership, rho: float) -> Minority:
    """The smallest classes of each attribute that together hold at most ρ·n_j samples (Eq. 3).

    Rulings: tied class sizes, minority prefix. The product ρ·n_j is taken in float64.
    """
    n = members.of_class.shape[1]
    sizes = members.of_class.sum(1)
    labelled = sizes.new_full((1,), n) if members.labelled is None else members.labelled.sum(1)
    if len(schema.attributes) == 1:
        ranked, order = sizes.sort(stable=True)
        held, limit = ranked.cumsum(0), rho * labelled.double()
    else:
        order = torch.argsort(columns.attribute * (n + 1) + sizes, stable=True)
        ranked, attribute = sizes[order], columns.attribute[order]
        totals = torch.zeros_like(labelled).index_add_(0, columns.attribute, sizes)
        held = ranked.cumsum(0) - (totals.cumsum(0) - totals)[attribute]
        limit = rho * labelled.double()[attribute]
    return Minority(sizes, labelled, order, (held <= limit) & (ranked > 1))


def class_sizes(schema: Schema, labels: Array) -> tuple[Array, Array]:
    """Sizes h^j_k of the C classes, and n_j of the J attributes, on the host.

    Args:
        labels: n×labelWidth.
    """
    if schema.encoding == "one-attribute":
        return (labels > 0).sum(0), np.array([len(labels)])
    if schema.encoding == "multi-label":
        both = np.stack(((labels == 0).sum(0), (labels > 0).sum(0)), 1)
        return both.ravel(), both.sum(1)
    width = schema.score_width
    columns = np.where(labels < 0, width, labels + np.array(schema.first_columns))
    return np.bincount(columns.ravel(), minlength=width + 1)[:width], (labels >= 0).sum(0)


def minority_columns(schema: Schema, sizes: Array, labelled: Array, rho: float) -> Array:
    """The surviving columns of Eq. 3, ascending: :func:`select_minority` on the host."""
    attribute = np.array(schema.column_attribute)
    order = np.lexsort((sizes, attribute))  # stable: by attribute, then size, then class
    ranked, attribute = sizes[order], attribute[order]
    held = ranked.cumsum()
    first = np.array(schema.first_columns)
    held -= (held - ranked)[first][attribute]
    return np.sort(order[(held <= rho * labelled[attribute]) & (ranked > 1)])


def mine_at_class_level(
    schema: Schema,
    columns: Columns,
    members: Membership,
    minority: Minority,
    options: Options,
    scores: Tensor,
) -> HardSamples:
    """Hard positives score low on their class, hard negatives high (Eq. 4 and 5).

    Args:
        scores: n×S probabilities.
    """
    n = len(scores)
    anchors = _anchors(schema, members, minority, options)
    listed = _surviving(minority)
    own = scores.t()[columns.score[listed]] * columns.sign[listed, None]
    _, found = hardest(own, excluded_as_negatives(columns, members, listed), options.kappa)
    place = (minority.survives.cumsum(0) - 1).clamp(min=0) if len(listed) < len(columns.score) else None
    rows = anchors.column if place is None else place[anchors.column]
    negatives = found[rows]

    # the positives of a class are its anchors, sorted by score; each leaves itself out
    value = own[rows, anchors.sample]
    order = torch.argsort(value, stable=True)
    column = torch.where(anchors.valid, anchors.column, len(columns.score))
    order = order[torch.argsort(column[order], stable=True)]
    rank_in_all = torch.empty_like(order).index_copy_(0, order, torch.arange(len(order), device=order.device))
    counted = torch.where(minority.survives, minority.sizes, 0)
    start = (counted.cumsum(0) - counted)[anchors.column]
    k = torch.arange(min(options.kappa, max(n - 1, 0)), device=scores.device)
    place_of = start[:, None] + k + (k >= (rank_in_all - start)[:, None])
    positives = anchors.sample[order[place_of.clamp(max=max(len(order) - 1, 0))]] if len(order) else place_of
    return _hard(columns, minority, anchors, positives, negatives)


def mine_at_instance_level(
    schema: Schema,
    columns: Columns,
    members: Membership,
    minority: Minority,
    options: Options,
    features: Tensor,
) -> HardSamples:
    """Hard positives lie far from the anchor, hard negatives near it (Eq. 6 and 7).

    Args:
        features: n×d, or J×n×d.
    """
    anchors = _anchors(schema, members, minority, options)
    n = features.shape[-2]
    kappa = min(options.kappa, n)
    block = max(1, _LARGEST_BLOCK // max(n, 1))
    positives, negatives = [], []
    for begin in range(0, max(len(anchors.column), 1), block):
        column, sample = anchors.column[begin : begin + block], anchors.sample[begin : begin + block]
        attribute = columns.attribute[column]
        distance = _distances(features, attribute, sample)
        itself = torch.arange(n, device=features.device) == sample[:, None]
        positives.append(hardest(distance, itself | ~members.of_class[column], kappa)[1])
        negatives.append(hardest(-distance, excluded_as_negatives(columns, members, column), kappa)[1])
    return _hard(columns, minority, anchors, torch.cat(positives), torch.cat(negatives))


def keep_easy(
    columns: Columns, members: Membership, minority: Minority, options: Options, hard: HardSamples, scores: Tensor
) -> HardSamples:
    """Leaves the easy anchors: of each class the κ members that score highest on it (ruling: easy anchors).

    Args:
        hard: What was mined for all members.
        scores: n×S probabilities.
    """
    listed = _surviving(minority)
    own = scores.t()[columns.score[listed]] * columns.sign[listed, None]
    _, found = hardest(own, ~members.of_class[listed], options.kappa)
    exists = torch.arange(found.shape[1], device=found.device) < minority.sizes[listed, None]
    # a sum, since places beyond the size of a class may name any sample
    chosen = torch.zeros_like(own, dtype=torch.long).scatter_add_(1, found, exists.long()) > 0
    easy = torch.zeros_like(members.of_class).index_copy_(0, listed, chosen)[hard.column, hard.sample]
    if torch.compiler.is_compiling():
        # shapes must not depend on values: what is no anchor stays in place, without samples
        return HardSamples(
            hard.column,
            hard.sample,
            hard.is_anchor & easy,
            hard.positives,
            hard.has_positive & easy[:, None],
            hard.negatives,
            hard.has_negative & easy[:, None],
        )
    return HardSamples(**{name: each[easy] for name, each in vars(hard).items()})


def statistics(schema: Schema, minority: Minority, hard: HardSamples) -> Statistics:
    """Reads the counts of a walk from its device."""
    sizes, survives = minority.sizes.tolist(), minority.survives.tolist()
    profile: list[list[int]] = [[] for _ in schema.attributes]
    surviving: list[list[int]] = [[] for _ in schema.attributes]
    for j, k, size, kept in zip(schema.column_attribute, schema.column_class, sizes, survives, strict=True):
        profile[j].append(size)
        if kept:
            surviving[j].append(k)
    triplets = (hard.has_positive.sum(1) * hard.has_negative.sum(1)).sum()
    return Statistics(profile, surviving, int(hard.is_anchor.sum()), int(triplets))


@dataclass(frozen=True)
class _Anchors:
    column: Tensor
    sample: Tensor
    valid: Tensor


def _anchors(schema: Schema, members: Membership, minority: Minority, options: Options) -> _Anchors:
    """Every sample of every surviving minority class (rulings: anchors)."""
    mask = members.of_class & minority.survives[:, None]
    n = mask.shape[1]
    if not torch.compiler.is_compiling():
        column, sample = mask.nonzero(as_tuple=True)
        return _Anchors(column, sample, torch.ones_like(column, dtype=torch.bool))
    # a compiled graph has one shape: as many places as minority classes can have samples (Eq. 3)
    places = len(schema.attributes) * int(options.rho * n)
    counted = mask.flatten().cumsum(0)
    wanted = torch.arange(1, places + 1, device=mask.device)
    found = torch.searchsorted(counted, wanted).clamp(max=mask.numel() - 1)
    return _Anchors(found // n, found % n, wanted <= counted[-1])


def _surviving(minority: Minority) -> Tensor:
    """The class columns to mine: the surviving ones, or all where shapes must not depend on values."""
    if torch.compiler.is_compiling():
        return torch.arange(len(minority.survives), device=minority.survives.device)
    return minority.survives.nonzero()[:, 0]


def _hard(
    columns: Columns, minority: Minority, anchors: _Anchors, positives: Tensor, negatives: Tensor
) -> HardSamples:
    size = minority.sizes[anchors.column]
    others = minority.labelled[columns.attribute[anchors.column]] - size
    device = size.device
    valid = anchors.valid[:, None]
    has_positive = valid & (torch.arange(positives.shape[1], device=device) < (size - 1)[:, None])
    has_negative = valid & (torch.arange(negatives.shape[1], device=device) < others[:, None])
    return HardSamples(
        anchors.column, anchors.sample, anchors.valid, positives, has_positive, negatives, has_negative
    )


def _distances(features: Tensor, attribute: Tensor, sample: Tensor) -> Tensor:
    """Distances of some samples to all (Eq. 11), components added in their order (ruling: features)."""
    per_attribute = features.dim() == 3
    anchor = features[attribute, sample] if per_attribute else features[sample]
    total = features.new_zeros(len(sample), features.shape[-2])
    for t in range(features.shape[-1]):
        others = features[attribute, :, t] if per_attribute else features[:, t][None]
        difference = anchor[:, t, None] - others
        total += difference * difference
    return _root(total)


def lengths(vectors: Tensor) -> Tensor:
    """Lengths of vectors, as mining takes distances: the squares of their components added in their order.

    Args:
        vectors: …×d. Nothing is differentiated.
    """
    squares = vectors.detach().square()
    total = squares.new_zeros(squares.shape[:-1])
    for square in squares.unbind(-1):
        total = total + square
    return _root(total)


def _root(numbers: Tensor) -> Tensor:
    if numbers.device.type == "cpu" and not torch.compiler.is_compiling():
        # PyTorch's own root may be wrong in the last bit, which would break or make ties; NumPy's is not
        return torch.from_numpy(np.sqrt(numbers.detach().numpy()))
    return numbers.sqrt()
