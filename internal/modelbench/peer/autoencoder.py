"""The conditional variational autoencoder."""

import math

import torch
from torch import nn

from mlp import MLP
from trend import trend_of

LATENT_DRAWS = 64  # that the bound of the density averages over
VARIANCE_GAIN = 10  # of the decoder's log-variance over its parameter


class Autoencoder(nn.Module):
    def __init__(self, config, tensors):
        super().__init__()
        self.encoder, self.decoder = MLP("encoder", tensors), MLP("decoder", tensors)
        self.trend = trend_of(config, tensors)
        self.dim, self.latent = config["dim"], config["latent"]
        self.sees_conditions = config["encoder_sees_conditions"]
        self.slow_log = nn.Parameter(tensors["decoder.slow_log_variance"]) if config["learned_variance"] else None
        self.prior = MLP("prior", tensors) if config.get("learned_prior") else None
        if self.prior is None:
            self.register_buffer("latent_mean", tensors["latent.mean"])
            self.register_buffer("latent_sd", tensors["latent.sd"])

    def encode(self, r, y):
        return self.encoder(torch.cat([r, y], 1) if self.sees_conditions else r).chunk(2, 1)

    def decode(self, z, y):
        return self.decoder(torch.cat([z, y], 1))

    def log_density(self, r, reconstruction):
        squares = (r - reconstruction) ** 2
        if self.slow_log is None:
            return -squares.sum(1) - 0.5 * self.dim * math.log(math.pi)
        v = VARIANCE_GAIN * self.slow_log
        return -0.5 * ((squares * torch.exp(-v) + v).sum(1) + self.dim * math.log(2 * math.pi))

    def divergence(self, mean, log_variance, y):
        if self.prior is None:
            return -0.5 * (1 + log_variance - mean**2 - torch.exp(log_variance)).sum(1)
        prior_mean, prior_log = self.prior(y).chunk(2, 1)
        ratio = log_variance - prior_log
        return -0.5 * (1 + ratio - (mean - prior_mean) ** 2 * torch.exp(-prior_log) - torch.exp(ratio)).sum(1)

    def loss(self, x, y, noise=None):
        r = self.trend.residual(x, y)
        mean, log_variance = self.encode(r, y)
        epsilon = torch.randn_like(mean) if noise is None else noise[0]
        reconstruction = self.decode(mean + epsilon * torch.exp(0.5 * log_variance), y)
        cost = ((r - reconstruction) ** 2).sum(1) if self.slow_log is None else -self.log_density(r, reconstruction)
        return cost.mean() + self.divergence(mean, log_variance, y).mean()

    def log_prior(self, z, y):
        if self.prior is not None:
            mean, log_variance = self.prior(y).chunk(2, 1)
        else:
            mean, log_variance = self.latent_mean, 2 * torch.log(self.latent_sd)
        score = (z - mean) ** 2 * torch.exp(-log_variance)
        return -0.5 * (score + log_variance + math.log(2 * math.pi)).sum(1)

    def log_prob(self, x, y, noise=None):
        """The importance-weighted bound."""
        r = self.trend.residual(x, y)
        mean, log_variance = self.encode(r, y)
        r, y, mean, log_variance = (t.repeat_interleave(LATENT_DRAWS, 0) for t in (r, y, mean, log_variance))
        epsilon = torch.randn_like(mean) if noise is None else noise[0]
        z = mean + epsilon * torch.exp(0.5 * log_variance)
        log_q = -0.5 * (epsilon**2 + log_variance + math.log(2 * math.pi)).sum(1)
        log_weight = self.log_density(r, self.decode(z, y)) + self.log_prior(z, y) - log_q
        bound = torch.logsumexp(log_weight.reshape(len(x), LATENT_DRAWS), 1) - math.log(LATENT_DRAWS)
        return bound + self.trend.log_det()

    def sample(self, y, noise=None):
        epsilon = torch.randn(len(y), self.latent, device=y.device) if noise is None else noise[0]
        if self.prior is not None:
            mean, log_variance = self.prior(y).chunk(2, 1)
            z = mean + epsilon * torch.exp(0.5 * log_variance)
        else:
            z = self.latent_mean + epsilon * self.latent_sd
        r = self.decode(z, y)
        if self.slow_log is not None:
            more = torch.randn_like(r) if noise is None else noise[1]
            r = r + more * torch.exp(0.5 * VARIANCE_GAIN * self.slow_log)
        return self.trend.restore(r, y)
