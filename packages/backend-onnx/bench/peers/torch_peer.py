"""PyTorch on the CPU: torch_peer.py eager|compiled THREADS."""

import math
import sys

import torch
from serve import beta, images, matrices, mlp_parameters, points, probability_flow, serve
from torch import nn
from torch.nn import functional as F

compiled = sys.argv[1] == "compiled"
torch.set_num_threads(int(sys.argv[2]))
maybe_compiled = torch.compile if compiled else lambda fn: fn
tensor = torch.from_numpy


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        weights, biases = mlp_parameters(width)
        self.weights = nn.ParameterList([nn.Parameter(tensor(w)) for w in weights])
        self.biases = nn.ParameterList([nn.Parameter(tensor(b)) for b in biases])

    def forward(self, x, t):
        h = torch.cat([x, t[:, None]], 1)
        for i, (w, b) in enumerate(zip(self.weights, self.biases)):
            h = torch.addmm(b, h, w)
            if i < 3:
                h = F.softplus(h)
        return h


class Block(nn.Module):
    """A convolution, the time's features added, group normalisation, swish."""

    def __init__(self, conv, channels, groups):
        super().__init__()
        self.conv, self.time, self.norm = conv, nn.Linear(256, channels), nn.GroupNorm(groups, channels)

    def forward(self, x, embedding):
        return F.silu(self.norm(self.conv(x) + self.time(embedding)[:, :, None, None]))


class TutorialUnet(nn.Module):
    """The published tutorial's score network for images 28×28, before its division by the standard deviation."""

    def __init__(self):
        super().__init__()
        self.frequencies = nn.Parameter(torch.randn(128) * 30, requires_grad=False)
        self.embed = nn.Linear(256, 256)
        conv = lambda a, b, stride: nn.Conv2d(a, b, 3, stride, bias=False)
        up = lambda a, b, stride, extra: nn.ConvTranspose2d(a, b, 3, stride, output_padding=extra, bias=False)
        self.down = nn.ModuleList(
            [
                Block(conv(1, 32, 1), 32, 4),
                Block(conv(32, 64, 2), 64, 32),
                Block(conv(64, 128, 2), 128, 32),
                Block(conv(128, 256, 2), 256, 32),
            ]
        )
        self.up = nn.ModuleList(
            [
                Block(up(256, 128, 2, 0), 128, 32),
                Block(up(256, 64, 2, 1), 64, 32),
                Block(up(128, 32, 2, 1), 32, 32),
            ]
        )
        self.last = nn.ConvTranspose2d(64, 1, 3)

    def forward(self, x, t):
        angle = 2 * math.pi * t[:, None] * self.frequencies
        embedding = F.silu(self.embed(torch.cat([angle.sin(), angle.cos()], 1)))
        skips = []
        for block in self.down:
            x = block(x, embedding)
            skips.append(x)
        skips.pop()
        for block in self.up:
            x = torch.cat([block(x, embedding), skips.pop()], 1)
        return self.last(x)


def training_step(net, loss, adam):
    value_of, apply = maybe_compiled(loss), maybe_compiled(adam.step)

    def step():
        adam.zero_grad()
        value = value_of()
        value.backward()
        apply()
        return value.item()

    return step


def mlp_step(work):
    net = Mlp(work["width"])
    x, t, z = map(tensor, points(work["batch"]))
    loss = lambda: (net(x + z, t) + z).square().sum(1).mean()
    return training_step(net, loss, torch.optim.Adam(net.parameters(), lr=1e-3))


def without_gradient(fn):
    def run(*args):
        with torch.no_grad():
            return fn(*args)

    return run


def mlp_score(work):
    net = maybe_compiled(Mlp(work["width"]))
    x, t, _ = map(tensor, points(work["batch"]))
    return without_gradient(lambda: net(x, t)[0, 0].item())


def euler_maruyama(work):
    net, steps = Mlp(work["width"]), work["steps"]

    def update(x, t, noise):
        b = 0.1 + 19.9 * t[0]
        return x + (0.5 * b * x + b * net(x, t)) / steps + (b / steps).sqrt() * noise

    update = maybe_compiled(update)

    def run():
        x = torch.randn(work["batch"], 2)
        for i in range(steps):
            x = update(x, torch.full((work["batch"],), 1 - i / steps), torch.randn(x.shape))

    return without_gradient(run)


def rk45(work):
    net = maybe_compiled(Mlp(work["width"]))
    score = lambda x, t: net(tensor(x), tensor(t)).numpy()
    return without_gradient(lambda: probability_flow(score, work["batch"]))


def channels_first(work):
    x, filter = images(work)
    return tensor(x.transpose(0, 3, 1, 2).copy()), tensor(filter.transpose(3, 2, 0, 1).copy())


def conv(work):
    x, filter = channels_first(work)
    fn = maybe_compiled(lambda a, b: F.conv2d(a, b, padding=1).abs().mean())
    return without_gradient(lambda: fn(x, filter).item())


def conv_gradients(work):
    x, filter = (a.requires_grad_() for a in channels_first(work))
    fn = maybe_compiled(lambda a, b: F.conv2d(a, b, padding=1).square().sum())

    def run():
        gradients = torch.autograd.grad(fn(x, filter), [x, filter])
        return sum(g.abs().mean().item() for g in gradients)

    return run


def matmul(work):
    a, b = map(tensor, matrices(work["size"]))
    fn = maybe_compiled(lambda c, d: (c @ d).abs().mean())
    return without_gradient(lambda: fn(a, b).item())


def unet_step(work):
    net = TutorialUnet()
    x, t, z = torch.rand(work["batch"], 1, 28, 28), torch.rand(work["batch"]), torch.randn(work["batch"], 1, 28, 28)
    loss = lambda: (net(x + z, t) + z).square().sum((1, 2, 3)).mean()
    return training_step(net, loss, torch.optim.Adam(net.parameters(), lr=1e-4))


def unet_sample(work):
    net = TutorialUnet()
    x, t, z = torch.rand(work["batch"], 1, 28, 28), torch.rand(work["batch"]), torch.randn(work["batch"], 1, 28, 28)
    update = maybe_compiled(lambda x, t, z: (x + net(x, t)) * 1.001 + z * 0.1)
    return without_gradient(lambda: update(x, t, z)[0, 0, 0, 0].item())


def unet_pc(work):
    net, batch, steps, sigma, snr = TutorialUnet(), work["batch"], work["steps"], 25.0, 0.16
    score = maybe_compiled(lambda x, t, std: net(x, t) / std)
    norm = lambda x: x.square().sum((1, 2, 3), keepdim=True).sqrt()

    def run():
        x = torch.randn(batch, 1, 28, 28) * 10
        for i in range(steps):
            time = 1 - i * (1 - 1e-3) / steps
            std = math.sqrt((sigma ** (2 * time) - 1) / (2 * math.log(sigma)))
            t, z = torch.full((batch,), time), torch.randn(x.shape)
            s = score(x, t, std)
            step = 2 * (snr * norm(z) / norm(s)) ** 2
            x = x + step * s + (2 * step).sqrt() * z
            g2 = sigma ** (2 * time) / steps
            x = x + g2 * score(x, t, std) + math.sqrt(g2) * torch.randn(x.shape)

    return without_gradient(run)


def digits_unet():
    from diffusers import UNet2DModel

    return UNet2DModel(
        sample_size=28,
        in_channels=1,
        out_channels=1,
        layers_per_block=1,
        block_out_channels=(16, 32, 32),
        down_block_types=("DownBlock2D", "AttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "AttnUpBlock2D", "UpBlock2D"),
        norm_num_groups=4,
        attention_head_dim=32,
    )


def digits_step(work):
    net = digits_unet()
    x, t, z = torch.rand(work["batch"], 1, 28, 28), torch.rand(work["batch"]), torch.randn(work["batch"], 1, 28, 28)
    loss = lambda: (net(x + z, t).sample + z).square().sum((1, 2, 3)).mean()
    return training_step(net, loss, torch.optim.Adam(net.parameters(), lr=1e-3))


def digits_score(work):
    net = maybe_compiled(digits_unet())
    x, t = torch.rand(work["batch"], 1, 28, 28), torch.rand(work["batch"])
    return without_gradient(lambda: net(x, t).sample[0, 0, 0, 0].item())


makers = {
    "mlp-step": mlp_step,
    "mlp-score": mlp_score,
    "euler-maruyama": euler_maruyama,
    "rk45": rk45,
    "conv": conv,
    "conv-gradients": conv_gradients,
    "matmul": matmul,
    "unet-step": unet_step,
    "unet-sample": unet_sample,
    "unet-pc": unet_pc,
    "digits-step": digits_step,
    "digits-score": digits_score,
}
drawn = {"unet-step", "unet-sample", "unet-pc", "digits-step", "digits-score"}


def unchecked(make):
    def made(work):
        run = make(work)

        def silent():
            run()

        return silent

    return made


serve(f"PyTorch {torch.__version__}", {kind: unchecked(make) if kind in drawn else make for kind, make in makers.items()})
