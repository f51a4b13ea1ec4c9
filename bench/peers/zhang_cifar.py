"""The thesis's 7-layer CIFAR net [Zhang16, section 4.1], batch 128."""
import torch
from torch import nn
from step import measure

torch.manual_seed(0)


def network():
    return nn.Sequential(
        nn.Conv2d(3, 64, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 128, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(128, 64, 3), nn.ReLU(),
        nn.Flatten(), nn.Linear(256, 256), nn.ReLU(), nn.Dropout(0.5), nn.Linear(256, 10))


if __name__ == "__main__":
    measure("zhang-cifar", network(), torch.randn(128, 3, 28, 28), torch.randint(0, 10, (128,)), nn.functional.cross_entropy, weight_decay=1e-4)
