import doctest
import importlib
import math

import numpy as np
import pytest
import torch

from class_rectification import ClassRectificationLoss, InputRangeError, InputTypeError
from class_rectification.loss import _feature_distances


def grad(loss, scores, *given, **options):
    scores = scores.clone().requires_grad_()
    value = loss(scores, *given, **options)
    value.sum().backward()
    return value.detach(), scores.grad


def drawn(seed, n=40, classes=5, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    scores = torch.randn(n, classes, generator=generator, dtype=dtype)
    labels = (classes * torch.rand(n, generator=generator) ** 2).long()
    return scores, labels


@pytest.mark.parametrize("name", ["loss", "schema", "imbalance"])
def test_the_examples_of_the_docstrings(name):
    module = importlib.import_module(f"class_rectification.{name}")
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


def test_a_triplet_by_hand():
    # class 1 is the minority: anchors 0 and 1, one hard positive each, hard negative 2 (p .6)
    p = torch.tensor([[0.1, 0.9], [0.5, 0.5], [0.4, 0.6], [0.9, 0.1], [0.8, 0.2]], dtype=torch.float64)
    loss = ClassRectificationLoss(2, alpha=1, kappa=1, from_logits=False)
    value = loss(p, torch.tensor([1, 1, 0, 0, 0]))
    expected = ((0.5 + 0.4) - (0.9 - 0.6) + (0.5 + 0.4) - (0.5 - 0.6)) / 2
    assert value.item() == pytest.approx(expected, abs=1e-15)


def test_without_triplets_the_cross_entropy_keeps_its_weight():
    scores, _ = drawn(1, 6)
    labels = torch.zeros(6, dtype=torch.long)
    loss = ClassRectificationLoss(5, alpha=0.25)
    value, slope = grad(loss, scores, labels)
    whole, whole_slope = grad(torch.nn.CrossEntropyLoss(), scores, labels)
    assert value == pytest.approx(0.75 * whole.item())
    assert torch.allclose(slope, 0.75 * whole_slope)


@pytest.mark.parametrize("level", ["class", "instance"])
@pytest.mark.parametrize("comparison", ["relative", "absolute", "distribution"])
def test_weights_scale_cross_entropies_and_count_rectification_by_their_mean(level, comparison):
    scores, labels = drawn(2)
    features = [torch.randn(40, 3, generator=torch.Generator().manual_seed(3), dtype=torch.float64)]
    given = features if level == "instance" else []
    weights = torch.rand(40, generator=torch.Generator().manual_seed(4), dtype=torch.float64)
    options = {"alpha": 0.3, "level": level, "comparison": comparison}
    each = ClassRectificationLoss(5, reduction="none", **options)
    mean = ClassRectificationLoss(5, **options)
    losses, _ = grad(each, scores, labels, *given)
    assert losses.shape == (40,)
    assert losses.mean().item() == pytest.approx(mean(scores, labels, *given).item())
    leaf = scores.clone().requires_grad_()
    (weights * each(leaf, labels, *given)).mean().backward()
    value, slope = grad(mean, scores, labels, *given, sample_weight=weights)
    assert value.item() == pytest.approx((weights * losses).mean().item())
    assert torch.allclose(slope, leaf.grad, atol=1e-14)
    unweighted, _ = grad(mean, scores, labels, *given, sample_weight=torch.ones(40))
    assert unweighted.item() == pytest.approx(losses.mean().item())


def test_ties_go_to_the_lower_index_in_both_precisions():
    labels = torch.tensor([1, 1, 1] + [0] * 9)
    for dtype in (torch.float32, torch.float64):
        p = torch.full((12, 2), 0.5, dtype=dtype)
        loss = ClassRectificationLoss(2, alpha=1, kappa=1, from_logits=False)
        _, slope = grad(loss, p, labels)
        # every negative is as hard: sample 3 is taken for all three anchors
        assert slope[3, 1].item() == pytest.approx(1)
        assert slope[4:].abs().max() == 0


def test_distances_are_added_up_in_the_order_of_components():
    # as mining takes them: where two distances differ in their last bit, a hinge without margin opens or does not
    tenths = torch.tensor([0.1, 0.2, 0.3, 0.7, 1.1, 1.3, 1.9, 2.3], dtype=torch.float64)
    generator = torch.Generator().manual_seed(1)
    features = tenths[torch.randint(8, (40, 67), generator=generator)].requires_grad_()
    first = torch.zeros(1, dtype=torch.long)
    found = _feature_distances(features, first, first, torch.arange(1, 40)[None])[0]
    expected = []
    for row in features.detach()[1:]:
        total = 0.0
        for a, b in zip(features.detach()[0].tolist(), row.tolist(), strict=True):
            total += (a - b) * (a - b)
        expected.append(math.sqrt(total))
    assert found.tolist() == expected
    plain = (features[0] - features[1:]).square().sum(-1).sqrt()
    assert plain.tolist() != expected
    (slopes,) = torch.autograd.grad(found.sum(), features)
    (wanted,) = torch.autograd.grad(plain.sum(), features)
    assert torch.allclose(slopes, wanted, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_labels_have_the_cross_entropy_of_their_logits_to_the_last_digits(dtype):
    logits = torch.tensor(
        [-800, -90, -41, -40, -39, -1, -1e-9, 0, 1e-9, 1, 19, 21, 39, 40, 41, 90, 800], dtype=dtype
    )
    logits = logits.repeat(2)[:, None]
    labels = (torch.arange(len(logits)) < 17).long()[:, None]
    loss = ClassRectificationLoss(1, encoding="multi-label", alpha=0, reduction="none")
    losses, slopes = grad(loss, logits, labels)
    away = [(-z if label else z) for z, label in zip(logits[:, 0].tolist(), labels[:, 0].tolist())]
    few = 4 * torch.finfo(dtype).eps
    expected = [max(x, 0) + math.log1p(math.exp(-abs(x))) for x in away]
    assert losses.tolist() == pytest.approx(expected, rel=few, abs=torch.finfo(dtype).tiny)
    rate = [1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x)) for x in away]
    signs = (1 - 2 * labels[:, 0]).tolist()
    assert slopes[:, 0].tolist() == pytest.approx(
        [sign * each for sign, each in zip(signs, rate)], rel=few, abs=torch.finfo(dtype).tiny
    )


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("reduction", ["none", "mean"])
def test_a_logit_that_is_not_finite_shows_in_the_loss(value, label, reduction):
    loss = ClassRectificationLoss(1, encoding="multi-label", alpha=0.5, reduction=reduction, check="never")
    found = loss(torch.tensor([[0.0], [value]]), torch.tensor([[0], [label]]))
    assert not found.isfinite().all()


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("sample", [0, 3], ids=["anchor", "not mined"])
@pytest.mark.parametrize("comparison", ["relative", "absolute", "distribution"])
def test_a_feature_that_is_not_finite_shows_in_the_loss(value, sample, comparison):
    loss = ClassRectificationLoss(2, alpha=0.5, level="instance", comparison=comparison, kappa=1, check="never")
    features = torch.tensor([[0.0], [1.0], [2.0], [9.0], [9.0]])
    logits, labels = torch.zeros(5, 2), torch.tensor([0, 0, 1, 1, 1])
    assert loss(logits, labels, features).isfinite()
    features[sample] = value
    assert not loss(logits, labels, features).isfinite()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_in_float32(dtype):
    scores, labels = drawn(5, dtype=torch.float32)
    half = scores.to(dtype)
    loss = ClassRectificationLoss(5, alpha=0.5)
    value, slope = grad(loss, half, labels)
    expected, _ = grad(loss, half.float(), labels)
    assert value.dtype == torch.float32
    assert value == expected
    assert slope.dtype == dtype


def test_alpha_comes_from_counts_or_is_given_for_a_step():
    loss = ClassRectificationLoss([2, 3], training_counts=[[90, 10], [50, 30, 20]], eta=0.5)
    assert loss.alpha == pytest.approx(0.5 * ((1 - 100 / 180) + (1 - 100 / 150)) / 2)
    scores, labels = drawn(6)
    plain = ClassRectificationLoss(5, alpha=0.5)
    other = ClassRectificationLoss(5, alpha=0.1)
    assert plain(scores, labels, alpha=0.1) == other(scores, labels)
    assert plain(scores, labels, alpha=torch.tensor(0.1, dtype=torch.float64)) == other(scores, labels)


def test_counts_may_come_as_bincount_gives_them():
    y = torch.tensor([0] * 6 + [1] * 3 + [2])
    flat = [
        y.bincount(),
        np.bincount(y.numpy()),
        list(np.bincount(y.numpy())),
        (6, 3, 1),
        [[6, 3, 1]],
        [y.bincount()],
    ]
    for counts in flat:
        assert ClassRectificationLoss(3, training_counts=counts, eta=0.5).alpha == 0.5 * (1 - 10 / 18)
    expected = 0.5 * ((1 - 10 / 18) + (1 - 4 / 6)) / 2
    for other in (torch.tensor([3, 1]), np.array([3, 1]), [3, 1]):
        loss = ClassRectificationLoss([3, 2], training_counts=[y.bincount(), other], eta=0.5)
        assert loss.alpha == pytest.approx(expected)
    labels = ClassRectificationLoss(2, encoding="multi-label", training_counts=np.array([[9, 1], [5, 5]]), eta=0.5)
    assert labels.alpha == pytest.approx(0.5 * (1 - 10 / 18) / 2)


def test_alpha_may_change_between_steps_within_its_range():
    scores, labels = drawn(6)
    loss, other = ClassRectificationLoss(5, alpha=0.5), ClassRectificationLoss(5, alpha=0.1)
    loss.alpha = 0.1
    assert loss(scores, labels) == other(scores, labels)
    with pytest.raises(InputRangeError, match=r"^alpha: expected a number in \[0, 1\], got 7$"):
        loss.alpha = 7
    with pytest.raises(InputTypeError, match=r"^alpha: expected a number, got '1'$"):
        loss.alpha = "1"
    assert loss.alpha == 0.1


def test_statistics_refuse_what_a_step_refuses_and_count_no_step():
    loss = ClassRectificationLoss(5, alpha=0.1)
    for scores, labels, message in (
        (SCORES, LABELS + 1, r"^target\[\d+\]\[0\]: expected a class of its attribute, or −1, got 5$"),
        (SCORES, LABELS - 2, r"^target\[\d+\]\[0\]: expected a class of its attribute, or −1, got -2$"),
        (SCORES * math.nan, LABELS, r"^logits\[0\]\[0\]: expected a finite number, got nan$"),
    ):
        for _ in range(20):
            with pytest.raises(InputRangeError, match=message):
                loss.statistics(scores, labels)
        with pytest.raises(InputRangeError, match=message):
            loss(scores, labels)
    for encoding in ("multi-label", "one-attribute"):
        labels = torch.zeros(40, 5)
        labels[3, 1] = 0.7
        with pytest.raises(
            InputRangeError,
            match=r"^target\[3\]\[1\]: expected 0, 1 or −1, got 0\.69|^target\[3\]\[1\]: expected 0 or 1",
        ):
            ClassRectificationLoss(5, encoding=encoding, alpha=0.1)(SCORES, labels)


def test_true_and_false_are_the_classes_of_an_attribute_of_two():
    loss = ClassRectificationLoss(2, alpha=0.5)
    truth = LABELS > 1
    assert loss(SCORES[:, :2], truth) == loss(SCORES[:, :2], truth.long())


def test_heads_of_several_attributes_may_come_as_a_list():
    scores, _ = drawn(7)
    labels = torch.stack([torch.arange(40) % 2, torch.arange(40) % 3], 1)
    loss = ClassRectificationLoss([2, 3], alpha=0.5)
    assert loss([scores[:, :2], scores[:, 2:]], labels) == loss(scores, labels)


def test_it_moves_with_the_model_and_saves_nothing():
    loss = ClassRectificationLoss(5, alpha=0.5)
    assert list(loss.state_dict()) == []
    assert list(loss.parameters()) == []
    assert "categorical" in repr(loss)


@pytest.mark.parametrize("encoding", ["categorical", "multi-label", "one-attribute"])
@pytest.mark.parametrize("comparison", ["relative", "absolute", "distribution"])
def test_a_compiled_graph_without_a_break_gives_the_same(encoding, comparison):
    torch._dynamo.reset()  # each test is a model of its own
    scores, labels = drawn(8)
    if encoding != "categorical":
        labels = (torch.nn.functional.one_hot(labels, 5) + torch.eye(5, dtype=torch.long)[labels.roll(1)]).clamp(
            max=1
        )
    loss = ClassRectificationLoss(5, encoding=encoding, alpha=0.5, comparison=comparison, check="never")
    compiled = torch.compile(loss, fullgraph=True, backend="aot_eager")
    value, slope = grad(compiled, scores, labels)
    expected, expected_slope = grad(loss, scores, labels)
    assert value.item() == pytest.approx(expected.item())
    assert torch.allclose(slope, expected_slope, atol=1e-14)


SCORES, LABELS = drawn(9)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ClassRectificationLoss(5), InputTypeError, "training_counts .* or alpha, got neither"),
        (
            lambda: ClassRectificationLoss(5, alpha=2),
            InputRangeError,
            r"alpha: expected a number in \[0, 1\], got 2",
        ),
        (
            lambda: ClassRectificationLoss(5, alpha=0.1, eta=0.1),
            InputRangeError,
            "eta: expected no value where alpha",
        ),
        *(
            (lambda made=(attributes, counts): ClassRectificationLoss(made[0], training_counts=made[1]), *expected)
            for attributes, counts, *expected in (
                (3, [1, 2], InputRangeError, r"^training_counts\[0\]: expected 3 counts, one per class, got 2$"),
                (3, [1, 2, 3, 4], InputRangeError, r"^training_counts\[0\]: expected 3 counts, .* got 4$"),
                (3, [6], InputRangeError, r"^training_counts\[0\]: expected 3 counts, .* got 1$"),
                (3, torch.tensor([6, 2]), InputRangeError, r"^training_counts\[0\]: expected 3 counts, .* got 2$"),
                (3, [[6, 2], [2]], InputRangeError, "^training_counts: expected 1 list of counts, .* got 2$"),
                ([2, 3], [[6, 2]], InputRangeError, "^training_counts: expected 2 lists of counts, .* got 1$"),
                ([2, 3], [[6, 2], [6, 2]], InputRangeError, r"^training_counts\[1\]: expected 3 counts"),
                ([2, 1], [6, 2, 2], InputRangeError, "^training_counts: expected 2 lists .* got one list, "),
                ([2, 2], [[6, 2], 2], InputTypeError, r"^training_counts\[1\]: expected a list of counts, got 2$"),
                (3, "621", InputTypeError, "^training_counts: expected one list of counts per attribute"),
                (3, {0: 6}, InputTypeError, "^training_counts: expected one list of counts per attribute"),
                (3, [6, 2, 1.5], InputTypeError, r"^training_counts\[0\]\[2\]: expected a whole number"),
                (3, torch.tensor([6, 2, -1]), InputRangeError, r"^training_counts\[0\]\[2\]: expected a whole"),
                (3, [0, 0, 0], InputRangeError, r"^training_counts\[0\]: expected a labelled sample"),
            )
        ),
        *(
            (
                lambda counts=counts: ClassRectificationLoss(2, training_counts=counts, eta=-1),
                InputRangeError,
                "^eta: expected a number ≥ 0, got -1$",
            )
            for counts in ([9, 1], [5, 5])
        ),
        (
            lambda: ClassRectificationLoss(5, alpha=0.1)(SCORES, LABELS, alpha=torch.tensor(7.0)),
            InputRangeError,
            r"^alpha: expected a number in \[0, 1\], got 7",
        ),
        (
            lambda: ClassRectificationLoss(5, alpha=0.1)(SCORES, LABELS > 0),
            InputTypeError,
            "^target: expected class indices, such as torch.long, got torch.bool$",
        ),
        (lambda: ClassRectificationLoss(0, alpha=0.1), InputRangeError, r"attributes\[0\]: expected a whole"),
        (lambda: ClassRectificationLoss("5", alpha=0.1), InputTypeError, "attributes: expected a whole number"),
        (
            lambda: ClassRectificationLoss(5, alpha=0.1, kappa=0),
            InputRangeError,
            "kappa: expected a whole number ≥ 1",
        ),
        (lambda: ClassRectificationLoss(5, alpha=0.1, level="batch"), InputRangeError, "level: expected class"),
        (lambda: ClassRectificationLoss(5, alpha=0.1, margin=[0.1, 0.2]), InputRangeError, "margin: expected one"),
        (
            lambda: ClassRectificationLoss(4, alpha=0.1)(SCORES, LABELS),
            InputRangeError,
            "logits: expected n×4 .* 40×5",
        ),
        (
            lambda: ClassRectificationLoss(5, alpha=0.1)(SCORES, LABELS[:9]),
            InputRangeError,
            "target: expected 40×1",
        ),
        (
            lambda: ClassRectificationLoss(5, alpha=0.1)(SCORES, torch.eye(5)[LABELS]),
            InputRangeError,
            r"one-hot rows become class indices by target\.argmax\(1\)",
        ),
        (lambda: ClassRectificationLoss(5, alpha=0.1)(SCORES, LABELS + 1), InputRangeError, r"target\[\d+\]\[0\]"),
        (lambda: ClassRectificationLoss(5, alpha=0.1)(SCORES, LABELS.double()), InputTypeError, "class indices"),
        (
            lambda: ClassRectificationLoss(5, alpha=0.1)(SCORES * math.nan, LABELS),
            InputRangeError,
            r"logits\[0\]\[0\]",
        ),
        (
            lambda: ClassRectificationLoss(5, alpha=0.1, from_logits=False)(SCORES, LABELS),
            InputRangeError,
            r"expected a probability in \[0, 1\]",
        ),
        (
            lambda: ClassRectificationLoss(5, alpha=0.1)(SCORES[:0], LABELS[:0]),
            InputRangeError,
            "at least one sample",
        ),
        (
            lambda: ClassRectificationLoss(5, alpha=0.1)(SCORES, LABELS, SCORES),
            InputRangeError,
            "none at class level",
        ),
        (
            lambda: ClassRectificationLoss(5, alpha=0.1, level="instance")(SCORES, LABELS),
            InputRangeError,
            "features: expected n×d",
        ),
        (
            lambda: ClassRectificationLoss(5, alpha=0.1)(SCORES, LABELS, sample_weight=-torch.ones(40)),
            InputRangeError,
            r"sample_weight\[0\]: expected a finite weight ≥ 0",
        ),
        (lambda: ClassRectificationLoss(5, alpha=0.1)(LABELS[:, None], LABELS), InputTypeError, "floating-point"),
    ],
)
def test_wrong_input_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_easy_anchors_are_the_highest_scored_members_and_divide_by_their_own_triplets():
    # of class 0 the anchors are 1 (.75) and 3 (.625), not 0 and 2, which are the positives of both
    own = torch.tensor([0.25, 0.75, 0.5, 0.625, 0.125, 0.5, 0.375, 0.25], dtype=torch.float64)
    p = torch.stack([own, 1 - own], 1)
    labels = torch.tensor([0, 0, 0, 0, 1, 1, 1, 1])
    loss = ClassRectificationLoss(2, alpha=1, kappa=2, from_logits=False, anchors="easy")
    assert loss(p, labels).item() == pytest.approx(0.5625, abs=1e-15)
    assert (loss.statistics(p, labels).anchors, loss.statistics(p, labels).triplets) == (2, 8)


def test_equally_easy_anchors_are_taken_in_the_order_of_samples():
    p = torch.tensor([[0.5, 0.5]] * 4 + [[0.25, 0.75]] * 4, dtype=torch.float64)
    loss = ClassRectificationLoss(2, alpha=1, kappa=2, from_logits=False, anchors="easy")
    _, slope = grad(loss, p, torch.tensor([0, 0, 0, 0, 1, 1, 1, 1]))
    # sample 3 is no anchor, and no positive of anchors 0 and 1, whose positives are 1, 2 and 0, 2
    assert slope[3, 0] == 0
    assert slope[0, 0] != 0


def test_easy_anchors_are_chosen_by_score_at_instance_level_too():
    features = torch.tensor([[0.0], [1.0], [3.0], [10.0], [4.0], [6.0]], dtype=torch.float64)
    own = torch.tensor([0.25, 0.5, 0.75, 0.5, 0.5, 0.5], dtype=torch.float64)
    logits = torch.stack([own.logit(), torch.zeros(6, dtype=torch.float64)], 1)
    loss = ClassRectificationLoss(2, alpha=1, kappa=1, level="instance", anchors="easy")
    value = loss(logits, torch.tensor([0, 0, 0, 1, 1, 1]), features)
    assert value.item() == pytest.approx(math.pi + 2, abs=1e-12)


def test_unknown_anchors_are_refused():
    with pytest.raises(InputRangeError, match=r"anchors: expected all \| easy, got 'hard'"):
        ClassRectificationLoss(2, alpha=1, anchors="hard")


@pytest.mark.parametrize("level", ["class", "instance"])
def test_easy_anchors_are_the_same_in_a_compiled_graph(level):
    torch._dynamo.reset()  # each test is a model of its own
    logits, labels = drawn(5, dtype=torch.float64)
    features = torch.randn(40, 3, generator=torch.Generator().manual_seed(6), dtype=torch.float64)
    loss = ClassRectificationLoss(5, alpha=0.5, kappa=2, rho=0.9, level=level, anchors="easy", check="never")
    given = (logits, labels, features) if level == "instance" else (logits, labels)
    compiled = torch.compile(loss, fullgraph=True, backend="aot_eager")
    assert compiled(*given).item() == pytest.approx(loss(*given).item(), abs=1e-12)
