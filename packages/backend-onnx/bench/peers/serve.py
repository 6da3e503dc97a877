"""Answers the bench's requests from standard input, and makes the numbers that every language makes alike."""

import json
import math
import sys
import time

import numpy as np


def numbers(shape, seed, scale=1.0):
    i = np.arange(math.prod(shape), dtype=np.float64)
    x = 43758.5453 * np.sin(12.9898 * i + 78.233 * seed)
    return (scale * (2 * (x - np.floor(x)) - 1)).astype(np.float32).reshape(shape)


def mlp_parameters(width):
    sizes = [3, width, width, width, 2]
    weights = [numbers((a, b), i, math.sqrt(3 / a)) for i, (a, b) in enumerate(zip(sizes, sizes[1:]))]
    return weights, [np.zeros(b, np.float32) for b in sizes[1:]]


def points(batch):
    return numbers((batch, 2), 10), numbers((batch,), 11, 0.5) + np.float32(0.5), numbers((batch, 2), 12, math.sqrt(3))


def images(work):
    n, size, channels, filters = (work[name] for name in ("batch", "size", "channels", "filters"))
    return numbers((n, size, size, channels), 20), numbers((3, 3, channels, filters), 21, math.sqrt(1 / (3 * channels)))


def matrices(size):
    return numbers((size, size), 30), numbers((size, size), 31)


def beta(t):
    return 0.1 + 19.9 * t


def probability_flow(score, batch):
    """Solves the flow of the VP process from 1 to 1e-3 by RK45, as the published tutorial does."""
    from scipy import integrate

    def velocity(t, flat):
        x = flat.reshape(batch, 2).astype(np.float32)
        return (-0.5 * beta(t) * (x + score(x, np.full(batch, t, np.float32)))).astype(np.float64).ravel()

    start = numbers((batch, 2), 13, math.sqrt(3)).astype(np.float64).ravel()
    solution = integrate.solve_ivp(velocity, (1.0, 1e-3), start, rtol=1e-5, atol=1e-5, method="RK45")
    return float(np.abs(solution.y[:, -1]).mean())


def once(run):
    begun = time.perf_counter()
    result = run()
    return result, 1000 * (time.perf_counter() - begun)


def timed(run, budget):
    run()
    times = []
    while sum(times) < budget:
        times.append(once(run)[1])
    return times


def serve(hello, makers):
    out = sys.stdout
    sys.stdout = sys.stderr

    def say(message):
        out.write(json.dumps(message) + "\n")
        out.flush()

    say({"hello": hello})
    run = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "prepare" in request:
                work = request["prepare"]
                if work["kind"] not in makers:
                    say({"error": "not offered"})
                    continue
                run = makers[work["kind"]](work)
                check, _ = once(run)
                say({"check": check, "onceMs": once(run)[1]})
            elif "run" in request:
                say({"times": timed(run, request["run"])})
            else:
                run = None
                say({"disposed": True})
        except Exception as error:  # noqa: BLE001
            say({"error": str(error).strip().splitlines()[0] if str(error).strip() else repr(error)})
