"""The peer of cei's benchmark: the same models in PyTorch. It answers requests, a JSON object a line on standard input, with
a JSON object a line on standard output."""

import json
import math
import os
import sys

replies = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # whatever libraries print is no reply

try:
    import torch
except ImportError as reason:
    print(json.dumps({"error": f"no PyTorch: {reason}"}), file=replies)
    sys.exit(0)

import gemm
import memory
import works


class Peer:
    def __init__(self):
        self.device = torch.device("cpu")
        self.work = None

    def start(self, threads, device):
        torch.set_num_threads(threads)
        self.device = torch.device(device)
        graphics = torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else ""
        own_blas = not torch.backends.mkl.is_available()  # one that may have threads of its own
        return {"torch": torch.__version__, "graphics": graphics, "own_blas": own_blas, "modes": works.modes(self.device)}

    def gemm(self, sizes, repeats):
        return {"gflops": gemm.rate(sizes, repeats, self.device)}

    def load(self, **request):
        self.work = None  # frees the last one's memory first
        self.work, value = works.load(device=self.device, **request)
        return {"value": value if math.isfinite(value) else None}

    def run(self, samples, burst):
        return {"ms": self.work.measure(samples, burst)}

    def fit(self, target, epochs):
        milliseconds, done, loss = self.work.fit(target, epochs)
        return {"ms": [milliseconds], "epochs": done, "loss": loss}

    def memory(self):
        return {"mib": memory.peak_mib()}


def answer(peer, line):
    request = json.loads(line)
    try:
        return getattr(peer, request.pop("do"))(**request)
    except Exception as reason:  # whatever it is, the other side tells of it
        return {"error": f"{type(reason).__name__}: {reason}"[:2000]}


peer = Peer()
for line in sys.stdin:
    print(json.dumps(answer(peer, line)), file=replies)
