#!/usr/bin/env python3
"""Makes first.tfevents and second.tfevents with TensorBoard's own writer, which PyTorch's SummaryWriter writes through too.

    pip install tensorboard && python3 make.py

A first session of steps 1 to 4, and a second that was resumed at step 3. Times are fixed, so that the bytes are.
"""
import os

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter


def events(first, last, offset):
    yield Event(wall_time=1700000000.25, file_version="brain.Event:2")
    yield Event(wall_time=1700000000.25, step=first, session_log=SessionLog(status=SessionLog.START))
    for step in range(first, last + 1):
        values = [
            Summary.Value(tag="train_loss", simple_value=offset - 0.5 * step),
            Summary.Value(tag="term/kl", simple_value=0.1 * step),
        ]
        yield Event(wall_time=1700000000.25 + step, step=step, summary=Summary(value=values))


here = os.path.dirname(os.path.abspath(__file__))
for name, first, last, offset in [("first", 1, 4, 2.0), ("second", 3, 6, 3.0)]:
    with open(os.path.join(here, name + ".tfevents"), "wb") as file:
        writer = RecordWriter(file)
        for event in events(first, last, offset):
            writer.write(event.SerializeToString())
