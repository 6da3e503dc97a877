"""The published tutorial's score network in JAX, trained and sampled."""

import math

import jax
from jax import lax
from jax import numpy as jnp

FEATURES, SIGMA, SNR = 256, 25.0, 0.16
DOWN = [(1, 32, 1, 4), (32, 64, 2, 32), (64, 128, 2, 32), (128, 256, 2, 32)]
# Channels in and out, stride, rows added at the end, groups.
UP = [(256, 128, 2, 0, 32), (256, 64, 2, 1, 32), (128, 32, 2, 1, 32)]
LAYOUT = ("NHWC", "HWIO", "NHWC")


def init(key):
    keys = iter(jax.random.split(key, 32))

    def weights(*shape):
        return jax.random.normal(next(keys), shape) / math.sqrt(math.prod(shape[:-1]))

    def level(inputs, outputs):
        return {
            "conv": weights(3, 3, inputs, outputs),
            "time": weights(FEATURES, outputs),
            "scale": jnp.ones(outputs),
            "shift": jnp.zeros(outputs),
        }

    return {
        "embed": weights(FEATURES, FEATURES),
        "down": [level(inputs, outputs) for inputs, outputs, *_ in DOWN],
        "up": [level(inputs, outputs) for inputs, outputs, *_ in UP],
        "last": weights(3, 3, 64, 1),
    }


frequencies = 30 * jax.random.normal(jax.random.key(1), (FEATURES // 2,))


def transposed(x, filter, stride, extra=0):
    return lax.conv_general_dilated(
        x, filter, (1, 1), [(2, 2 + extra)] * 2, lhs_dilation=(stride, stride), dimension_numbers=LAYOUT
    )


def normalised(p, h, groups):
    grouped = h.reshape(h.shape[0], -1, groups, h.shape[-1] // groups)
    mean, variance = grouped.mean((1, 3), keepdims=True), grouped.var((1, 3), keepdims=True)
    return ((grouped - mean) / jnp.sqrt(variance + 1e-5)).reshape(h.shape) * p["scale"] + p["shift"]


def apply(p, x, t):
    angle = 2 * jnp.pi * t[:, None] * frequencies
    embedding = jax.nn.silu(jnp.concatenate([jnp.sin(angle), jnp.cos(angle)], 1) @ p["embed"])
    block = lambda q, h, groups: jax.nn.silu(normalised(q, h + (embedding @ q["time"])[:, None, None], groups))
    skips, h = [], x
    for q, (_, _, stride, groups) in zip(p["down"], DOWN):
        h = lax.conv_general_dilated(h, q["conv"], (stride, stride), "VALID", dimension_numbers=LAYOUT)
        h = block(q, h, groups)
        skips.append(h)
    h = skips.pop()
    for q, (_, _, stride, extra, groups) in zip(p["up"], UP):
        h = block(q, transposed(h, q["conv"], stride, extra), groups)
        h = jnp.concatenate([h, skips.pop()], -1)
    return transposed(h, p["last"], 1)


def data(batch):
    keys = jax.random.split(jax.random.key(2), 3)
    shape = (batch, 28, 28, 1)
    return jax.random.uniform(keys[0], shape), jax.random.uniform(keys[1], (batch,)), jax.random.normal(keys[2], shape)


def training_loss(p, x, t, z):
    return jnp.square(apply(p, x + z, t) + z).sum((1, 2, 3)).mean()


def unet_sample(work):
    p, (x, t, z) = init(jax.random.key(0)), data(work["batch"])
    update = jax.jit(lambda p, x, t, z: (x + apply(p, x, t)) * 1.001 + z * 0.1)

    def run():
        update(p, x, t, z).block_until_ready()

    return run


def unet_pc(work):
    p, steps, shape = init(jax.random.key(0)), work["steps"], (work["batch"], 28, 28, 1)
    norm = lambda x: jnp.sqrt(jnp.square(x).sum((1, 2, 3), keepdims=True))

    @jax.jit
    def sample(p, key):
        def step(i, x):
            first, second = jax.random.split(jax.random.fold_in(key, i))
            time = 1 - i * (1 - 1e-3) / steps
            std = jnp.sqrt((SIGMA ** (2 * time) - 1) / (2 * math.log(SIGMA)))
            score = lambda x: apply(p, x, jnp.full(shape[0], time)) / std
            z, s = jax.random.normal(first, shape), score(x)
            size = 2 * (SNR * norm(z) / norm(s)) ** 2
            x = x + size * s + jnp.sqrt(2 * size) * z
            g2 = SIGMA ** (2 * time) / steps
            return x + g2 * score(x) + jnp.sqrt(g2) * jax.random.normal(second, shape)

        return lax.fori_loop(0, steps, step, 10 * jax.random.normal(key, shape))

    def run():
        sample(p, jax.random.key(0)).block_until_ready()

    return run
