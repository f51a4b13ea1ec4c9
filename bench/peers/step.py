"""CPU time of a training step of PyTorch at its tuned best, shared by the peers' scripts.

A step draws the dropout mask, computes the forward and backward passes, adds l2 (weight decay) and updates, with one thread.
The allocator keeps its memory (see README.md), images are channels_last."""
import json
import statistics
import sys
import time

import torch


def measure(name, net, inputs, targets, loss, learning_rate=0.05, weight_decay=0.0, images=True, clip=None):
    """Prints a line of JSON with the median CPU milliseconds of the steps asked for on the command line (20 by default)."""
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    torch.set_num_threads(1)
    net.train()
    if images:
        net = net.to(memory_format=torch.channels_last)
        inputs = inputs.contiguous(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(net.parameters(), lr=learning_rate, weight_decay=weight_decay)
    times = []
    for step in range(steps + 4):
        start = time.thread_time()
        optimizer.zero_grad()
        loss(net(inputs), targets).backward()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(net.parameters(), clip)
        optimizer.step()
        if step >= 4:
            times.append((time.thread_time() - start) * 1e3)
    parameters = sum(p.numel() for p in net.parameters())
    print(json.dumps({"peer": "pytorch", "model": name, "batch": inputs.shape[0], "cpuMilliseconds": statistics.median(times), "least": min(times), "parameters": parameters}))
