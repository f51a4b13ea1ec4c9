"""The MNIST autoencoder 784-1000-500-250-30 and back of [Survey, section 3.4], cross-entropy per pixel, batch 128."""
import torch
from torch import nn
from step import measure

torch.manual_seed(0)
widths, layers = [784, 1000, 500, 250, 30, 250, 500, 1000, 784], []
for k in range(8):
    layers.append(nn.Linear(widths[k], widths[k + 1]))
    if k not in (3, 7):
        layers.append(nn.Sigmoid())
pixels = torch.rand(128, 784)


def loss(outputs, targets):
    return nn.functional.binary_cross_entropy_with_logits(outputs, targets, reduction="sum") / len(targets)


measure("mnist-autoencoder", nn.Sequential(*layers), pixels, pixels, loss, learning_rate=0.001, images=False)
