"""Data-parallel engines of PyTorch get the gradient of the whole batch, and torchrun ends where a replica is killed."""

import contextlib
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import torch
import torch.multiprocessing as mp
from processes import replica, start
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import FullyShardedDataParallel
from torch.nn.parallel import DistributedDataParallel

from class_rectification import ClassRectificationLoss

LABELS = torch.tensor([0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2])


def made():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3)).double()


def images():
    return torch.randn(12, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def expected():
    net = made()
    value = ClassRectificationLoss(3, alpha=0.5)(net(images()), LABELS)
    value.backward()
    return value, [each.grad for each in net.parameters()]


def check(net, rows, group, gradients):
    """A step with an engine gives the loss of the whole batch, and the gradient of every weight."""
    loss = ClassRectificationLoss(3, alpha=0.5, group=group)
    value = loss(net(images()[rows]), LABELS[rows])
    value.backward()
    whole, slopes = expected()
    assert value.item() == pytest.approx(whole.item(), abs=1e-12)
    with gradients:
        for each, slope in zip(net.parameters(), slopes, strict=True):
            assert torch.allclose(each.grad, slope, atol=1e-12, rtol=0)


def gathered(net):
    return FullyShardedDataParallel.summon_full_params(net, with_grads=True)


@replica
def stepped(rank, folder):
    cpu = torch.device("cpu")
    start(rank, 4, folder)
    rows = (slice(0, 5), slice(5, 5), slice(5, 9), slice(9, 12))[rank]
    check(DistributedDataParallel(made()), rows, True, contextlib.nullcontext())
    net = FullyShardedDataParallel(made(), device_id=cpu, use_orig_params=True)
    check(net, rows, True, gathered(net))
    # ranks 0 and 1, and 2 and 3, share a batch, as with tensor parallelism
    mesh = init_device_mesh("cpu", (2, 2), mesh_dim_names=("dp", "tp"))
    group, rows = mesh["dp"].get_group(), (slice(0, 7), slice(7, 12))[mesh["dp"].get_local_rank()]
    net = FullyShardedDataParallel(made(), process_group=group, device_id=cpu, use_orig_params=True)
    check(net, rows, group, gathered(net))
    torch.distributed.barrier()


def test_engines_get_the_gradient_of_the_whole_batch():
    with tempfile.TemporaryDirectory() as folder:
        mp.spawn(stepped, args=(folder,), nprocs=4)


KILLED = """
import os, signal, sys
import torch
import torch.distributed as dist
from class_rectification import ClassRectificationLoss, ReplicaError

signal.signal(signal.SIGTERM, signal.SIG_IGN)  # torchrun ends the others; they are to say first what they saw
torch.set_num_threads(1)
dist.init_process_group("gloo")
rank = dist.get_rank()
loss = ClassRectificationLoss(3, alpha=0.5, group=True)
labels = torch.tensor([0, 0, 1, 1])
loss(torch.zeros(4, 3, requires_grad=True), labels).backward()
if rank == 2:
    os.kill(os.getpid(), signal.SIGKILL)
try:
    loss(torch.zeros(4, 3), labels)
except ReplicaError as error:
    with open(f"{sys.argv[1]}/{rank}", "w") as file:
        file.write(str(error))
os._exit(0)
"""


def test_torchrun_ends_with_an_error_on_all_when_a_replica_is_killed():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "train.py").write_text(KILLED)
        command = [
            "-m",
            "torch.distributed.run",
            "--standalone",
            "--nproc-per-node",
            "3",
            folder / "train.py",
            folder,
        ]
        run = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
        assert run.returncode != 0
        assert "Signal 9 (SIGKILL) received" in run.stderr
        said = [(folder / str(rank)).read_text() for rank in (0, 1)]
        assert [text.split(",")[0] for text in said] == [f"replica {rank} lost another one" for rank in (0, 1)]
