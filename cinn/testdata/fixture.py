"""What the PyTorch side of both models' fixtures shares: the networks, a short training, and the layout of the files.

Weights and inputs are rounded, so that the files stay small; everything is computed from the rounded numbers, in float64.
"""
import json
import math

import torch
from torch import nn
from torch.nn import functional as F

STEPS = 20
BATCH = 4
ROWS = 12
LEARNING_RATE = 0.01


class MLP(nn.ModuleList):
    """Linear layers with ELU after every one but the last."""

    def __init__(self, sizes):
        super().__init__(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, h):
        for layer in list(self)[:-1]:
            h = F.elu(layer(h))
        return self[-1](h)


def rounded(t):
    return torch.round(t * 1000) / 1000


def rounded_normal(*shape):
    return rounded(torch.randn(*shape))


def start(model, stretch=1.2):
    """PyTorch's own first weights, made larger so that nothing stays linear."""
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(rounded(stretch * p))


def array(t):
    return {"shape": list(t.shape), "data": [float(f"{v:.16g}") for v in t.detach().flatten().tolist()]}


def arrays(named):
    return {name: array(t) for name, t in named}


def training(model, loss_of_rows):
    """Steps of Adam over batches taken in order, each again when all were seen; the loss before each step and after all."""
    optimiser = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    losses = []
    for step in range(STEPS + 1):
        first = step * BATCH % ROWS
        loss = loss_of_rows(slice(first, first + BATCH))["total"]
        losses.append(loss.item())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert all(math.isfinite(v) for v in losses)
    return {"learning_rate": LEARNING_RATE, "batch": BATCH, "losses": losses}


def write(path, config, model, inputs, outputs, loss_of_rows):
    """loss_of_rows gives the loss and its terms, by name, for a slice of the rows."""
    parameters = arrays(model.named_parameters())
    loss = loss_of_rows(slice(None))
    model.zero_grad()
    loss["total"].backward()
    fixture = {
        "made_with": "PyTorch " + torch.__version__,
        "config": config,
        "parameters": parameters,
        "inputs": arrays(inputs.items()),
        "outputs": arrays(outputs.items()),
        "loss": {name: value.item() for name, value in loss.items()},
        "gradients": arrays((name, p.grad) for name, p in model.named_parameters()),
        "training": training(model, loss_of_rows),
    }
    with open(path, "w") as f:
        f.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in fixture.items()) + "\n}\n")
