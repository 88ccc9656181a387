#!/usr/bin/env python3
"""Computes the conditional variational autoencoder in Python's PyTorch, for TestParity. Run it in this folder: python3 -B make_fixtures.py

Densities and divergences are those of torch.distributions: no closed form of the model's is used.
"""
import pathlib
import sys

import torch
from torch import nn
from torch.distributions import Normal, kl_divergence

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "cinn" / "testdata"))
from fixture import MLP, ROWS, rounded_normal, start, write


class Decoder(MLP):
    def __init__(self, sizes, learned_variance):
        super().__init__(sizes)
        if learned_variance:
            self.slow_log_variance = nn.Parameter(torch.randn(sizes[-1]) / 10)


class CVAE(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.sees, self.learned = c["encoder_sees_conditions"], c["learned_variance"]
        seen = c["dim"] + (c["conditions"] if self.sees else 0)
        self.encoder = MLP([seen, *c["hidden"], 2 * c["latent"]])
        self.decoder = Decoder([c["latent"] + c["conditions"], *c["hidden"], c["dim"]], self.learned)

    def posterior(self, x, y):
        mean, log_variance = self.encoder(torch.cat([x, y], dim=1) if self.sees else x).chunk(2, dim=1)
        return Normal(mean, log_variance.exp().sqrt())

    def decode(self, z, y):
        return self.decoder(torch.cat([z, y], dim=1))

    def loss(self, x, y, epsilon):
        q = self.posterior(x, y)
        decoded = self.decode(q.loc + epsilon * q.scale, y)
        cost = (x - decoded).pow(2)
        if self.learned:
            cost = -Normal(decoded, (10 * self.decoder.slow_log_variance).exp().sqrt()).log_prob(x)
        reconstruction = cost.sum(1).mean()
        kl = kl_divergence(q, Normal(0.0, 1.0)).sum(1).mean()
        return {"total": reconstruction + kl, "reconstruction": reconstruction, "kl": kl}


def outputs(model, x, y, epsilon):
    q = model.posterior(x, y)
    mean = q.loc.mean(0)
    return {
        "mean": q.loc,
        "log_variance": 2 * q.scale.log(),
        "decoded": model.decode(q.loc + epsilon * q.scale, y),
        "round_trip": model.decode(q.loc, y),
        "latent_mean": mean,
        "latent_sd": ((q.loc**2 + q.scale**2).mean(0) - mean**2).sqrt() + 1e-6,
    }


def make(name, seed, **config):
    torch.manual_seed(seed)
    model = CVAE(config)
    start(model)
    x, y = rounded_normal(ROWS, config["dim"]), rounded_normal(ROWS, config["conditions"])
    epsilon = rounded_normal(ROWS, config["latent"])
    write(name + ".json", config, model, {"x": x, "y": y, "epsilon": epsilon}, outputs(model, x, y, epsilon),
          lambda rows: model.loss(x[rows], y[rows], epsilon[rows]))


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    small, large = {"dim": 3, "conditions": 2, "hidden": [8, 8]}, {"dim": 9, "conditions": 9, "hidden": [8, 8]}
    plain = {"encoder_sees_conditions": False, "learned_variance": False}
    robust = {"encoder_sees_conditions": True, "learned_variance": True}
    make("reference_3_2", 1, **small, **plain, latent=9)
    make("reference_9_9", 2, **large, **plain, latent=9)
    make("robust_3_2", 3, **small, **robust, latent=3)
    make("robust_9_9", 4, **large, **robust, latent=9)
