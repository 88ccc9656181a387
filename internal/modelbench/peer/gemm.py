"""The rate of square matrix products, the machine's own floor."""

import time

import torch


def rate(sizes, repeats, device):
    """GFLOP/s of the fastest of the products."""
    return max(fastest(n, repeats, device) for n in sizes)


def fastest(n, repeats, device):
    a, b, c = (torch.ones(n, n, device=device) for _ in range(3))
    seconds = []
    for _ in range(repeats + 1):
        synchronize(device)
        begin = time.perf_counter()
        torch.mm(a, b, out=c)
        synchronize(device)
        seconds.append(time.perf_counter() - begin)
    return 2 * n**3 / min(seconds) / 1e9


def synchronize(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)
