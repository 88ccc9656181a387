"""Writes the Parquet files in the folder parquet with pyarrow: python3 parquet.py (pyarrow 26.0.1 wrote those that are there).

Every file of numbers holds the table that number() describes, so that the tests can compute what they must read.
"""

import os

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS, COLUMNS = 400, ["x_C", "px_C", "b", "a"]


def number(row, column):
    """An eighth of an integer, which every floating-point type holds; a quarter of the rows repeat one."""
    if row % 4 == 0:
        return float(column)
    return ((row * 7919 + column * 104729) % 20011 - 10000) / 8


def columns(dtype=np.float64, scale=1):
    return [np.array([number(i, j) * scale for i in range(ROWS)], dtype) for j in range(len(COLUMNS))]


def table(arrays=None, nullable=True, metadata=None):
    arrays = [pa.array(a) for a in (columns() if arrays is None else arrays)]
    fields = [pa.field(n, a.type, nullable=nullable) for n, a in zip(COLUMNS, arrays)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=metadata))


def write(name, content, **options):
    pq.write_table(content, os.path.join("parquet", name + ".parquet"), **options)


os.makedirs("parquet", exist_ok=True)
write("default", table(metadata={"cei": '{"a": "é"}', "empty": "", "binary": b"\xff\xfe"}))
write("plain", table(nullable=False), use_dictionary=False, compression="none")
for codec in ["gzip", "zstd", "lz4", "brotli", "snappy"]:
    write(codec, table(nullable=codec < "s"), use_dictionary=False, compression=codec)
small = dict(data_page_size=300, write_batch_size=50)  # pages of different rows in each column
write("groups", table(), row_group_size=77, use_dictionary=["x_C", "b"], compression={"x_C": "zstd", "b": "gzip", "a": "none", "px_C": "snappy"}, **small)
write("version2", table(), data_page_version="2.0", use_dictionary=["px_C"], row_group_size=250, write_page_checksum=True, **small)
write("version2_required", table(nullable=False), data_page_version="2.0", compression="zstd", **small)
write("checksums", table(), write_page_checksum=True, use_dictionary=False, compression="none", **small)
write("float32", table(columns(np.float32)))
write("float32_split", table(columns(np.float32)), use_dictionary=False, use_byte_stream_split=True)
write("split", table(nullable=False), use_dictionary=False, use_byte_stream_split=True, data_page_version="2.0")
for kind in ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]:
    scaled = [np.round(c).astype(np.int64) for c in columns()]
    integers = [(c % 100 if kind.endswith("8") else abs(c) if kind.startswith("u") else c).astype(kind) for c in scaled]
    write(kind, table(integers), use_dictionary=kind < "int4", version="2.6")
    if kind[-2:] in ("32", "64"):
        write(kind + "_delta", table(integers), use_dictionary=False, column_encoding={n: "DELTA_BINARY_PACKED" for n in COLUMNS}, **small)
write("empty", table([np.array([])] * 4))
pq.write_table(pa.table({}), os.path.join("parquet", "nothing.parquet"))

null = columns()[0].tolist()
null[345] = None
write("null", table([pa.array(null), *columns()[1:]]), row_group_size=150, **small)
write("nan", table([*columns()[:3], np.where(np.arange(ROWS) == 356, np.nan, 1.0)]))
edge = np.full(ROWS, 2**53, np.int64)
edge[267] = -(2**53) - 1
write("inexact", table([edge, np.full(ROWS, -(2**63), np.int64), np.full(ROWS, 2**62 + 2**61, np.int64), edge]))
huge = np.full(ROWS, 2**63, np.uint64)
huge[5] += 1
write("inexact_unsigned", table([np.full(ROWS, 2**63, np.uint64), huge, huge, huge]))
write(
    "others",
    pa.table(
        {
            "number": pa.array([1.0, 2.0]),
            "text": pa.array(["a", "b"]),
            "list": pa.array([[1.0, 2.0], [3.0]]),
            "struct": pa.array([{"x": 1.0, "y": {"z": 2.0}}, {"x": 3.0, "y": {"z": 4.0}}]),
            "bool": pa.array([True, False]),
            "time": pa.array([1, 2], pa.timestamp("us")),
            "date": pa.array([1, 2], pa.date32()),
            "decimal": pa.array([1, 2], pa.decimal128(5, 2)),
            "half": pa.array(np.array([1, 2], np.float16)),
            "bytes": pa.array([b"ab", b"cd"], pa.binary(2)),
            "map": pa.array([[("k", 1.0)], []], pa.map_(pa.string(), pa.float64())),
            "last": pa.array([3, 4], pa.int64()),
        }
    ),
)
