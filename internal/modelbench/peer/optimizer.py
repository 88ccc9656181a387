"""Adam or AdamW with clipped gradients, fused where PyTorch can."""

import torch


class Optimizer:
    def __init__(self, model, adam, capturable):
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        self.adam, self.capturable = adam, capturable
        self.reset()

    def reset(self):
        kind = torch.optim.AdamW if self.adam["decoupled"] else torch.optim.Adam
        settings = dict(
            lr=self.adam["rate"], betas=(self.adam["beta1"], self.adam["beta2"]), eps=self.adam["epsilon"], weight_decay=self.adam["weight_decay"]
        )
        if self.capturable:
            settings["capturable"] = True
        try:
            self.inner = kind(self.parameters, fused=True, **settings)
        except (RuntimeError, TypeError):  # not in this version, or not on this device
            self.inner = kind(self.parameters, **settings)

    def zero_grad(self):
        self.inner.zero_grad(set_to_none=True)

    def step(self):
        if self.adam["clip_norm"] > 0:
            torch.nn.utils.clip_grad_norm_(self.parameters, self.adam["clip_norm"])
        self.inner.step()
