"""The polynomial in the conditions that targets are taken from before a network sees them."""

import torch
from torch import nn


class Trend(nn.Module):
    def __init__(self, degree, tensors):
        super().__init__()
        self.degree = degree
        for name in ("centre", "half_width", "coefficients", "scale"):
            self.register_buffer(name, tensors[f"trend.{name}"])

    def value(self, y):
        u = torch.clamp((y.t() - self.centre) / self.half_width, -1.25, 1.25)
        every, block, firsts = [torch.ones_like(u[:1]), u], u, list(range(len(u)))
        for _ in range(2, self.degree + 1):
            # Each condition times the products that begin with it or a later one.
            parts, following = [], []
            for i in range(len(u)):
                start = firsts.index(i)
                parts.append(u[i : i + 1] * block[start:])
                following += [i] * (len(block) - start)
            block, firsts = torch.cat(parts), following
            every.append(block)
        return torch.cat(every).t() @ self.coefficients

    def residual(self, x, y):
        return (x - self.value(y)) / self.scale

    def restore(self, r, y):
        return r * self.scale + self.value(y)

    def log_det(self):
        return -torch.log(self.scale).sum()


class NoTrend(nn.Module):
    def residual(self, x, y):
        return x

    def restore(self, r, y):
        return r

    def log_det(self):
        return 0.0


def trend_of(config, tensors):
    degree = config.get("trend", 0)
    return Trend(degree, tensors) if degree else NoTrend()
