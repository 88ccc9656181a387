"""Prints what TensorBoard's own reader finds in a folder: {tag: [[step, value], ...]}."""
import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator as PluginAccumulator
from tensorboard.util import tensor_util


def scalars(folder):
    a = EventAccumulator(folder, size_guidance={"scalars": 0})
    a.Reload()
    return {tag: [[e.step, e.value] for e in a.Scalars(tag)] for tag in a.Tags()["scalars"]}


def tensors(folder):
    a = PluginAccumulator(folder, size_guidance={"tensors": 0})
    a.Reload()
    number = lambda e: float(tensor_util.make_ndarray(e.tensor_proto))
    return {tag: [[e.step, number(e)] for e in a.Tensors(tag)] for tag in a.Tags()["tensors"]}


print(json.dumps({"events": scalars(sys.argv[1]), "dashboard": tensors(sys.argv[1])}))
