"""Explodes the events of a JSON document on standard input with SciPy's solve_ivp, one after another, as programs of
the field do, and prints momenta and seconds as JSON. The stop and the completion are those of package explosion, so
that only the integrators differ."""

import json
import sys
import time

import numpy as np
import scipy
from scipy.integrate import solve_ivp


def explode(positions, masses, charges, tolerance, remaining, method):
    n = len(masses)
    i, j = np.triu_indices(n, 1)
    products = charges[i] * charges[j]
    reduced = masses[i] * masses[j] / (masses[i] + masses[j])

    def pairs(state):
        x = state[: 3 * n].reshape(n, 3)
        d = x[i] - x[j]
        return d, np.sqrt(np.einsum("ij,ij->i", d, d))

    def slope(_, state):
        d, r = pairs(state)
        f = (products / r**3)[:, None] * d
        force = np.zeros((n, 3))
        np.add.at(force, i, f)
        np.subtract.at(force, j, f)
        velocity = state[3 * n :].reshape(n, 3) / masses[:, None]
        return np.concatenate([velocity.ravel(), force.ravel()])

    def relative_velocity(state):
        v = state[3 * n :].reshape(n, 3) / masses[:, None]
        return v[i] - v[j]

    def free(_, state):
        d, r = pairs(state)
        w = relative_velocity(state)
        kinetic = reduced * np.einsum("ij,ij->i", w, w) / 2
        each = np.max(products / r - remaining * kinetic)
        return max(each / energy, np.sum(products / r) / energy - remaining)

    free.terminal = True
    free.direction = -1
    start = np.concatenate([positions, np.zeros(3 * n)])
    _, r = pairs(start)
    energy = np.sum(products / r)
    scale = np.concatenate([np.full(3 * n, r.min()), np.full(3 * n, np.sqrt(2 * masses.min() * energy))])
    end = solve_ivp(slope, (0, np.inf), start, method=method, rtol=tolerance, atol=tolerance * scale, events=free).y[:, -1]
    return end[3 * n :] + completion(end, pairs, relative_velocity, products, i, j, n)


def completion(state, pairs, relative_velocity, products, i, j, n):
    """What straight lines from here to infinity still give each ion."""
    d, r = pairs(state)
    w = relative_velocity(state)
    speed = np.sqrt(np.einsum("ij,ij->i", w, w))
    factor = products / (r * speed + np.einsum("ij,ij->i", d, w))
    push = factor[:, None] * (d / r[:, None] + w / speed[:, None])
    impulse = np.zeros((n, 3))
    np.add.at(impulse, i, push)
    np.subtract.at(impulse, j, push)
    return impulse.ravel()


def main():
    task = json.load(sys.stdin)
    masses, charges = np.array(task["masses"]), np.array(task["charges"])
    events = [np.array(event) for event in task["positions"]]
    explode(events[0], masses, charges, task["tolerance"], task["remaining"], task["method"])  # imports and caches
    begin = time.perf_counter()
    momenta = [explode(e, masses, charges, task["tolerance"], task["remaining"], task["method"]).tolist() for e in events]
    seconds = time.perf_counter() - begin
    json.dump({"seconds": seconds, "momenta": momenta, "scipy": scipy.__version__}, sys.stdout)


if __name__ == "__main__":
    main()
