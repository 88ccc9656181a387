#!/usr/bin/env python3
"""Writes spline.json: monotone rational-quadratic splines by the formulas of Durkan et al. 2019, Neural spline flows
(arXiv:1906.04032, equations 4 and 5), number by number in Python's own arithmetic, for the tests of package binding.

    python3 spline.py > spline.json

Inverses are found by bisection, not by the closed form that the paper gives.
"""

import json
import math
import random

LEAST_SHARE = LEAST_SLOPE = 1e-3


def softplus(v):
    return max(v, 0.0) + math.log1p(math.exp(-abs(v)))


def softmax(values):
    largest = max(values)
    weights = [math.exp(v - largest) for v in values]
    return [w / math.fsum(weights) for w in weights]


def knots(raw, bound):
    """The ends of the bins, from -bound to bound."""
    shares = [LEAST_SHARE + (1 - LEAST_SHARE * len(raw)) * w for w in softmax(raw)]
    return [-bound + 2 * bound * math.fsum(shares[:k]) for k in range(len(raw))] + [bound]


class Spline:
    def __init__(self, raw, bins, bound):
        self.bound = bound
        self.x, self.y = knots(raw[:bins], bound), knots(raw[bins : 2 * bins], bound)
        shift = math.log(math.expm1(1 - LEAST_SLOPE))
        self.slope = [1.0] + [LEAST_SLOPE + softplus(v + shift) for v in raw[2 * bins :]] + [1.0]

    def __call__(self, x):
        """The value, and the logarithm of the slope."""
        if abs(x) >= self.bound:
            return x, 0.0
        k = max(i for i in range(len(self.x) - 1) if self.x[i] <= x)
        width, height = self.x[k + 1] - self.x[k], self.y[k + 1] - self.y[k]
        s, part = height / width, (x - self.x[k]) / width
        left, right = self.slope[k], self.slope[k + 1]
        below = s + (right + left - 2 * s) * part * (1 - part)
        y = self.y[k] + height * (s * part**2 + left * part * (1 - part)) / below
        slope = s**2 * (right * part**2 + 2 * s * part * (1 - part) + left * (1 - part) ** 2) / below**2
        return y, math.log(slope)

    def inverse(self, y):
        if abs(y) >= self.bound:
            return y
        low, high = -self.bound, self.bound
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if self(middle)[0] < y else (low, middle)
        return (low + high) / 2


def case(name, bins, bound, columns, spread, seed):
    draw = random.Random(seed)
    rows = 12
    raw = [[[draw.gauss(0, spread) for _ in range(3 * bins - 1)] for _ in range(columns)] for _ in range(rows)]
    x = [[draw.gauss(0, bound / 2) for _ in range(columns)] for _ in range(rows)]
    for row, special in enumerate([0.0, bound, -bound, 3 * bound, -1e3, 0.999 * bound]):
        x[row][0] = special
    splines = [[Spline(r, bins, bound) for r in row] for row in raw]
    forward = [[f(v) for f, v in zip(*pair)] for pair in zip(splines, x)]
    return {
        "name": name, "bins": bins, "bound": bound, "rows": rows, "columns": columns,
        "x": sum(x, []), "raw": sum(sum(raw, []), []),
        "y": [y for row in forward for y, _ in row],
        "log_det": [math.fsum(slope for _, slope in row) for row in forward],
        "inverse": [f.inverse(v) for row, values in zip(splines, x) for f, v in zip(row, values)],
    }


CASES = [
    case("two bins", 2, 1.0, 1, 1.0, 1),
    case("five bins", 5, 3.0, 3, 1.0, 2),
    case("eight bins, wide", 8, 4.0, 5, 2.0, 3),
    case("flat", 4, 2.5, 2, 0.0, 4),
    case("least sizes", 6, 4.0, 2, 6.0, 5),
]
print(json.dumps({"cases": CASES}, indent=1))
