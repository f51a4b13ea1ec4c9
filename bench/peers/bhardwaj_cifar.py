"""The net of table 1 in [BhardwajCong17], without the fourth pooling, whose inputs are 1x1; batch 128."""
import torch
from torch import nn
from step import measure

torch.manual_seed(0)
net = nn.Sequential(
    nn.Conv2d(3, 64, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.5), nn.Conv2d(64, 128, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.5),
    nn.Conv2d(128, 256, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.5), nn.Conv2d(256, 128, 2), nn.ReLU(), nn.Dropout(0.5), nn.Flatten(), nn.Linear(128, 10))
measure("bhardwaj-cifar", net, torch.randn(128, 3, 32, 32), torch.randint(0, 10, (128,)), nn.functional.cross_entropy)
