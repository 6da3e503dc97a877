"""PyTorch on CUDA in float32, TF32 off: torch_cuda.py REQUEST, answered line by line as the other peers do."""

import json
import math
import sys
import time


def say(message):
    print(json.dumps(message), flush=True)


try:
    import torch
    from torch.nn import functional as F
except ImportError as error:
    say({"unable": f"{sys.executable} has no torch ({error})"})
    sys.exit()
if not torch.cuda.is_available():
    say({"unable": f"PyTorch {torch.__version__} finds no CUDA"})
    sys.exit()

torch.set_default_device("cuda")
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.backends.cudnn.benchmark = True


def weights(width):
    sizes = [3, width, width, width, 2]
    layers = zip(sizes, sizes[1:])
    return [p.requires_grad_() for a, b in layers for p in (torch.randn(a, b) / math.sqrt(a), torch.zeros(b))]


def score(p, x, t):
    h = torch.cat([x, t], 1)
    for i in range(0, 8, 2):
        h = torch.addmm(p[i + 1], h, p[i])
        if i < 6:
            h = F.silu(h)
    return h


def signal(t):
    """α² of the process at times t."""
    return ((-9.95 * t - 0.1) * t).exp()


def mlp_step(work):
    p, x = weights(work["width"]), torch.randn(work["batch"], 2)
    adam = torch.optim.Adam(p, lr=1e-3, fused=True)

    def step(_):
        t, z = torch.rand(len(x), 1), torch.randn_like(x)
        alpha2 = signal(t)
        sigma = (1 - alpha2).sqrt()
        loss = (sigma * score(p, alpha2.sqrt() * x + sigma * z, t) + z).square().sum(1).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()

    return step


def sampling(work):
    p, batch, steps = weights(work["width"]), work["batch"], work["calls"]
    x = torch.randn(batch, 2)

    @torch.no_grad()
    def step(i):
        nonlocal x
        t = torch.full((batch, 1), 1 - i / steps)
        if work["kind"] == "predictor-corrector":
            size = 2 * 0.16**2 * (1 - signal(t))
            x = x + size * score(p, x, t) + (2 * size).sqrt() * torch.randn_like(x)
        beta = (0.1 + 19.9 * t) / steps
        x = x + beta * (x / 2 + score(p, x, t)) + beta.sqrt() * torch.randn_like(x)

    return step


def images(work):
    return torch.randn(work["batch"], work["channels"], work["size"], work["size"])


def filters(work):
    return torch.randn(work["channels"], work["channels"], 3, 3)


def conv(work):
    x, w = images(work), filters(work)
    return lambda _: F.conv2d(x, w, padding=1)


def conv_gradients(work):
    x, w, dy = images(work), filters(work), images(work)
    args = (dy, x, w, None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1, [True, True, False])
    return lambda _: torch.ops.aten.convolution_backward(*args)


def matmul(work):
    a, b = (torch.randn(work["size"], work["size"]) for _ in range(2))
    return lambda _: a @ b


def normals(work):
    return lambda _: torch.randn(work["count"])


makers = {
    "mlp-step": mlp_step,
    "conv": conv,
    "conv-gradients": conv_gradients,
    "matmul": matmul,
    "euler-maruyama": sampling,
    "predictor-corrector": sampling,
    "normals": normals,
}


def measured(work, budget):
    call, calls = makers[work["kind"]](work), work["calls"]

    def run():
        begun = time.perf_counter()
        for i in range(calls):
            call(i)
        torch.cuda.synchronize()
        return 1000 * (time.perf_counter() - begun)

    run()
    times = [run()]
    while sum(times) < budget:
        times.append(run())
    return {"time": min(times) / calls}


request = json.loads(sys.argv[1])
say({"hello": f"PyTorch {torch.__version__} on {torch.cuda.get_device_name()}"})
for work in request["works"]:
    if work["kind"] not in makers:
        say({"none": "this network is not written in PyTorch here"})
        continue
    try:
        say(measured(work, request["budget"]))
    except Exception as error:  # noqa: BLE001
        say({"none": f"failed: {str(error).strip().splitlines()[0]}"})
