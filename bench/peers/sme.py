"""Asynchronous SGD and SME-ASGD on the double well of AnLuYing18's figure 5, in NumPy, vectorized over blocks of paths.

    taskset -c 1 /usr/bin/python3 sme.py asgd|sme-asgd [paths [steps [block]]]

Prints CPU nanoseconds per path and step, and the fraction of paths above 0 at the end. Double precision, in-place
operations on arrays that fit the cache, the fastest generator (SFC64), and ziggurat draws: an exponential number is the
cheapest way to a geometric one.
"""
import sys
import time

import numpy as np

ETA, MU, START = 0.01, 0.95, 0.1


def slope(z, out, square):
    """4 z exp(-z^2)"""
    np.multiply(z, z, out=square)
    np.negative(square, out=square)
    np.exp(square, out=square)
    np.multiply(z, square, out=out)
    np.multiply(out, 4.0, out=out)


def asgd(rng, n, steps):
    window = 1024
    past = np.full(window * n, START)
    x = np.full(n, START)
    lane = np.arange(n)
    age, z, gradient, square = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    place = np.empty(n, dtype=np.int64)
    rate = -1.0 / np.log(MU)
    for k in range(steps):
        rng.standard_exponential(out=age)
        np.multiply(age, rate, out=age)
        np.minimum(age, min(k, window - 1), out=age)
        np.copyto(place, age, casting="unsafe")
        np.subtract(k, place, out=place)
        np.bitwise_and(place, window - 1, out=place)
        np.multiply(place, n, out=place)
        np.add(place, lane, out=place)
        np.take(past, place, out=z, mode="clip")
        # one random bit a path, and its pole at 1 or -1
        bits = np.unpackbits(np.frombuffer(rng.bytes((n + 7) // 8), dtype=np.uint8))[:n]
        np.multiply(bits, 2.0, out=gradient)
        np.subtract(gradient, 1.0, out=gradient)
        np.subtract(z, gradient, out=z)
        slope(z, gradient, square)
        np.multiply(gradient, ETA, out=gradient)
        np.subtract(x, gradient, out=x)
        at = ((k + 1) & (window - 1)) * n
        past[at:at + n] = x
    return x


def sme_asgd(rng, n, steps):
    """The splitting that equals ASGD's moments on quadratics: dX = -(eta/dt) g dt + ..., dg = k(f' - g) dt, dS = k(G - S) dt."""
    x = np.full(n, START)
    a, b, z, square, spread, normal = (np.empty(n) for _ in range(6))

    def mean():
        np.subtract(x, 1.0, out=z)
        slope(z, a, square)
        np.add(x, 1.0, out=z)
        slope(z, b, square)
        np.add(a, b, out=z)
        np.multiply(z, 0.5, out=z)
        np.multiply(a, a, out=a)
        np.multiply(b, b, out=b)
        np.add(a, b, out=a)
        np.multiply(a, 0.5, out=a)
        return z, a

    g, s = (v.copy() for v in mean())
    for _ in range(steps):
        np.multiply(g, g, out=spread)
        np.subtract(s, spread, out=spread)
        np.maximum(spread, 0.0, out=spread)
        np.sqrt(spread, out=spread)
        rng.standard_normal(out=normal)
        np.multiply(spread, normal, out=spread)
        np.subtract(spread, g, out=spread)
        np.multiply(spread, ETA, out=spread)
        np.add(x, spread, out=x)
        slope_now, second_now = mean()
        for memory, now in ((g, slope_now), (s, second_now)):
            np.subtract(now, memory, out=now)
            np.multiply(now, 1.0 - MU, out=now)
            np.add(memory, now, out=memory)
    return x


def main():
    what = sys.argv[1]
    paths = int(sys.argv[2]) if len(sys.argv) > 2 else 65536
    steps = int(sys.argv[3]) if len(sys.argv) > 3 else 300
    block = int(sys.argv[4]) if len(sys.argv) > 4 else 4096
    run = {"asgd": asgd, "sme-asgd": sme_asgd}[what]
    rng = np.random.Generator(np.random.SFC64(1))
    run(rng, block, 20)
    positive, started = 0, time.process_time()
    for first in range(0, paths, block):
        positive += int((run(rng, min(block, paths - first), steps) > 0).sum())
    seconds = time.process_time() - started
    print(f"{seconds / paths / steps * 1e9:.2f} {positive / paths:.4f}")


main()
