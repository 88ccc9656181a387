"""What the other side sends: weights with their architecture as a safetensors file, and arrays of float32."""

import json

import torch


def read(path, device):
    """The kind of model, its configuration, and its tensors by name."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    begin = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:begin])
    metadata = header.pop("__metadata__")
    tensors = {name: numbers(data, begin + t["data_offsets"][0], t["shape"]).to(device) for name, t in header.items()}
    return metadata["kind"], json.loads(metadata["config"]), tensors


def array(path, shape, device):
    with open(path, "rb") as file:
        return numbers(bytearray(file.read()), 0, shape).to(device)


def numbers(data, begin, shape):
    count = 1
    for size in shape:
        count *= size
    return torch.frombuffer(data[begin : begin + 4 * count], dtype=torch.float32, count=count).reshape(shape).clone()
