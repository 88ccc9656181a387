#!/usr/bin/env python3
"""Computes the conditional invertible neural network in Python's PyTorch, for TestParity. Run it in this folder: python3 -B make_fixtures.py

The determinant is that of the Jacobian matrix, which autograd gives: no closed form of the coupling's is used.
"""
import torch
from torch import nn
from torch.distributions import Normal

from fixture import MLP, ROWS, rounded_normal, start, write


class Coupling(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.split, self.clamp = c["dim"] // 2, c["clamp"]
        rest = c["dim"] - self.split
        sizes = [self.split + c["conditions"], *c["hidden"]]
        if c["networks"] == 1:
            self.both = MLP(sizes + [2 * rest])
        else:
            self.scale, self.shift = MLP(sizes + [rest]), MLP(sizes + [rest])

    def forward(self, x, y):
        x1, x2 = x[:, : self.split], x[:, self.split :]
        h = torch.cat([x1, y], dim=1)
        s, t = self.both(h).chunk(2, dim=1) if hasattr(self, "both") else (self.scale(h), self.shift(h))
        if self.clamp > 0:
            s = self.clamp * torch.tanh(s / self.clamp)
        return torch.cat([x1, x2 * torch.exp(s) + t], dim=1)


class CINN(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.coupling = nn.ModuleList(Coupling(c) for _ in range(c["couplings"]))

    def forward(self, x, y):
        for coupling in self.coupling:
            x = coupling(x, y).flip(1)
        return x

    def log_det(self, x, y):
        x = x.clone().requires_grad_()
        z = self(x, y)
        rows = [torch.autograd.grad(z[:, i].sum(), x, create_graph=True)[0] for i in range(z.shape[1])]
        return torch.linalg.slogdet(torch.stack(rows, dim=1)).logabsdet

    def loss(self, x, y):
        normal = -Normal(0.0, 1.0).log_prob(self(x, y)).sum(1).mean()
        volume = -self.log_det(x, y).mean()
        return {"total": normal + volume, "normal": normal, "volume": volume}


def make(name, seed, **config):
    torch.manual_seed(seed)
    model = CINN(config)
    start(model)
    x, y = rounded_normal(ROWS, config["dim"]), rounded_normal(ROWS, config["conditions"])
    z, log_det = model(x, y), model.log_det(x, y)
    log_prob = Normal(0.0, 1.0).log_prob(z).sum(1) + log_det
    write(name + ".json", config, model, {"x": x, "y": y}, {"z": z, "log_det": log_det, "log_prob": log_prob},
          lambda rows: model.loss(x[rows], y[rows]))


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    small, large = {"dim": 3, "conditions": 2, "hidden": [8, 8]}, {"dim": 9, "conditions": 9, "hidden": [8, 8]}
    free = {"networks": 2, "clamp": 0, "zero_last": False}
    bounded = {"networks": 2, "clamp": 2, "zero_last": True}
    make("reference_3_2", 1, **small, **free, couplings=4)
    make("reference_9_9", 2, **large, **free, couplings=3)
    make("robust_3_2", 3, **small, **bounded, couplings=4)
    make("robust_9_9", 4, **large, **bounded, couplings=3)
    make("one_network_3_2", 5, **small, **{**bounded, "networks": 1}, couplings=4)
