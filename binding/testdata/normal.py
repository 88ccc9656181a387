#!/usr/bin/env python3
"""Writes normal.json: the first normal draws that follow from a seed, number by number in Python's own arithmetic, for the tests of
package binding.

    python3 normal.py > normal.json

The key is two numbers of the Mersenne twister (Matsumoto & Nishimura 1998), which Python's random is too once its state is that
which the seed gives. The generator is Philox4x32-10 (Salmon et al. 2011), the transform that of Box & Muller (1958).
"""

import json
import math
import random

COUNTERS = 16  # of a block


def key(seed):
    state = [seed & 0xFFFFFFFF]
    for i in range(1, 624):
        state.append((1812433253 * (state[-1] ^ (state[-1] >> 30)) + i) & 0xFFFFFFFF)
    twister = random.Random()
    twister.setstate((3, tuple(state) + (624,), None))
    high = twister.getrandbits(32)
    return high << 32 | twister.getrandbits(32)


def philox(key, counter):
    k = [key & 0xFFFFFFFF, key >> 32]
    c = [counter & 0xFFFFFFFF, counter >> 32, 0, 0]
    for _ in range(10):
        p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [q >> 32 ^ c[1] ^ k[0], q & 0xFFFFFFFF, p >> 32 ^ c[3] ^ k[1], p & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def pair(of_radius, of_angle, bits, mantissa):
    """Two normal numbers from two integers of so many bits, of which the floating-point type keeps its mantissa's."""

    def unit(n):
        return (n >> (bits - mantissa)) / 2**mantissa

    radius = math.sqrt(-2 * math.log(unit(of_radius) + 2.0 ** -(mantissa + 1)))
    angle = (unit((of_angle << 2) % 2**bits) - 0.5 + (of_angle >> (bits - 2))) * math.pi / 2
    return radius * math.cos(angle), radius * math.sin(angle)


def single(key, block):
    """A block of float32: counter p/2, or 8 more where p is odd, gives the numbers at p of four rows of 16."""
    rows = [[0.0] * COUNTERS for _ in range(4)]
    for p in range(COUNTERS):
        words = philox(key, block * COUNTERS + p // 2 + (COUNTERS // 2 if p % 2 else 0))
        rows[0][p], rows[1][p] = pair(words[0], words[1], 32, 23)
        rows[2][p], rows[3][p] = pair(words[2], words[3], 32, 23)
    return sum(rows, [])


def double(key, block):
    rows = [[0.0] * COUNTERS for _ in range(2)]
    for p in range(COUNTERS):
        words = philox(key, block * COUNTERS + p)
        rows[0][p], rows[1][p] = pair(words[0] << 32 | words[1], words[2] << 32 | words[3], 64, 52)
    return sum(rows, [])


def draws(seed, of, count):
    numbers, block = [], 0
    while len(numbers) < count:
        numbers += of(key(seed), block)
        block += 1
    return numbers[:count]


def main():
    assert philox(0, 0) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]  # of Random123's known answers
    cases = []
    for seed in (0, 1, 20261124):
        cases.append({"seed": seed, "float32": draws(seed, single, 150), "float64": draws(seed, double, 150)})
    print(json.dumps(cases, indent=0))


main()
