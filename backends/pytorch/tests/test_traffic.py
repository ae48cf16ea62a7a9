"""What a step gathers is what the formula of docs/pytorch.md says, and nothing is gathered twice."""

import tempfile

import pytest
import torch
import torch.multiprocessing as mp
from processes import replica, start
from torch.utils._python_dispatch import TorchDispatchMode

from class_rectification import ClassRectificationLoss

HEADER = 8 * 8
"""Bytes that each replica says about itself first: 8 integers."""


class Collectives(TorchDispatchMode):
    """Counts every collective operation, however it is called, and the bytes that it gives this replica."""

    def __init__(self):
        super().__init__()
        self.received = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        if function.namespace == "c10d":
            assert function.name() == "c10d::allgather_", function.name()
            (received,) = args[0]  # one list of tensors for each tensor that is sent
            self.received.append(sum(each.numel() * each.element_size() for each in received))
        return function(*args, **(kwargs or {}))


SETTINGS = {
    # options, the attributes, S columns of scores or features, L label columns, the type of numbers
    "one attribute": ({}, 5, 5, 1, torch.float32),
    "float64": ({}, 5, 5, 1, torch.float64),
    "two attributes": ({}, [3, 4], 7, 2, torch.float32),
    "several labels": ({"encoding": "multi-label"}, 6, 6, 6, torch.float32),
    "rows of 0 and 1": ({"encoding": "one-attribute"}, 6, 6, 6, torch.float32),
    "shared features": ({"level": "instance"}, 5, 9, 1, torch.float32),
    "features of each attribute": ({"level": "instance"}, [3, 4], 2 * 9, 2, torch.float32),
}


def shard(setting, size):
    options, attributes, columns, labels, dtype = SETTINGS[setting]
    width = sum(attributes) if isinstance(attributes, list) else attributes
    given = [torch.randn(size, width, dtype=dtype, requires_grad=True), torch.randint(0, 2, (size, labels))]
    if setting == "shared features":
        given.append(torch.randn(size, columns, dtype=dtype, requires_grad=True))
    if setting == "features of each attribute":
        given.append(torch.randn(labels, size, columns // labels, dtype=dtype, requires_grad=True))
    return ClassRectificationLoss(attributes, **options, alpha=0.5, group=True), given


@replica
def counted(rank, folder, sizes):
    replicas = len(sizes)
    start(rank, replicas, folder)
    for setting, (_, _, columns, labels, dtype) in SETTINGS.items():
        loss, given = shard(setting, sizes[rank])
        for weights in (None, torch.rand(sizes[rank], dtype=dtype)):
            with Collectives() as found:
                loss(*given, sample_weight=weights).backward()
            rows = replicas * max(sizes) * (columns + labels + 2) * dtype.itemsize
            assert found.received == [replicas * HEADER, rows], setting


@pytest.mark.parametrize("sizes", [(4, 4), (7, 0, 3)], ids=["equal shards", "other sizes, one empty"])
def test_a_step_gathers_a_header_and_the_rows_once(sizes):
    with tempfile.TemporaryDirectory() as folder:
        mp.spawn(counted, args=(folder, sizes), nprocs=len(sizes))
