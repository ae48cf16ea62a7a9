"""The loss from logits and its gradient in closed form: the relative comparison at class level (Eq. 8, 9, 10).

This is the common case. At the usual batch sizes the time goes to starting operations, of which automatic
differentiation records several hundred. On the processor NumPy starts them in a fraction of PyTorch's time, so what
concerns single samples is done there, on the memory of the tensors; what passes over all scores is left to PyTorch
and its threads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from class_rectification.cross_entropy import cross_entropy_gradient, probabilities, sample_cross_entropies
from class_rectification.hardest import hardest_on_host
from class_rectification.options import Options
from class_rectification.schema import Columns, Schema
from class_rectification.walk import class_sizes, minority_columns

Array = npt.NDArray[Any]

_FEW_COMPARISONS = 2**13
"""Up to these a comparison with every number takes less than to start the threads of a binary search."""


@dataclass(frozen=True)
class Step:
    """What the loss of one batch depends on, beside its logits.

    Attributes:
        weights: n weights of the samples, or none.
        alpha: α.
    """

    schema: Schema
    columns: Columns
    options: Options
    labels: Tensor
    weights: Tensor | None
    alpha: float | Tensor


class BalancedLoss(torch.autograd.Function):
    """L = α·L_crl + (1 − α)·L_ce of logits.

    A second derivative is left to ``again``, the same loss in operations that PyTorch differentiates.
    """

    @staticmethod
    def forward(ctx: Any, logits: Tensor, step: Step, again: Callable[[Tensor], Tensor]) -> Tensor:
        """The loss, and its gradient if it is wanted."""
        value, gradient = balanced_loss(logits, step, ctx.needs_input_grad[0])
        if gradient is not None:
            ctx.save_for_backward(logits, gradient)
            ctx.again = again
        return value

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor, None, None]:
        """The gradient of the logits."""
        logits, gradient = ctx.saved_tensors
        if torch.is_grad_enabled():  # the derivative is to be differentiated in its turn
            (gradient,) = torch.autograd.grad(ctx.again(logits), logits, create_graph=True)
        return upstream[0] * gradient, None, None


def balanced_loss(logits: Tensor, step: Step, differentiated: bool) -> tuple[Tensor, Tensor | None]:
    """L of logits, n×S, and ∂L/∂logits."""
    schema, n = step.schema, len(logits)
    p = probabilities(schema, logits)
    entropies = sample_cross_entropies(schema, step.columns, step.labels, logits, True)
    alpha, beta = step.alpha, 1 - step.alpha
    if step.weights is not None:
        entropies = step.weights * entropies
        alpha = alpha * step.weights.mean()
    entropy = beta * entropies.mean()
    gradient = None
    if differentiated:
        gradient = cross_entropy_gradient(schema, step.columns, step.labels, p)
        gradient *= beta / n if step.weights is None else (beta / n * step.weights)[:, None]
    hard = mine(p.detach().numpy(), step)
    if hard is None:
        return entropy, gradient
    hinges, slopes = relative(hard, step.options)
    share = alpha / hard.triplets
    if gradient is not None:
        _add_through_probabilities(gradient, p, slopes, float(share), step)
    return share * hinges + entropy, gradient


@dataclass(frozen=True)
class Hard:
    """The anchors of a batch by class, score and sample, and the hardest negatives of each class.

    M surviving minority classes have A anchors. The hard positives of an anchor are the first κ other anchors of
    its class. Scores are probabilities, times −1 for the absent side of a label.

    Attributes:
        row: A numbers, the place of the anchor's class among the M.
        sample: A numbers, its sample.
        score: A numbers, its score.
        size: M numbers, the anchors of each class.
        negative: M×κ samples, hardest first.
        negative_score: M×κ scores; of what is missing in a row, a number so low that no triplet is active.
        column: M numbers, the score column of each class.
        sign: M numbers.
        margin: M numbers.
        triplets: |T|.
    """

    row: Array
    sample: Array
    score: Array
    size: Array
    negative: Array
    negative_score: Array
    column: Array
    sign: Array
    margin: Array
    triplets: int


def mine(p: Array, step: Step) -> Hard | None:
    """Minority classes (Eq. 3) and hard samples (Eq. 4 and 5); none without triplets."""
    schema, options, labels = step.schema, step.options, step.labels.numpy()
    sizes, labelled = class_sizes(schema, labels)
    listed = minority_columns(schema, sizes, labelled, options.rho)
    size, attribute = sizes[listed], step.columns.attribute.numpy()[listed]
    others = labelled[attribute] - size
    kappa = options.kappa
    triplets = int((size * np.minimum(size - 1, kappa) * np.minimum(others, kappa)).sum())
    if triplets == 0:
        return None

    if schema.encoding == "one-attribute":
        of_class = excluded = labels.T[listed] > 0
    else:
        own_labels = labels.T if len(labelled) == 1 else labels.T[attribute]
        of_class = own_labels == step.columns.number.numpy()[listed][:, None]
        excluded = of_class | (own_labels < 0)
    column, sign = step.columns.score.numpy()[listed], step.columns.sign.numpy()[listed]
    scores = p.T[column]
    if schema.encoding == "multi-label":
        scores *= sign[:, None]
    most = min(kappa, int(others.max()))
    negative_score, negative = hardest_on_host(scores, excluded, most)
    if others.min() < most:
        too_low = -4 - max(options.margin)
        negative_score = np.where(np.arange(most) < others[:, None], negative_score, scores.dtype.type(too_low))

    row, sample = np.divmod(np.flatnonzero(of_class), len(p))
    score = scores[row, sample]
    order = np.lexsort((score, row))  # stable; `row` ascends already, and stays as it is
    margin = np.array(options.margin, scores.dtype)[attribute]
    return Hard(row, sample[order], score[order], size, negative, negative_score, column, sign, margin, triplets)


@dataclass(frozen=True)
class Slopes:
    """Entries of a derivative with respect to the probabilities; the others are 0, and a place may occur twice."""

    sample: Array
    column: Array
    p: Array
    slope: Array


def relative(hard: Hard, options: Options) -> tuple[float, Slopes]:
    """The sum of the hinges of all triplets (Eq. 9 and 10), and its derivative."""
    row, size = hard.row, hard.size
    anchors, most = len(row), hard.negative.shape[1]
    end = size.cumsum()
    # the positives of an anchor, by their places among all anchors: it is not one of its own
    at = (end - size)[row][:, None] + np.arange(min(options.kappa, size.max() - 1))
    at += at >= np.arange(anchors)[:, None]
    exists = at < end[row][:, None]
    np.minimum(at, anchors - 1, out=at)

    # negatives are sorted, so those that are active for a positive come first: `active` of them
    score = hard.score[:, None]
    difference = score - hard.score[at]
    reach = np.abs(difference) + hard.margin[row][:, None]
    distance = score - hard.negative_score[row]
    active = count_below(distance, reach)
    active *= exists
    # how many active triplets a class has with each of its negatives
    ended = np.bincount((active + (row * (most + 1))[:, None]).ravel(), minlength=len(size) * (most + 1))
    times = ended.reshape(-1, most + 1)[:, :0:-1].cumsum(1)[:, ::-1]
    # d₋ = p_a − p₋ is summed in its two parts, in float64
    hinges = float((active * (reach - score)).sum() + (times * hard.negative_score).sum())

    # d₊ = |a − p₊| has derivative 0 at 0 (ruling: kinks)
    pulled = active * np.sign(difference)
    anchor_slope = (pulled - active).sum(1) - np.bincount(at.ravel(), pulled.ravel(), anchors)
    sign = np.concatenate((hard.sign[row], hard.sign.repeat(most)))
    return hinges, Slopes(
        sample=np.concatenate((hard.sample, hard.negative.ravel())),
        column=np.concatenate((hard.column[row], hard.column.repeat(most))),
        p=sign * np.concatenate((hard.score, hard.negative_score.ravel())),
        slope=sign * np.concatenate((anchor_slope, times.ravel())),
    )


def count_below(ascending: Array, values: Array) -> Array:
    """For each value, how many of the sorted numbers in its row are lower.

    Args:
        ascending: r×m numbers, ascending in each row.
        values: r×k numbers.
    """
    found: Array
    if values.size * ascending.shape[1] <= _FEW_COMPARISONS:
        found = np.count_nonzero(ascending[:, None, :] < values[:, :, None], axis=2)
    else:
        found = torch.searchsorted(torch.from_numpy(ascending), torch.from_numpy(values)).numpy()
    return found


def _add_through_probabilities(gradient: Tensor, p: Tensor, slopes: Slopes, share: float, step: Step) -> None:
    """Adds the derivative with respect to logits of what has the derivative ``share·slopes`` for probabilities."""
    schema = step.schema
    through = slopes.slope * slopes.p * share
    if schema.encoding == "categorical":
        # ∂/∂z_c = p_c·(g_c − Σ_k g_k·p_k), per attribute
        attribute = step.columns.attribute.numpy()[slopes.column]
        attributes = len(schema.attributes)
        pull = np.bincount(slopes.sample * attributes + attribute, through, len(p) * attributes)
        dense = torch.from_numpy(pull.reshape(len(p), attributes)).to(p.dtype)
        gradient.addcmul_(p, dense if attributes == 1 else dense[:, step.columns.attribute], value=-1)
    else:
        through *= 1 - slopes.p
    places = slopes.sample * p.shape[1] + slopes.column
    flat = gradient.numpy().reshape(-1)
    np.add.at(flat, places, through.astype(flat.dtype))
