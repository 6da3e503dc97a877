"""JAX jit on the CPU."""

import jax
import jax_unet
from jax import lax
from jax import numpy as jnp
from serve import beta, images, matrices, mlp_parameters, points, probability_flow, serve

jax.config.update("jax_platforms", "cpu")


def apply(parameters, x, t):
    h = jnp.concatenate([x, t[:, None]], 1)
    for i, (w, b) in enumerate(zip(*parameters)):
        h = h @ w + b
        if i < 3:
            h = jax.nn.softplus(h)
    return h


def adam_step(p, loss, *data):
    state = [p, jax.tree.map(jnp.zeros_like, p), jax.tree.map(jnp.zeros_like, p)]

    @jax.jit
    def step(p, m, v, *data):
        value, g = jax.value_and_grad(loss)(p, *data)
        m = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, m, g)
        v = jax.tree.map(lambda a, b: 0.999 * a + 0.001 * b * b, v, g)
        p = jax.tree.map(lambda a, b, c: a - 1e-3 * b / (jnp.sqrt(c) + 1e-8), p, m, v)
        return [p, m, v], value

    def run():
        nonlocal state
        state, value = step(*state, *data)
        return float(value)

    return run


def mlp_step(work):
    p = jax.tree.map(jnp.asarray, mlp_parameters(work["width"]))
    loss = lambda q, x, t, z: jnp.square(apply(q, x + z, t) + z).sum(1).mean()
    return adam_step(p, loss, *map(jnp.asarray, points(work["batch"])))


def unet_step(work):
    run = adam_step(jax_unet.init(jax.random.key(0)), jax_unet.training_loss, *jax_unet.data(work["batch"]))

    def silent():
        run()

    return silent


def mlp_score(work):
    p = jax.tree.map(jnp.asarray, mlp_parameters(work["width"]))
    x, t, _ = map(jnp.asarray, points(work["batch"]))
    score = jax.jit(apply)
    return lambda: float(score(p, x, t).block_until_ready()[0, 0])


def euler_maruyama(work):
    p = jax.tree.map(jnp.asarray, mlp_parameters(work["width"]))
    steps, shape = work["steps"], (work["batch"], 2)

    @jax.jit
    def sample(key):
        def step(i, x):
            t = 1 - i / steps
            b = beta(t)
            noise = jax.random.normal(jax.random.fold_in(key, i), shape)
            return x + (0.5 * b * x + b * apply(p, x, jnp.full(shape[0], t))) / steps + jnp.sqrt(b / steps) * noise

        return lax.fori_loop(0, steps, step, jax.random.normal(key, shape))

    def run():
        sample(jax.random.key(0)).block_until_ready()

    return run


def rk45(work):
    p = jax.tree.map(jnp.asarray, mlp_parameters(work["width"]))
    score = jax.jit(apply)
    return lambda: probability_flow(lambda x, t: jax.device_get(score(p, x, t)), work["batch"])


def convolved(x, filter):
    return lax.conv_general_dilated(x, filter, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))


def conv(work):
    x, filter = map(jnp.asarray, images(work))
    fn = jax.jit(lambda a, b: jnp.abs(convolved(a, b)).mean())
    return lambda: float(fn(x, filter))


def conv_gradients(work):
    x, filter = map(jnp.asarray, images(work))

    @jax.jit
    def fn(a, b):
        gradients = jax.grad(lambda c, d: jnp.square(convolved(c, d)).sum(), (0, 1))(a, b)
        return sum(jnp.abs(g).mean() for g in gradients)

    return lambda: float(fn(x, filter))


def matmul(work):
    a, b = map(jnp.asarray, matrices(work["size"]))
    fn = jax.jit(lambda c, d: jnp.abs(c @ d).mean())
    return lambda: float(fn(a, b))


makers = {
    "mlp-step": mlp_step,
    "mlp-score": mlp_score,
    "euler-maruyama": euler_maruyama,
    "rk45": rk45,
    "conv": conv,
    "conv-gradients": conv_gradients,
    "matmul": matmul,
    "unet-step": unet_step,
    "unet-sample": jax_unet.unet_sample,
    "unet-pc": jax_unet.unet_pc,
}
serve(f"JAX {jax.__version__}", makers)
