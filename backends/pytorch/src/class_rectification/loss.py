"""The loss as a module: L = α·L_crl + (1 − α)·L_ce (Eq. 8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import torch
import torch.distributed as dist
from torch import Tensor, nn

from class_rectification.closed_form import BalancedLoss, Step
from class_rectification.comparisons import Pairs, rectification_loss
from class_rectification.cross_entropy import probabilities, sample_cross_entropies
from class_rectification.errors import InputRangeError, InputTypeError
from class_rectification.imbalance import Counts, check_alpha, read_counts, rectification_weight
from class_rectification.imbalance import imbalance as omega_of
from class_rectification.inputs import (
    check_values,
    read_features,
    read_scores,
    read_target,
    read_weights,
)
from class_rectification.options import Anchors, Comparison, Imbalance, Level, Options
from class_rectification.replicas import Shard, gather
from class_rectification.schema import Columns, Encoding, Schema
from class_rectification.walk import (
    HardSamples,
    Membership,
    Minority,
    Statistics,
    keep_easy,
    lengths,
    membership,
    mine_at_class_level,
    mine_at_instance_level,
    select_minority,
    statistics,
)

Check = Literal["first", "always", "never"]
Reduction = Literal["mean", "none"]
Averaging = Literal["average", "sum"]

_CHECKED_BATCHES = 10
"""How many batches ``check='first'`` looks at."""


class ClassRectificationLoss(nn.Module):
    """The Class Rectification Loss with its cross entropy, L = α·L_crl + (1 − α)·L_ce (Eq. 8).

    In every batch the minority classes are found (Eq. 3), hard positives and negatives are mined for each of
    their samples (Eq. 4 to 7), and L_crl compares their scores or features (Eq. 9 to 16). Give either
    ``alpha``, or the class counts of the training set, from which α = η·Ω follows.

    Args:
        attributes: The number of classes; one number per attribute where there are several. In ``multi-label``
            the number of labels.
        encoding: ``categorical``: one class per attribute. ``multi-label``: labels that do not exclude each
            other, each an attribute of its own. ``one-attribute``: such labels as classes of one attribute.
        from_logits: Whether scores are logits (default) or probabilities.
        alpha: α in [0, 1].
        training_counts: For each attribute the counts of the training set, one per class: lists, tensors or
            arrays. For a single attribute they may be given flat, such as ``torch.bincount(y, minlength=3)``.
        eta: η ≥ 0, default 0.01.
        imbalance: How Ω is measured, or Ω itself. Default ``shortfall``.
        rho: ρ in (0, 1], the share of samples that minority classes may hold. Default 0.5.
        kappa: κ, hard samples on each side. Default 3.
        level: ``class`` compares probabilities, ``instance`` compares features.
        comparison: ``relative`` (Eq. 9), ``absolute`` (Eq. 13) or ``distribution`` (Eq. 16).
        anchors: ``all``: every sample of a minority class is an anchor. ``easy``: the κ with the highest
            probability of the class. Default ``all``.
        margin: m, or one per attribute. Default 0.5 at class level, 2π/K_j at instance level.
        bins: τ, nodes of the histograms. Default 100.
        range: Ends of the histograms. Default (−1, 1) at class level, (0, 2) at instance level.
        reduction: ``mean`` returns L. ``none`` returns n losses, α·L_crl + (1 − α)·ce_i, whose mean is L.
        check: Whether values are checked, such as labels beyond the last class: in the ``first`` 10 batches
            (default), ``always``, or ``never``. A check waits for the device. Shapes are always checked.
        group: A process group whose replicas each hold a shard of the batch (ruling: global batch). True is the
            default group.
        averaging: Whether the engine averages gradients over the replicas (``average``, as
            DistributedDataParallel and FSDP do) or sums them.

    Shapes:
        - logits: n×S, S the number of all classes, in ``multi-label`` of all labels.
        - target: n class indices, or n×J, −1 for unlabelled; ``multi-label`` n×J of 0, 1 and −1;
          ``one-attribute`` n×S of 0 and 1.
        - features: n×d, or J×n×d, at instance level.
        - result: a scalar, or n numbers with ``reduction='none'``.

    Raises:
        InputTypeError: for an option or input of another type.
        InputRangeError: for an option out of range, or inputs that do not fit.

    Example:
        >>> import torch
        >>> from class_rectification import ClassRectificationLoss
        >>> loss = ClassRectificationLoss(3, training_counts=[900, 90, 10], eta=0.2)
        >>> logits = torch.zeros(4, 3, requires_grad=True)
        >>> value = loss(logits, torch.tensor([0, 0, 1, 1]))
        >>> value.backward()
        >>> round(value.item(), 4)
        1.0232
    """

    _column_attribute: Tensor
    _column_number: Tensor
    _column_score: Tensor
    _column_sign: Tensor
    _margin: Tensor

    def __init__(
        self,
        attributes: int | Sequence[int],
        *,
        encoding: Encoding = "categorical",
        from_logits: bool = True,
        alpha: float | None = None,
        training_counts: Counts | Sequence[Counts] | None = None,
        eta: float | None = None,
        imbalance: Imbalance | float | None = None,
        rho: float = 0.5,
        kappa: int = 3,
        level: Level = "class",
        comparison: Comparison = "relative",
        anchors: Anchors = "all",
        margin: float | Sequence[float] | None = None,
        bins: int = 100,
        range: tuple[float, float] | None = None,
        reduction: Reduction = "mean",
        check: Check = "first",
        group: dist.ProcessGroup | Literal[True] | None = None,
        averaging: Averaging = "average",
    ) -> None:
        """Checks the options."""
        super().__init__()
        for name, value, known in (
            ("reduction", reduction, get_args(Reduction)),
            ("check", check, get_args(Check)),
            ("averaging", averaging, get_args(Averaging)),
        ):
            if value not in known:
                raise InputRangeError("option-out-of-range", name, " | ".join(known), repr(value))
        if not isinstance(from_logits, bool):
            raise InputTypeError("wrong-type", "from_logits", "True or False", repr(from_logits))
        if group is not None and reduction == "none":
            raise InputRangeError("option-out-of-range", "reduction", "mean where group is given", reduction)
        self.schema = Schema.of(attributes, encoding)
        self.options = Options.of(
            self.schema,
            rho=rho,
            kappa=kappa,
            level=level,
            comparison=comparison,
            anchors=anchors,
            margin=margin,
            bins=bins,
            range=range,
        )
        self.from_logits = from_logits
        self.reduction = reduction
        self.check = check
        self.group = group
        self.averaging = averaging
        self.alpha = _alpha_of(self.schema, alpha, training_counts, eta, imbalance)
        self._batches = 0
        self._steps = 0
        columns = Columns.of(self.schema, torch.device("cpu"))
        for name, value in vars(columns).items():
            self.register_buffer(f"_column_{name}", value, persistent=False)
        self.register_buffer("_margin", torch.tensor(self.options.margin, dtype=torch.float64), persistent=False)

    @property
    def alpha(self) -> float:
        """α in [0, 1], the share of L_crl.

        Raises:
            InputTypeError: on assignment of anything but a number.
            InputRangeError: on assignment of a number outside [0, 1].
        """
        return self._alpha

    @alpha.setter
    def alpha(self, value: float) -> None:
        self._alpha = check_alpha("alpha", value)

    def forward(
        self,
        logits: Tensor | Sequence[Tensor],
        target: Tensor,
        features: Tensor | None = None,
        *,
        alpha: float | Tensor | None = None,
        sample_weight: Tensor | None = None,
    ) -> Tensor:
        """Computes the loss.

        Args:
            logits: n×S logits, or probabilities with ``from_logits=False``; several heads as a list.
            target: The labels, shaped as the class says.
            features: n×d or J×n×d, at instance level only.
            alpha: α of this step, instead of the module's.
            sample_weight: n weights ≥ 0 of the samples' cross entropies (ruling: sample weights). L_crl counts
                by their mean. They are not normalised.
        """
        scores = read_scores(self.schema, logits, empty=self.group is not None)
        labels = read_target(self.schema, target, scores)
        vectors = read_features(self.schema, self.options, features, scores)
        weights = read_weights(sample_weight, scores)
        share = self.alpha if alpha is None else alpha if isinstance(alpha, Tensor) else check_alpha("alpha", alpha)
        if self._looks():
            check_values(self.schema, scores, labels, vectors, weights, share, self.from_logits)
        labels = labels.long()
        columns = self._columns(scores.device)
        if self._has_closed_form(scores, share, weights):
            step = Step(self.schema, columns, self.options, labels, weights, share)
            value: Tensor = BalancedLoss.apply(  # type: ignore[no-untyped-call]
                scores,
                step,
                lambda again: self._composed(columns, again, labels, None, weights, share),
            )
            return value
        return self._composed(columns, scores, labels, vectors, weights, share)

    def _has_closed_form(self, scores: Tensor, share: float | Tensor, weights: Tensor | None) -> bool:
        """Whether :class:`BalancedLoss` computes this loss.

        Not under ``torch.compile``, which makes its own kernels, nor under the transforms of ``torch.func``.
        """
        return (
            scores.device.type == "cpu"
            and self.options.level == "class"
            and self.options.comparison == "relative"
            and self.options.anchors == "all"
            and self.from_logits
            and self.reduction == "mean"
            and self.group is None
            and not torch.compiler.is_compiling()
            and not torch._C._are_functorch_transforms_active()
            and not any(isinstance(each, Tensor) and each.requires_grad for each in (share, weights))
        )

    def _composed(
        self,
        columns: Columns,
        scores: Tensor,
        labels: Tensor,
        vectors: Tensor | None,
        weights: Tensor | None,
        share: float | Tensor,
    ) -> Tensor:
        """The loss in operations that PyTorch differentiates."""
        entropies = sample_cross_entropies(self.schema, columns, labels, scores, self.from_logits)
        compared = vectors if vectors is not None else self._probabilities(scores)
        ranked = self._ranked(scores, vectors)
        if self.group is not None:
            return self._of_whole_batch(columns, compared, labels, entropies, weights, share, ranked)
        rectification = self._rectification(columns, compared, labels, ranked)
        if self.reduction == "none":
            losses = share * rectification + (1 - share) * entropies
            return losses if weights is None else weights * losses
        if weights is None:
            return share * rectification + (1 - share) * entropies.mean()
        return share * weights.mean() * rectification + (1 - share) * (weights * entropies).mean()

    @torch.no_grad()
    def statistics(
        self, logits: Tensor | Sequence[Tensor], target: Tensor, features: Tensor | None = None
    ) -> Statistics:
        """Counts what a batch has: class profile, surviving minority classes, anchors and triplets.

        Values are checked in every call, except with ``check='never'``.

        Example:
            >>> loss = ClassRectificationLoss(3, alpha=0.5)
            >>> loss.statistics(torch.zeros(5, 3), torch.tensor([0, 0, 0, 1, 1])).minority
            [[1]]
        """
        scores = read_scores(self.schema, logits, empty=False)
        labels = read_target(self.schema, target, scores)
        vectors = read_features(self.schema, self.options, features, scores)
        if self.check != "never":
            check_values(self.schema, scores, labels, vectors, None, self.alpha, self.from_logits)
        labels = labels.long()
        compared = vectors if vectors is not None else self._probabilities(scores)
        _, minority, hard = self._mine(
            self._columns(scores.device), compared, labels, self._ranked(scores, vectors)
        )
        return statistics(self.schema, minority, hard)

    def extra_repr(self) -> str:
        """The options, for ``print``."""
        o = self.options
        return (
            f"attributes={list(self.schema.attributes)}, encoding={self.schema.encoding!r}, alpha={self.alpha}, "
            f"kappa={o.kappa}, rho={o.rho}, level={o.level!r}, comparison={o.comparison!r}"
        )

    def _columns(self, device: torch.device) -> Columns:
        buffers = (self._column_attribute, self._column_number, self._column_score, self._column_sign)
        return Columns(*(each.to(device) for each in buffers))

    def _looks(self) -> bool:
        if self.check == "never" or torch.compiler.is_compiling():
            return False
        self._batches += 1
        return self.check == "always" or self._batches <= _CHECKED_BATCHES

    def _probabilities(self, scores: Tensor) -> Tensor:
        return probabilities(self.schema, scores) if self.from_logits else scores

    @torch.no_grad()
    def _ranked(self, scores: Tensor, vectors: Tensor | None) -> Tensor | None:
        """The probabilities that easy anchors are chosen by, where features are compared."""
        return None if vectors is None or self.options.anchors == "all" else self._probabilities(scores.detach())

    @torch.no_grad()
    def _mine(
        self, columns: Columns, compared: Tensor, labels: Tensor, ranked: Tensor | None = None
    ) -> tuple[Membership, Minority, HardSamples]:
        members = membership(self.schema, columns, labels)
        minority = select_minority(self.schema, columns, members, self.options.rho)
        mine = mine_at_class_level if self.options.level == "class" else mine_at_instance_level
        hard = mine(self.schema, columns, members, minority, self.options, compared.detach())
        if self.options.anchors == "easy":
            scores = compared.detach() if ranked is None else ranked
            hard = keep_easy(columns, members, minority, self.options, hard, scores)
        return members, minority, hard

    def _rectification(
        self, columns: Columns, compared: Tensor, labels: Tensor, ranked: Tensor | None = None
    ) -> Tensor:
        """L_crl of a batch: ``compared`` are its probabilities, or its features."""
        _, _, hard = self._mine(columns, compared, labels, ranked)
        value = rectification_loss(self._pairs(columns, compared, hard), self.options)
        if self.options.level == "class":
            return value
        # 0·x is NaN if x is not finite: a feature of a sample that is not mined must show too
        return value + compared.detach().mul(0).sum()

    def _pairs(self, columns: Columns, compared: Tensor, hard: HardSamples) -> Pairs:
        """The distances of anchors to what was mined for them (Eq. 10 and 11)."""
        attribute = columns.attribute[hard.column]
        margin = self._margin.to(compared)[attribute]
        if self.options.level == "class":
            positive, negative = _score_distances(columns, hard, compared)
        else:
            others = torch.cat([hard.positives, hard.negatives], 1)
            distances = _feature_distances(compared, attribute, hard.sample, others)
            positive, negative = distances.tensor_split([hard.positives.shape[1]], 1)
        return Pairs(positive, hard.has_positive, negative, hard.has_negative, margin)

    def _of_whole_batch(
        self,
        columns: Columns,
        compared: Tensor,
        labels: Tensor,
        entropies: Tensor,
        weights: Tensor | None,
        share: float | Tensor,
        ranked: Tensor | None,
    ) -> Tensor:
        """The value is L of the whole batch; the gradient is this replica's part of it (ruling: global batch)."""
        group = None if self.group is True else self.group
        said = repr((self.schema.attributes, self.schema.encoding, self.options, self.from_logits))
        self._steps += 1
        whole = gather(Shard(compared, labels, entropies, weights, share, ranked), said, self._steps, group)
        rectification = self._rectification(columns, whole.compared, whole.labels, whole.ranked)
        own = entropies if weights is None else weights * entropies
        live = whole.alpha * whole.mean_weight * rectification + (1 - whole.alpha) * own.sum() / whole.size
        if self.averaging == "average":
            live = live * whole.replicas
        of_all = whole.alpha * whole.mean_weight * rectification + (1 - whole.alpha) * whole.cross_entropy
        return of_all.detach() + (live - live.detach())


def _score_distances(columns: Columns, hard: HardSamples, scores: Tensor) -> tuple[Tensor, Tensor]:
    """|p_a − p₊| and p_a − p₋, signed (Eq. 10), on the column of the anchor's class."""
    place = columns.score[hard.column]
    sign = columns.sign[hard.column, None]
    own = scores[hard.sample, place][:, None]
    positive = (own - scores[hard.positives, place[:, None]]).abs()
    negative = sign * (own - scores[hard.negatives, place[:, None]])
    return positive, negative


def _feature_distances(features: Tensor, attribute: Tensor, sample: Tensor, others: Tensor) -> Tensor:
    """Euclidean distances of anchors to mined samples (Eq. 11), of derivative 0 at 0 (ruling: kinks)."""
    if features.dim() == 3:
        difference = features[attribute, sample][:, None] - features[attribute[:, None], others]
    else:
        difference = features[sample][:, None] - features[others]
    squared = difference.square().sum(-1)
    apart = squared > 0
    distance = torch.where(apart, torch.where(apart, squared, 1).sqrt(), squared)
    # the values are those that were mined by: a sum in another order could pass a hinge that they do not pass
    exact = lengths(difference) + (distance - distance.detach())
    return torch.where(distance.isfinite(), exact, distance)


def _alpha_of(
    schema: Schema,
    alpha: float | None,
    training_counts: Counts | Sequence[Counts] | None,
    eta: float | None,
    measure: Imbalance | float | None,
) -> float:
    if alpha is not None:
        for name, value in (("training_counts", training_counts), ("eta", eta), ("imbalance", measure)):
            if value is not None:
                raise InputRangeError("option-unknown", name, "no value where alpha is given", repr(value))
        return check_alpha("alpha", alpha)
    if training_counts is None and (measure is None or isinstance(measure, str)):
        raise InputTypeError("wrong-type", "options", "training_counts (for α = η·Ω) or alpha", "neither")
    counts = [] if training_counts is None else read_counts(schema, training_counts)
    omega = omega_of(counts, "shortfall" if measure is None else measure)
    return rectification_weight(omega, 0.01 if eta is None else eta)
