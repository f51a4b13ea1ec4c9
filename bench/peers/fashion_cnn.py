"""The small convolutional net for Fashion-MNIST, batch 128."""
import torch
from torch import nn
from step import measure

torch.manual_seed(0)
net = nn.Sequential(
    nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Dropout(0.4), nn.Linear(128, 10))
measure("fashion-cnn", net, torch.randn(128, 1, 28, 28), torch.randint(0, 10, (128,)), nn.functional.cross_entropy)
