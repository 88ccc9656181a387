"""Makes the fixtures of this folder: python make.py NAME, with PyTorch 1.13 for torch1 and a 2.x for torch2.

NAME.pt is the state dict of a small cINN as one would write it in PyTorch, with names of its own and in networks that are
torch.nn.Sequential; NAME.json has positions and momenta in model coordinates and what PyTorch says of their log-density.
"""
import json
import sys

import torch


class Coupling(torch.nn.Module):
    def __init__(self, passing, moved, conditions, hidden):
        super().__init__()
        self.s_net, self.t_net = (
            torch.nn.Sequential(torch.nn.Linear(passing + conditions, hidden), torch.nn.ELU(), torch.nn.Linear(hidden, hidden),
                                torch.nn.ELU(), torch.nn.Linear(hidden, moved))
            for _ in range(2))

    def forward(self, x, y):
        x1, x2 = x[:, : x.shape[1] // 2], x[:, x.shape[1] // 2 :]
        s, t = self.s_net(torch.cat([x1, y], 1)), self.t_net(torch.cat([x1, y], 1))
        return torch.cat([x1, x2 * s.exp() + t], 1).flip(1), s.sum(1)


class Flow(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.flow = torch.nn.ModuleList(Coupling(1, 2, 2, 5) for _ in range(3))

    def log_density(self, x, y):
        total = 0
        for coupling in self.flow:
            x, log_det = coupling(x, y)
            total = total + log_det
        return total + torch.distributions.Normal(0, 1).log_prob(x).sum(1)


torch.manual_seed(4)
model = Flow()
with torch.no_grad():
    for p in model.parameters():
        p.add_(0.3 * torch.randn_like(p))
    # A parameter that is a view of a larger storage, as in a model that ties or flattens its weights.
    shared = torch.randn(40)
    model.flow[1].s_net[2].weight = torch.nn.Parameter(shared.as_strided((5, 5), (1, 6), 3))
    x, y = torch.randn(6, 3), torch.randn(6, 2)
    answer = model.log_density(x, y)
name = sys.argv[1]
torch.save({"epoch": 7, "state_dict": model.state_dict(), "note": [1.5, None, True]}, name + ".pt")
with open(name + ".json", "w") as f:
    json.dump({"torch": torch.__version__, "x": x.tolist(), "y": y.tolist(), "log_density": answer.tolist()}, f)
