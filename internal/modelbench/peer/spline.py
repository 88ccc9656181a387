"""Monotone rational-quadratic splines with linear tails (Durkan et al. 2019, arXiv:1906.04032)."""

import math

import torch
from torch.nn import functional

LEAST = 1e-3  # share of a bin's width and height, and slope


def knots(raw, bound):
    sizes = (torch.softmax(raw, -1) * (1 - LEAST * raw.shape[-1]) + LEAST) * (2 * bound)
    return torch.cumsum(sizes, -1) - sizes - bound, sizes


def pieces(at, raw, bins, bound, inverse):
    """Of the bin that each element falls into: left knots, sizes and slopes."""
    raw = raw.reshape(*at.shape, 3 * bins - 1)
    x, widths = knots(raw[..., :bins], bound)
    y, heights = knots(raw[..., bins : 2 * bins], bound)
    inner = functional.softplus(raw[..., 2 * bins :] + math.log(math.expm1(1 - LEAST))) + LEAST
    slopes = functional.pad(inner, (1, 1), value=1.0)
    bin = (at.detach().unsqueeze(-1) >= (y if inverse else x).detach()[..., 1:]).sum(-1, keepdim=True)
    return [t.gather(-1, i).squeeze(-1) for t, i in ((x, bin), (widths, bin), (y, bin), (heights, bin), (slopes, bin), (slopes, bin + 1))]


def forward(x, raw, bins, bound):
    inside = x.abs() < bound
    within = torch.clamp(x, -bound, bound)
    left, width, low, height, slope, following = pieces(within, raw, bins, bound, False)
    steep = height / width
    part = (within - left) / width
    rest, mixed = 1 - part, part * (1 - part)
    below = steep + (following + slope - 2 * steep) * mixed
    y = low + height * (steep * part * part + slope * mixed) / below
    log_slope = 2 * torch.log(steep) - 2 * torch.log(below) + torch.log(following * part * part + 2 * steep * mixed + slope * rest * rest)
    return torch.where(inside, y, x), torch.where(inside, log_slope, torch.zeros_like(x)).sum(1)


def inverse(y, raw, bins, bound):
    inside = y.abs() < bound
    within = torch.clamp(y, -bound, bound)
    left, width, low, height, slope, following = pieces(within, raw, bins, bound, True)
    steep = height / width
    above, bend = within - low, following + slope - 2 * steep
    a = height * (steep - slope) + above * bend
    b = height * slope - above * bend
    c = -steep * above
    part = 2 * c / (-b - torch.sqrt(torch.clamp_min(b * b - 4 * a * c, 0)))
    return torch.where(inside, left + part * width, y)
