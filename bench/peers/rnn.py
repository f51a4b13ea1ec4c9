"""A tanh RNN of 100 units over 80 steps of 2 inputs, squared error of the last output, gradient norm clipped; batch 100."""
import torch
from torch import nn
from step import measure

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.recurrent = nn.RNN(2, 100)  # steps first: the faster layout
        self.output = nn.Linear(100, 1)

    def forward(self, x):
        return self.output(self.recurrent(x)[0][-1])


class Steps(Net):
    """The same, from examples first, so that the batch is the first dimension of what is measured."""

    def forward(self, x):
        return super().forward(x.transpose(0, 1).contiguous())


measure("rnn", Steps(), torch.rand(100, 80, 2), torch.rand(100, 1), nn.functional.mse_loss, learning_rate=0.005, images=False, clip=1.0)
