"""PyTorch and tfjs train alike: step by step the same losses, and a difference of the losses would be seen."""

import dataclasses
import functools
import shutil
from pathlib import Path

import parity
import pytest
import torch

BUILT = Path(__file__).parents[2] / "dist/src/index.js"

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not BUILT.exists(),
    reason="tfjs is not here: in the checkout, with Node, run npm ci && npm run build",
)


@functools.cache
def recipe_of(name):
    return parity.in_tfjs(parity.SETTINGS[name])


def share(name, losses, **changed):
    """The largest difference of losses from those of a training in PyTorch, as a share of what is allowed."""
    setting = dataclasses.replace(parity.SETTINGS[name], **changed)
    found = parity.in_pytorch(setting, recipe_of(name))
    return parity.worst(losses, found.losses, found.allowed)[0]


@pytest.mark.parametrize("name", parity.SETTINGS)
def test_every_step_has_the_loss_of_tfjs_within_rounding(name):
    recipe = recipe_of(name)
    assert len(recipe.losses) == 100
    assert share(name, recipe.losses) <= 1


@pytest.mark.parametrize("name", parity.SETTINGS)
def test_float32_stays_as_near_to_float64(name):
    # nothing of tfjs is in this: the bound is one of rounding, and not of what tfjs happens to compute
    exact = parity.in_pytorch(parity.SETTINGS[name], recipe_of(name), torch.float64)
    assert share(name, exact.losses) <= 1


@pytest.mark.parametrize("name", parity.SETTINGS)
def test_the_trainings_are_worth_comparing(name):
    found = parity.in_pytorch(parity.SETTINGS[name], recipe_of(name))
    assert sum(value > 0 for value in found.rectification) >= 90
    assert found.losses[-1] < found.losses[0] / 2
    assert max(found.allowed) < 1e-2 * found.losses[-1]


@pytest.mark.parametrize("name", [name for name in parity.SETTINGS if name != "categorical, cpu"])
@pytest.mark.parametrize(
    "changed",
    [{"alpha": 0.4 * 1.01}, {"kappa": 4}, {"rate": 0.125 * 1.01}, {"comparison": "distribution"}],
    ids=["η 1 % higher", "another κ", "a rate 1 % higher", "another comparison"],
)
def test_another_training_is_told_apart(name, changed):
    assert share(name, recipe_of(name).losses, **changed) > 1
