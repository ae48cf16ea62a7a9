"""Replicas that the protocol's server asks: processes of a gloo group, in which the module has ``group=``.

They are started with the first question, since few sessions ask one and each process imports torch.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist

Json = dict[str, Any]
Answer = Callable[[Json, dist.ProcessGroup], Json]

# A question of few replicas is the usual one; where more are asked, as many are started.
FEW_REPLICAS = 4


class Replicas:
    """Processes that take steps together, each with a shard; as many as the largest question needed."""

    def __init__(self, make_answer: Callable[[], Answer]) -> None:
        """Starts nothing yet.

        Args:
            make_answer: Called once in each process; what it returns answers for one replica.
        """
        self._make_answer = make_answer
        self._pipes: list[Connection] = []
        # a server of forks imports torch once for all; where there is none, each process imports it
        forks = "forkserver" in multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:
            self._context.set_forkserver_preload(["class_rectification"])

    def _start(self, count: int) -> None:
        """Starts a group of so many processes; those of the group before end with their pipes."""
        for pipe in self._pipes:
            pipe.close()
        self._folder = tempfile.TemporaryDirectory()  # the one before is removed
        store = Path(self._folder.name) / "store"
        self._pipes = []
        for rank in range(count):
            here, there = self._context.Pipe()
            process = self._context.Process(
                target=_serve, args=(there, rank, count, str(store), self._make_answer), daemon=True
            )
            process.start()
            there.close()
            self._pipes.append(here)

    def ask(self, question: Json) -> list[Json]:
        """What each replica answers: replica r is given the question with shard r as its ``batch``.

        Raises:
            RuntimeError: if a replica could not answer.
        """
        shards, weights = question["shards"], question.get("weights")
        if len(shards) > len(self._pipes):
            self._start(max(len(shards), FEW_REPLICAS))
        asked = self._pipes[: len(shards)]
        for rank, pipe in enumerate(asked):
            own = {"batch": shards[rank], "options": question["options"], "averaging": question["averaging"]}
            pipe.send((len(shards), own if weights is None else {**own, "weights": weights[rank]}))
        answers = [pipe.recv() for pipe in asked]
        failure = next((answer for answer in answers if isinstance(answer, str)), None)
        if failure is not None:
            raise RuntimeError(failure)
        return answers


def _serve(pipe: Connection, rank: int, count: int, store: str, make_answer: Callable[[], Answer]) -> None:
    os.dup2(2, 1)  # what a library prints must not stand among the answers of the server
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=count)
    # every process makes every group, also those that it does not belong to
    groups = [dist.new_group(list(range(size))) for size in range(1, count + 1)]
    answer = make_answer()
    while True:
        try:
            size, question = pipe.recv()
        except EOFError:  # the server has ended
            return
        try:
            pipe.send(answer(question, groups[size - 1]))
        except Exception as error:  # it is reported, whatever it is
            pipe.send(f"replica {rank}: {type(error).__name__}: {error}")
