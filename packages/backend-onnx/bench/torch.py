"""Times the bench's MLP in eager PyTorch on one CPU thread: torch.py step|score WIDTH BATCH prints milliseconds."""

import sys
import time

import torch
from torch import nn

kind, width, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(1)
sizes = [3, width, width, width, 2]
layers = []
for before, after in zip(sizes, sizes[1:]):
    layers += [nn.Linear(before, after), nn.Softplus()]
net = nn.Sequential(*layers[:-1])
adam = torch.optim.Adam(net.parameters(), lr=1e-3)
x, t, z = torch.randn(batch, 2), torch.rand(batch, 1), torch.randn(batch, 2)


def step():
    adam.zero_grad()
    loss = (net(torch.cat([x + z, t], 1)) + z).square().sum(1).mean()
    loss.backward()
    adam.step()
    return loss.item()


def score():
    with torch.no_grad():
        return net(torch.cat([x, t], 1))


run = step if kind == "step" else score
best = float("inf")
end = time.perf_counter() + 3
while time.perf_counter() < end:
    begun = time.perf_counter()
    run()
    best = min(best, time.perf_counter() - begun)
print(1000 * best)
