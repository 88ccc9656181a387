"""Reads the same table in several formats with what is installed, and prints the seconds that each took as JSON."""

import json
import sys
import time

import numpy as np

path = json.load(sys.stdin)["path"]
seconds = {}


def measure(name, read):
    begin = time.perf_counter()
    read()
    seconds[name] = time.perf_counter() - begin


measure("numpy.loadtxt, CSV", lambda: np.loadtxt(path + ".csv", delimiter=",", skiprows=1))


def load_npz():
    with np.load(path + ".npz") as f:
        np.hstack([f["positions"], f["momenta"]])


measure("numpy.load, npz", load_npz)

try:
    import pandas

    measure("pandas.read_csv, CSV", lambda: pandas.read_csv(path + ".csv", float_precision="round_trip").to_numpy())
except ImportError:
    pass

try:
    from pyarrow import csv, parquet

    def matrix(table):
        return np.column_stack([column.to_numpy() for column in table.columns])

    measure("pyarrow.csv, CSV", lambda: matrix(csv.read_csv(path + ".csv")))
    measure("pyarrow.parquet, Parquet", lambda: matrix(parquet.read_table(path + ".parquet")))
except ImportError:
    pass

json.dump(seconds, sys.stdout)
