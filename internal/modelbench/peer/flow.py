"""The conditional invertible neural network: couplings, each followed by a flip."""

import math

import torch
from torch import nn

import spline
from mlp import MLP
from trend import trend_of


class Affine(nn.Module):
    def __init__(self, number, config, tensors):
        super().__init__()
        names = ["scale", "shift"] if config["networks"] == 2 else ["both"]
        self.networks = nn.ModuleList(MLP(f"coupling.{number}.{name}", tensors) for name in names)
        self.first, self.clamp = config["dim"] // 2, config["clamp"]

    def numbers(self, x1, y):
        h = torch.cat([x1, y], 1)
        s, t = [net(h) for net in self.networks] if len(self.networks) == 2 else self.networks[0](h).chunk(2, 1)
        return (self.clamp * torch.tanh(s / self.clamp) if self.clamp else s), t

    def forward(self, x, y):
        x1, x2 = x[:, : self.first], x[:, self.first :]
        s, t = self.numbers(x1, y)
        return torch.cat([x1, x2 * torch.exp(s) + t], 1), s.sum(1)

    def inverse(self, z, y):
        z1, z2 = z[:, : self.first], z[:, self.first :]
        s, t = self.numbers(z1, y)
        return torch.cat([z1, (z2 - t) * torch.exp(-s)], 1)


class Spline(nn.Module):
    def __init__(self, number, config, tensors):
        super().__init__()
        self.network = MLP(f"coupling.{number}.spline", tensors)
        self.first, self.bins, self.bound = config["dim"] // 2, config["bins"], config["bound"]

    def forward(self, x, y):
        x1, x2 = x[:, : self.first], x[:, self.first :]
        bent, log_det = spline.forward(x2, self.network(torch.cat([x1, y], 1)), self.bins, self.bound)
        return torch.cat([x1, bent], 1), log_det

    def inverse(self, z, y):
        z1, z2 = z[:, : self.first], z[:, self.first :]
        return torch.cat([z1, spline.inverse(z2, self.network(torch.cat([z1, y], 1)), self.bins, self.bound)], 1)


class Flow(nn.Module):
    def __init__(self, config, tensors):
        super().__init__()
        if config.get("permutation") or config.get("act_norm"):
            raise ValueError("only flips are known, without activation normalisation")
        kind = Spline if config.get("coupling") == "spline" else Affine
        self.couplings = nn.ModuleList(kind(i, config, tensors) for i in range(config["couplings"]))
        self.trend = trend_of(config, tensors)
        self.dim = config["dim"]

    def log_prob(self, x, y, noise=None):
        z, log_det = self.trend.residual(x, y), self.trend.log_det()
        for coupling in self.couplings:
            z, part = coupling(z, y)
            z, log_det = torch.flip(z, [1]), log_det + part
        return -0.5 * (z * z).sum(1) - 0.5 * self.dim * math.log(2 * math.pi) + log_det

    def loss(self, x, y, noise=None):
        return -self.log_prob(x, y).mean()

    def sample(self, y, noise=None):
        z = torch.randn(len(y), self.dim, device=y.device) if noise is None else noise[0]
        for coupling in reversed(self.couplings):
            z = coupling.inverse(torch.flip(z, [1]), y)
        return self.trend.restore(z, y)
