"""What is measured: steps, draws, densities, epochs and whole trainings, in the ways of running that PyTorch has."""

import time

import torch

import weights
from autoencoder import Autoencoder
from flow import Flow
from gemm import synchronize
from optimizer import Optimizer

EAGER, COMPILED, TUNED, GRAPH = "eager", "compile", "max-autotune", "cuda-graph"


def modes(device):
    compiled = [COMPILED, TUNED] if hasattr(torch, "compile") else []
    return [EAGER] + compiled + ([GRAPH] if device.type == "cuda" else [])


def load(device, kind, weights_path, arrays, mode, **settings):
    if hasattr(torch, "_dynamo"):
        torch._dynamo.reset()  # what was compiled for the last work
    arrays = {name: weights.array(a["path"], a["shape"], device) for name, a in arrays.items()}
    work = {"step": Step, "draw": Draw, "density": Density, "epoch": Epoch}[kind](device, weights_path, arrays, mode, **settings)
    value = work.check()  # before a step changes the weights
    work.prepare()
    return work, value


def model(path, device):
    kind, config, tensors = weights.read(path, device)
    return {"cinn": Flow, "cvae": Autoencoder}[kind](config, tensors)


class Work:
    """One thing to measure. Its once() does it, and check() returns a number that the other side must find too."""

    def __init__(self, device, weights_path, arrays, mode):
        self.device, self.weights_path, self.mode = device, weights_path, mode
        self.model = model(weights_path, device)
        self.x, self.y = arrays.get("x"), arrays["y"]
        self.noise = [arrays[name] for name in sorted(arrays) if name.startswith("noise")] or None

    def quicker(self, function):
        if self.mode == COMPILED:
            return torch.compile(function, dynamic=False)
        if self.mode == TUNED:
            return torch.compile(function, dynamic=False, mode=TUNED)
        return function

    def prepare(self):
        """Compiles, where that is the mode, and captures the graph, where that is."""
        if self.mode == GRAPH:
            self.once = captured(self.once)
        elif self.mode != EAGER:
            self.measure(1, 1)

    def measure(self, samples, burst):
        """Milliseconds of each sample, the mean of a burst of works; one more goes before, to warm up."""
        milliseconds = []
        for _ in range(samples + 1):
            synchronize(self.device)
            begin = time.perf_counter()
            for _ in range(burst):
                if self.mode == TUNED:
                    torch.compiler.cudagraph_mark_step_begin()
                self.once()
            synchronize(self.device)
            milliseconds.append((time.perf_counter() - begin) * 1e3 / burst)
        return milliseconds[1:]


class Step(Work):
    """A training step with a given batch."""

    def __init__(self, *args, adam):
        super().__init__(*args)
        self.loss = self.quicker(self.model.loss)
        self.optimizer = Optimizer(self.model, adam, capturable=self.mode == GRAPH)

    def check(self):
        with torch.no_grad():
            return self.model.loss(self.x, self.y, self.noise).item()

    def once(self):
        self.step(self.x, self.y)

    def step(self, x, y):
        self.optimizer.zero_grad()
        self.loss(x, y).backward()
        self.optimizer.step()


class Draw(Work):
    """One draw for each row of y, or rows of them for its only one."""

    def __init__(self, *args, rows):
        super().__init__(*args)
        self.rows = rows
        self.sample = self.quicker(self.model.sample)

    def check(self):
        with torch.inference_mode():
            return (torch.tanh(self.model.sample(self.conditions(), self.noise)) ** 2).mean().item()

    def conditions(self):
        return self.y.expand(self.rows, -1)

    def once(self):
        with torch.inference_mode():
            return self.sample(self.conditions())


class Density(Work):
    """The log-density of each row."""

    def __init__(self, *args):
        super().__init__(*args)
        self.log_prob = self.quicker(self.model.log_prob)

    def check(self):
        with torch.inference_mode():
            return self.model.log_prob(self.x, self.y, self.noise).mean().item()

    def once(self):
        with torch.inference_mode():
            return self.log_prob(self.x, self.y)


class Epoch(Step):
    """An epoch over a table in a random order, and its validation."""

    LEAST_VALIDATION_BATCH = 4096

    def __init__(self, device, weights_path, arrays, mode, adam, batch):
        self.validation = arrays["validation_x"], arrays["validation_y"]
        self.batch = batch
        super().__init__(device, weights_path, arrays, mode, adam=adam)

    def once(self):
        order = torch.randperm(len(self.x), device=self.device)
        for rows in order.split(self.batch):
            self.step(self.x[rows], self.y[rows])
        return self.validate()

    def validate(self):
        total, rows = 0.0, max(self.batch, self.LEAST_VALIDATION_BATCH)
        with torch.no_grad():
            for x, y in zip(*(part.split(rows) for part in self.validation)):
                total += self.loss(x, y).item() * len(x)
        return total / len(self.validation[0])

    def fit(self, target, epochs):
        """Trains anew until the validation loss is no more than the target: milliseconds, epochs done and the loss."""
        self.model.load_state_dict(model(self.weights_path, self.device).state_dict())
        self.optimizer.reset()
        synchronize(self.device)
        begin, done, loss = time.perf_counter(), 0, float("inf")
        while done < epochs and not loss <= target:
            loss, done = self.once(), done + 1
        return (time.perf_counter() - begin) * 1e3, done, loss


def captured(work):
    """The work as a CUDA graph, once it has been done a few times beside it."""
    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        for _ in range(3):
            work()
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    return graph.replay
