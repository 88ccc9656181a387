#!/usr/bin/env python3
"""Writes explosions.json: final momenta of Coulomb explosions by SciPy.

An independent reference for the integrators of this package. Everything is in
atomic units, geometries come from formulas, and the ions are followed until
what is left of their potential energy changes no momentum by more than 1e-11,
so that no completion is needed. Run: python3 explosions.py > explosions.json
"""
import json

import numpy as np
from scipy.integrate import solve_ivp

DALTON = 1822.888486209


def molecule(n, moving):
    """n ions on a widening, wobbling spiral."""
    k = np.arange(n)
    angle = 2.4 * k
    radius = 1.5 + 0.7 * k + 0.2 * np.cos(5 * k)
    positions = np.stack([radius * np.cos(angle), radius * np.sin(angle), 1.1 * np.sin(3 * k) + 0.3 * k], axis=1)
    masses = DALTON * (1 + 30 * np.abs(np.sin(1 + k)))
    charges = 1 + 0.5 * (k % 4)
    momenta = 40 * np.stack([np.sin(k), np.cos(2 * k), np.sin(3 + k)], axis=1) if moving else np.zeros((n, 3))
    return masses, charges, positions, momenta


def explode(masses, charges, positions, momenta):
    n = len(masses)
    product = np.outer(charges, charges)
    np.fill_diagonal(product, 0)

    def slope(_, state):
        r, p = state.reshape(2, n, 3)
        d = r[:, None] - r[None]
        square = (d * d).sum(-1) + np.eye(n)
        force = (product / square**1.5)[..., None] * d
        return np.concatenate([(p / masses[:, None]).ravel(), force.sum(1).ravel()])

    start = np.concatenate([positions.ravel(), momenta.ravel()])
    solution = solve_ivp(slope, (0, 1e16), start, method="DOP853", rtol=1e-13, atol=1e-12, t_eval=[1e16])
    assert solution.success, solution.message
    return solution.y[3 * n :, -1]


def main():
    cases = []
    for n in 2, 3, 5, 8:
        for moving in False, True:
            masses, charges, positions, momenta = molecule(n, moving)
            cases.append({
                "masses_dalton": (masses / DALTON).tolist(),
                "charges": charges.tolist(),
                "positions": positions.ravel().tolist(),
                "initial_momenta": momenta.ravel().tolist(),
                "final_momenta": explode(masses, charges, positions, momenta).tolist(),
            })
    print(json.dumps(cases, indent=1))


if __name__ == "__main__":
    main()
