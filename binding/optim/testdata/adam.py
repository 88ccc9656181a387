#!/usr/bin/env python3
"""Writes adam.json: steps of PyTorch's Adam and AdamW on given gradients, for the tests of this package.

    python3 adam.py > adam.json

The parameters are two tensors, [3] and [2, 2], so that clipping sees the norm over several. Every number is written with
all its digits. The file in use was made with PyTorch 1.13.
"""

import json

import torch

SHAPES = [(3,), (2, 2)]
STEPS = 4

CASES = [
    {"name": "plain"},
    {"name": "other betas and epsilon", "beta1": 0.7, "beta2": 0.9, "epsilon": 1e-3},
    {"name": "weight decay through the gradient", "weight_decay": 0.1},
    {"name": "decoupled weight decay", "weight_decay": 0.1, "decoupled": True},
    {"name": "clipping", "clip_norm": 0.8},
    {"name": "clipping that never acts", "clip_norm": 1e6},
    {"name": "clipping and weight decay through the gradient", "clip_norm": 0.8, "weight_decay": 0.05},
    {"name": "clipping and decoupled weight decay", "clip_norm": 0.8, "weight_decay": 0.05, "decoupled": True},
]

DEFAULTS = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.0, "decoupled": False, "clip_norm": 0.0}


def flat(tensors):
    return torch.cat([t.detach().reshape(-1) for t in tensors]).double().tolist()


def run(case, dtype):
    settings = {**DEFAULTS, **case}
    generator = torch.Generator().manual_seed(len(case["name"]))
    draw = lambda shape: torch.randn(shape, generator=generator, dtype=dtype)
    parameters = [torch.nn.Parameter(draw(shape)) for shape in SHAPES]
    kind = torch.optim.AdamW if settings["decoupled"] else torch.optim.Adam
    optimiser = kind(
        parameters,
        betas=(settings["beta1"], settings["beta2"]),
        eps=settings["epsilon"],
        weight_decay=settings["weight_decay"],
    )
    result = {"dtype": str(dtype).removeprefix("torch."), "settings": settings, "start": flat(parameters), "steps": []}
    for step in range(STEPS):
        rate = 0.05 / (step + 1)
        gradients = [draw(shape) for shape in SHAPES]
        for p, g in zip(parameters, gradients):
            p.grad = g.clone()
        norm = torch.linalg.vector_norm(torch.cat([g.reshape(-1) for g in gradients])).item()
        if settings["clip_norm"] > 0:
            torch.nn.utils.clip_grad_norm_(parameters, settings["clip_norm"])
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.step()
        state = [optimiser.state[p] for p in parameters]
        result["steps"].append(
            {
                "rate": rate,
                "gradient": flat(gradients),
                "norm": norm,
                "parameters": flat(parameters),
                "mean": flat([s["exp_avg"] for s in state]),
                "square": flat([s["exp_avg_sq"] for s in state]),
            }
        )
    return result


runs = [run(case, dtype) for case in CASES for dtype in (torch.float32, torch.float64)]
print("[\n" + ",\n".join(json.dumps(r) for r in runs) + "\n]")
