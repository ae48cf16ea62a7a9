"""Cross entropy (Eq. 2): summed over attributes, one number per sample."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from class_rectification.schema import Columns, Schema

SMALLEST_PROBABILITY = 1e-7
"""Below it a probability counts as this (ruling: cross entropy)."""


_VECTOR = 64
"""As many numbers as the widest unrolled loop of torch computes at a time: 4 registers of 16."""

_UNSHARED = 1 << 14
"""So few numbers one thread computes alone (torch shares arrays of more than 32,768)."""

_LINEAR_FROM = 40
"""Above it log(1 + exp x) is x to the last bit, also in float64."""


def probabilities(schema: Schema, logits: Tensor) -> Tensor:
    """The probabilities of logits: a softmax per attribute, or a sigmoid per label."""
    if schema.encoding != "categorical":
        return _sigmoid(logits)
    blocks = logits.split(schema.attributes, 1)
    return torch.cat([torch.softmax(block, 1) for block in blocks], 1) if len(blocks) > 1 else logits.softmax(1)


def _sigmoid(logits: Tensor) -> Tensor:
    """σ(z), the same for equal logits wherever they lie, since equal scores are ties (ruling: mined order).

    On a CPU ``torch.sigmoid`` computes what is left over at the end of an array, or of a thread's share of it, by
    another formula than the rest, and some numbers differ in their last bit. Here nothing is left over: the array
    is filled up to whole vectors, and cut into parts that are not shared between threads.
    """
    if logits.device.type != "cpu":
        return torch.sigmoid(logits)
    count = logits.numel()
    flat = F.pad(logits.reshape(-1), (0, -count % _VECTOR))
    parts = [torch.sigmoid(part) for part in flat.split(_UNSHARED)]
    whole = torch.cat(parts) if len(parts) > 1 else parts[0]
    return whole[:count].reshape(logits.shape)


def sample_cross_entropies(
    schema: Schema, columns: Columns, target: Tensor, scores: Tensor, from_logits: bool
) -> Tensor:
    """ce_i, n numbers: the sum over a sample's attributes or labels; what is unlabelled adds 0."""
    if schema.encoding == "categorical":
        return _categorical(schema, target, scores, from_logits)
    present = (target > 0).to(scores.dtype)
    if from_logits:
        terms = _binary(present, scores)
    else:
        terms = -(present * _log(scores) + (1 - present) * _log(1 - scores))
    # one-attribute has no unlabelled samples
    return (terms if schema.encoding == "one-attribute" else torch.where(target >= 0, terms, 0)).sum(1)


def _binary(present: Tensor, logits: Tensor) -> Tensor:
    """−log σ(z) where a label is present, −log σ(−z) where it is absent.

    ``binary_cross_entropy_with_logits`` shares even the smallest batch between threads, which on busy cores takes
    longer than the rest of the loss. This starts threads for large batches only.
    """
    away = (1 - 2 * present) * logits
    terms = F.softplus(away, threshold=_LINEAR_FROM)
    return torch.add(terms, logits, alpha=0)  # 0·∞ is NaN: a logit that is not finite must not be lost


def cross_entropy_gradient(schema: Schema, columns: Columns, target: Tensor, p: Tensor) -> Tensor:
    """∂(Σ ce_i)/∂logits, n×S, from the probabilities of the logits."""
    if schema.encoding != "categorical":
        gradient = p - (target > 0).to(p.dtype)
        return gradient if schema.encoding == "one-attribute" else gradient.masked_fill_(target < 0, 0)
    labelled = target >= 0
    place, weight = target.clamp(min=0), labelled.to(p.dtype)
    if len(schema.attributes) == 1:
        gradient = p * weight
    else:
        gradient = p * weight[:, columns.attribute]
        place = place + torch.tensor(schema.first_columns, device=p.device)
    return gradient.scatter_add_(1, place, -weight)


def _categorical(schema: Schema, target: Tensor, scores: Tensor, from_logits: bool) -> Tensor:
    blocks = scores.split(schema.attributes, 1)
    total = scores.new_zeros(len(scores))
    for labels, block in zip(target.unbind(1), blocks, strict=True):
        if from_logits:
            total = total + F.cross_entropy(block, labels, ignore_index=-1, reduction="none")
        else:
            own = block.gather(1, labels.clamp(min=0)[:, None])[:, 0]
            total = total - torch.where(labels >= 0, _log(own), 0)
    return total


def _log(p: Tensor) -> Tensor:
    """Log max(p, 1e-7), of derivative 0 at and below 1e-7 (ruling: kinks)."""
    smallest = torch.full_like(p, SMALLEST_PROBABILITY)
    return torch.where(p <= smallest, smallest, p).log()
