"""The closed form gives what automatic differentiation gives, on batches of every encoding with ties and gaps."""

import random

import numpy as np
import pytest
import torch

from class_rectification import ClassRectificationLoss
from class_rectification.closed_form import count_below
from class_rectification.cross_entropy import probabilities
from class_rectification.hardest import hardest, hardest_on_host
from class_rectification.walk import _distances

ATTRIBUTES = {"categorical": [3, [2, 3, 4], [3, 1]], "multi-label": [1, 3, 5], "one-attribute": [2, 6]}


def drawn(seed):
    generator = random.Random(seed)
    torch.manual_seed(seed)
    encoding = generator.choice(list(ATTRIBUTES))
    loss = ClassRectificationLoss(
        generator.choice(ATTRIBUTES[encoding]),
        encoding=encoding,
        alpha=generator.choice([0.3, 1, 0]),
        rho=generator.choice([0.2, 0.5, 1]),
        kappa=generator.choice([1, 2, 3, 50]),
        margin=generator.choice([None, 0, 0.1, 5]),
    )
    dtype = generator.choice([torch.float32, torch.float64])
    n, width = generator.choice([1, 7, 40, 150]), loss.schema.score_width
    logits = torch.randint(-4, 5, (n, width)).to(dtype) * generator.choice([1, 0.5, 1 / 3, 30])
    if encoding == "categorical":
        labels = torch.stack([(size * torch.rand(n) ** 2).long() for size in loss.schema.attributes], 1)
    else:
        labels = (torch.rand(n, width) < 0.3).long()
    if encoding != "one-attribute":
        labels[torch.rand(labels.shape) < 0.1] = -1
    weights = torch.rand(n).to(dtype) if generator.random() < 0.3 else None
    return loss, logits, labels, weights


def composed(loss, logits, labels, weights):
    return loss._composed(loss._columns(logits.device), logits, labels, None, weights, loss.alpha)


@pytest.mark.parametrize("seeds", [range(at, at + 50) for at in range(0, 200, 50)])
def test_value_and_gradient_are_those_of_automatic_differentiation(seeds):
    for seed in seeds:
        loss, logits, labels, weights = drawn(seed)
        ours, theirs = logits.clone().requires_grad_(), logits.clone().requires_grad_()
        value, expected = loss(ours, labels, sample_weight=weights), composed(loss, theirs, labels, weights)
        assert value.grad_fn.name() == "BalancedLossBackward"
        value.backward()
        expected.backward()
        epsilon = torch.finfo(logits.dtype).eps
        assert torch.allclose(value, expected, rtol=64 * epsilon, atol=64 * epsilon), (seed, loss)
        assert torch.allclose(ours.grad, theirs.grad, rtol=64 * epsilon, atol=64 * epsilon), (seed, loss)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("shape", [(9, 4), (33, 1), (7, 29), (300, 331)])
def test_equal_logits_have_equal_probabilities_wherever_they_lie(dtype, shape):
    schema = ClassRectificationLoss(shape[1], encoding="one-attribute", alpha=1).schema
    for value in torch.linspace(-8, 8, 400 if shape[0] < 300 else 20, dtype=dtype).tolist():
        p = probabilities(schema, torch.full(shape, value, dtype=dtype))
        assert p.shape == shape
        assert p.unique().numel() == 1, value
        assert torch.allclose(p, torch.sigmoid(torch.tensor(value, dtype=dtype)))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("n", [5, 200])
def test_both_rankings_break_ties_by_lower_index(dtype, n):
    torch.manual_seed(n)
    values = torch.randint(-3, 4, (9, n)).to(dtype) / 4
    values[::2] = torch.tensor([-torch.inf, -0.0, 0.0, torch.inf], dtype=dtype)[torch.randint(4, (5, n))]
    excluded = torch.rand(9, n) < 0.3
    expected = [
        sorted(np.flatnonzero(~row.numpy()), key=lambda i, at=at: (-at[i].item(), i))[:5]
        for at, row in zip(values, excluded, strict=True)
    ]
    for positions in (
        hardest(values, excluded, 5)[1],
        torch.from_numpy(hardest_on_host(values.numpy(), excluded.numpy(), 5)[1]),
    ):
        for found, wanted in zip(positions.tolist(), expected, strict=True):
            assert found[: len(wanted)] == wanted


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("rows", [5, 2000], ids=["few comparisons", "many comparisons"])
def test_what_is_lower_is_counted_with_ties_and_infinities(dtype, rows):
    generator = np.random.default_rng(rows)
    ascending = np.sort(generator.integers(0, 6, (rows, 4)).astype(dtype), 1)
    ascending[::2, -1] = np.inf
    values = generator.integers(-1, 7, (rows, 3)).astype(dtype)
    expected = [[sum(each < value for each in row) for value in own] for row, own in zip(ascending, values)]
    assert count_below(ascending, values).tolist() == expected


def test_a_gradient_can_be_differentiated_again():
    loss, logits, labels, weights = drawn(3)
    logits = logits.double().requires_grad_()
    assert torch.autograd.gradgradcheck(lambda z: composed(loss, z, labels, weights), logits, atol=1e-4)
    second = []
    for function in (
        lambda z: loss(z, labels, sample_weight=weights),
        lambda z: composed(loss, z, labels, weights),
    ):
        (slope,) = torch.autograd.grad(function(logits), logits, create_graph=True)
        second.append(torch.autograd.grad(slope.square().sum(), logits)[0])
    assert torch.allclose(*second)


def test_transforms_of_torch_func_work():
    loss, logits, labels, _ = drawn(3)
    found = torch.func.grad(lambda z: loss(z, labels))(logits)
    leaf = logits.clone().requires_grad_()
    loss(leaf, labels).backward()
    assert torch.allclose(found, leaf.grad, atol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_distances_are_rounded_right(dtype):
    values = np.array([0.543, 1.991, 3.439, 0.362, 1.267, 2.353, 0.181], dtype)
    features = np.stack([np.random.default_rng(seed).permutation(values) for seed in range(400)])
    total = np.zeros((9, 400), dtype)
    for t in range(len(values)):
        total += (features[:9, t, None] - features[:, t]) ** 2
    found = _distances(torch.from_numpy(features), torch.zeros(9, dtype=torch.long), torch.arange(9))
    assert found.tolist() == np.sqrt(total).tolist()
