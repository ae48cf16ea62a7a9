"""A batch that is spread over the replicas of a process group (ruling: global batch)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor

from class_rectification.errors import ReplicaError

_HEADER = ("samples", "columns", "label columns", "type of numbers", "step", "options of the loss", "α", "weights")


@dataclass(frozen=True)
class Shard:
    """What one replica holds: probabilities or features, labels, and the cross entropy of each sample.

    Beside features, ``ranked`` are the probabilities that easy anchors are chosen by.
    """

    compared: Tensor
    labels: Tensor
    entropies: Tensor
    weights: Tensor | None
    alpha: float | Tensor
    ranked: Tensor | None = None


@dataclass(frozen=True)
class WholeBatch:
    """The batch of all replicas, shards in the order of their ranks. Only this replica's rows are live.

    Attributes:
        compared: Probabilities or features of all samples.
        labels: Labels of all samples.
        size: n, of the whole batch.
        mean_weight: w̄, of the whole batch.
        cross_entropy: (1/n)·Σ w_i·ce_i of the whole batch, without gradient.
        replicas: W.
        alpha: α, which all replicas share.
        ranked: Probabilities of all samples, where the shards have them; without gradient.
    """

    compared: Tensor
    labels: Tensor
    size: int
    mean_weight: Tensor
    cross_entropy: Tensor
    replicas: int
    alpha: float | Tensor
    ranked: Tensor | None


def gather(shard: Shard, said: str, step: int, group: dist.ProcessGroup | None) -> WholeBatch:
    """Gathers the shards, in two exchanges: their sizes, then their rows, padded to the largest shard.

    Per step each replica receives W·n_max·(columns + label columns + 2) numbers of the type of the scores,
    with easy anchors at instance level S more.

    Args:
        said: The options of the loss, which must be the same on all replicas.
        step: How many batches the loss has seen. A replica that skipped one would be paired with another batch.

    Raises:
        ReplicaError: if the replicas do not agree, or one of them is gone.
    """
    if not dist.is_available() or not dist.is_initialized():
        raise ReplicaError("group: expected a process group, got none; call torch.distributed.init_process_group")
    rank, replicas = dist.get_rank(group), dist.get_world_size(group)
    per_attribute = shard.compared.dim() == 3
    rows = shard.compared.transpose(0, 1).flatten(1) if per_attribute else shard.compared
    device, n = rows.device, len(rows)
    header = torch.tensor(
        [
            n,
            rows.shape[1],
            shard.labels.shape[1],
            rows.dtype.itemsize,
            step,
            _digest(said),
            _bits(shard.alpha),
            int(shard.weights is not None),
        ],
        device=device,
    )
    headers = torch.stack(_exchange(header, group))
    _demand_agreement(headers, rank)
    sizes = headers[:, 0].tolist()
    largest = max(sizes)
    if sum(sizes) == 0:
        raise ReplicaError("the batch of all replicas: expected at least one sample, got none")

    weights = torch.ones_like(shard.entropies) if shard.weights is None else shard.weights
    packed = [rows, shard.labels, weights[:, None], shard.entropies[:, None]]
    if shard.ranked is not None:
        packed.append(shard.ranked)
    own = torch.cat([part.detach().to(rows.dtype) for part in packed], 1)
    padded = torch.cat([own, own.new_zeros(largest - n, own.shape[1])])
    shards = [each[:size] for each, size in zip(_exchange(padded, group), sizes, strict=True)]
    width, labels = rows.shape[1], shard.labels.shape[1]
    whole = torch.cat(shards)
    live = torch.cat([rows if r == rank else each[:, :width] for r, each in enumerate(shards)])
    w, entropies = whole[:, width + labels], whole[:, width + labels + 1]
    if per_attribute:
        live = live.unflatten(1, (shard.compared.shape[0], -1)).transpose(0, 1)
    return WholeBatch(
        compared=live,
        labels=whole[:, width : width + labels].round().long(),
        size=sum(sizes),
        mean_weight=w.mean(),
        cross_entropy=(w * entropies).mean(),
        replicas=replicas,
        alpha=shard.alpha,
        ranked=None if shard.ranked is None else whole[:, width + labels + 2 :],
    )


def _exchange(tensor: Tensor, group: dist.ProcessGroup | None) -> list[Tensor]:
    received = [torch.empty_like(tensor) for _ in range(dist.get_world_size(group))]
    try:
        dist.all_gather(received, tensor.contiguous(), group=group)
    except RuntimeError as error:
        rank = dist.get_rank(group)
        raise ReplicaError(f"replica {rank} lost another one, or waited for it too long: {error}") from error
    return received


def _demand_agreement(headers: Tensor, rank: int) -> None:
    """Every replica raises the same error, so that none waits for another."""
    for at, what in enumerate(_HEADER):
        if what == "samples":
            continue
        found = headers[:, at].tolist()
        other = next((r for r, value in enumerate(found) if value != found[0]), None)
        if other is not None:
            shown = f"{found[0]} and {found[other]}" if at <= _HEADER.index("step") else "others"
            raise ReplicaError(
                f"{what}: expected the same on all replicas, got {shown} on replicas 0 and {other} (this is {rank})"
            )


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big")


def _bits(alpha: float | Tensor) -> int:
    value = torch.as_tensor(alpha, dtype=torch.float64).detach().cpu().reshape(1)
    return int(value.view(torch.int64).item())
