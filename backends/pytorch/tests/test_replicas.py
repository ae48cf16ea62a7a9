"""A batch that is spread over replicas gives the loss and the gradient of the whole batch."""

import os
import random
import tempfile
import time

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from processes import replica, start

from class_rectification import ClassRectificationLoss, InputRangeError, ReplicaError

REPLICAS = 4
SHARDINGS = 1000
COMPARISONS = ("relative", "absolute", "distribution")


def draw(generator):
    """A batch with ties, unlabelled samples and rare classes, and where it is cut."""
    n = generator.randint(1, 24)
    encoding = generator.choice(["categorical", "multi-label", "one-attribute"])
    level = generator.choice(["class", "class", "instance"])
    classes = generator.randint(2, 4)
    torch.manual_seed(generator.randrange(2**31))
    logits = torch.randint(-8, 9, (n, classes), dtype=torch.float64) / generator.choice([1, 2, 3])
    if encoding == "categorical":
        labels = (classes * torch.rand(n, 1) ** 2).long()
        labels[torch.rand(n, 1) < 0.1] = -1
    else:
        labels = (torch.rand(n, classes) < 0.3).long()
    features = torch.randint(0, 6, (n, 3), dtype=torch.float64) if level == "instance" else None
    options = {
        "attributes": classes,
        "encoding": encoding,
        "level": level,
        "comparison": generator.choice(COMPARISONS),
        "kappa": generator.randint(1, 4),
        "rho": generator.choice([0.3, 0.5, 1.0]),
        "alpha": generator.choice([0.3, 1.0, 0.01]),
    }
    weights = torch.rand(n, dtype=torch.float64) if generator.random() < 0.5 else None
    replicas = generator.randint(1, REPLICAS)
    cuts = sorted(generator.randint(0, n) for _ in range(replicas - 1))
    shards = list(zip([0, *cuts], [*cuts, n], strict=True))
    averaging = generator.choice(["average", "sum"])
    return options, logits, labels, features, weights, shards, averaging


def whole(options, logits, labels, features, weights):
    leaves = [logits.clone().requires_grad_()]
    if features is not None:
        leaves.append(features.clone().requires_grad_())
    loss = ClassRectificationLoss(**options)
    value = loss(leaves[0], labels, *leaves[1:], sample_weight=weights)
    value.backward()
    return value.detach(), [leaf.grad if leaf.grad is not None else torch.zeros_like(leaf) for leaf in leaves]


@replica
def shardings(rank, folder):
    start(rank, REPLICAS, folder)
    groups = [dist.new_group(range(size)) for size in range(1, REPLICAS + 1)]
    generator = random.Random(7)  # the same on all replicas
    worst = 0.0
    for _ in range(SHARDINGS):
        options, logits, labels, features, weights, shards, averaging = draw(generator)
        if rank >= len(shards):
            continue
        begin, end = shards[rank]
        leaves = [logits[begin:end].clone().requires_grad_()]
        if features is not None:
            leaves.append(features[begin:end].clone().requires_grad_())
        own = None if weights is None else weights[begin:end]
        loss = ClassRectificationLoss(**options, group=groups[len(shards) - 1], averaging=averaging)
        value = loss(leaves[0], labels[begin:end], *leaves[1:], sample_weight=own)
        value.backward()
        expected, slopes = whole(options, logits, labels, features, weights)
        assert torch.allclose(value, expected, rtol=1e-12, atol=1e-15), (value, expected, options)
        factor = len(shards) if averaging == "average" else 1
        for leaf, slope in zip(leaves, slopes, strict=True):
            assert leaf.grad is not None, "a gradient that is connected, also of an empty shard"
            largest = slope.abs().max().clamp(min=1e-30)
            if end > begin:
                worst = max(worst, ((leaf.grad / factor - slope[begin:end]).abs().max() / largest).item())
    assert worst <= 1e-12, worst
    dist.barrier()


def test_random_shardings_give_the_loss_and_gradient_of_the_whole_batch():
    with tempfile.TemporaryDirectory() as folder:
        mp.spawn(shardings, args=(folder,), nprocs=REPLICAS)


@replica
def disagreeing(rank, folder, how, expected):
    start(rank, 2, folder)
    options = {"attributes": 3, "alpha": 0.5, "group": True}
    logits = torch.zeros(4, 3, requires_grad=True)
    if rank == 1 and how == "classes":
        options["attributes"], logits = 4, torch.zeros(4, 4, requires_grad=True)
    if rank == 1 and how == "options":
        options["kappa"] = 7
    if rank == 1 and how == "alpha":
        options["alpha"] = 0.25
    if rank == 1 and how == "precision":
        logits = torch.zeros(4, 3, requires_grad=True, dtype=torch.float64)
    with pytest.raises(ReplicaError, match=expected):
        ClassRectificationLoss(**options)(logits, torch.tensor([0, 0, 1, 1]))
    dist.barrier()


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("classes", "columns: expected the same on all replicas, got 3 and 4 on replicas 0 and 1"),
        ("options", "options of the loss: expected the same"),
        ("alpha", "α: expected the same"),
        ("precision", "type of numbers: expected the same"),
    ],
)
def test_replicas_that_disagree_all_say_so(how, expected):
    with tempfile.TemporaryDirectory() as folder:
        mp.spawn(disagreeing, args=(folder, how, expected), nprocs=2)


SECONDS = 20  # long enough for a slow machine to bring all replicas together


@replica
def left_alone(rank, folder, how):
    """The last replica goes wrong; the others must learn of it while it is still there."""
    replicas = 3
    start(rank, replicas, folder, seconds=SECONDS)
    loss = ClassRectificationLoss(3, alpha=0.5, group=True)
    labels = torch.tensor([0, 0, 1, 1])
    loss(torch.zeros(4, 3), labels)
    if rank == replicas - 1:
        if how == "dies":
            os._exit(0)  # as a replica that is killed: it says nothing
        if how == "raises":
            with pytest.raises(InputRangeError, match="target"):
                loss(torch.zeros(4, 3), labels + 7)
        # "stops": its data ended one step early. It stays until the others have learned of it, so that it is
        # their time-out that ends their waiting, and not its end
        while any(not os.path.exists(f"{folder}/learned-{other}") for other in range(rank)):
            time.sleep(0.1)
    else:
        with pytest.raises(ReplicaError, match=f"replica {rank} lost another one, or waited for it too long"):
            loss(torch.zeros(4, 3), labels)
        with open(f"{folder}/learned-{rank}", "w"):
            pass


@pytest.mark.parametrize("how", ["dies", "raises", "stops"])
def test_a_replica_that_goes_wrong_is_an_error_on_the_others(how):
    with tempfile.TemporaryDirectory() as folder:
        mp.spawn(left_alone, args=(folder, how), nprocs=3)


@replica
def skipping(rank, folder):
    start(rank, 2, folder)
    loss = ClassRectificationLoss(3, alpha=0.5, group=True)
    labels = torch.tensor([0, 0, 1, 1])
    loss(torch.zeros(4, 3), labels)
    if rank == 1:
        loss._steps += 1  # as after a batch that only this replica saw
    with pytest.raises(
        ReplicaError, match="step: expected the same on all replicas, got 2 and 3 on replicas 0 and 1"
    ):
        loss(torch.zeros(4, 3), labels)
    dist.barrier()


def test_replicas_at_different_steps_all_say_so():
    with tempfile.TemporaryDirectory() as folder:
        mp.spawn(skipping, args=(folder,), nprocs=2)


def test_a_group_needs_a_process_group():
    loss = ClassRectificationLoss(3, alpha=0.5, group=True)
    with pytest.raises(ReplicaError, match="init_process_group"):
        loss(torch.zeros(4, 3), torch.tensor([0, 0, 1, 1]))
