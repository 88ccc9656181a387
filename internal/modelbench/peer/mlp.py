"""A multilayer perceptron with ELU after every layer but the last."""

from torch import nn


class MLP(nn.Sequential):
    def __init__(self, name, tensors):
        layers = []
        while f"{name}.{len(layers) // 2}.weight" in tensors:
            number = len(layers) // 2
            layers += [linear(tensors[f"{name}.{number}.weight"], tensors[f"{name}.{number}.bias"]), nn.ELU(inplace=True)]
        if not layers:
            raise ValueError(f"there are no weights of {name}")
        super().__init__(*layers[:-1])


def linear(weight, bias):
    layer = nn.Linear(weight.shape[1], weight.shape[0], device=weight.device)
    layer.weight.data.copy_(weight)
    layer.bias.data.copy_(bias)
    return layer
