"""Processes that take part in a gloo group, for tests of several replicas."""

import datetime
import functools
import os
import traceback

import torch
import torch.distributed as dist


def replica(work):
    """Ends the process without taking its group apart: gloo's destructor now and then waits for ever (torch 2.6)."""

    @functools.wraps(work)
    def run(*given):
        try:
            work(*given)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    return run


def start(rank, replicas, folder, seconds=120):
    torch.set_num_threads(1)
    dist.init_process_group(
        "gloo",
        init_method=f"file://{folder}/meeting",
        rank=rank,
        world_size=replicas,
        timeout=datetime.timedelta(seconds=seconds),
    )
