#!/usr/bin/env python3
"""FedAvg in one plain PyTorch loop, as it is most often written: fedgram-plain-loop, in Python.

Needs PyTorch (Debian's python3-torch will do) and the four Fashion-MNIST files, packed. One thread. Prints one JSON line:
CPU seconds of the whole process, imports and data included, and wall seconds of a round without them.
"""

import argparse
import gzip
import json
import os
import time

for library in ("OMP", "OPENBLAS", "MKL"):  # before they are loaded
    os.environ[f"{library}_NUM_THREADS"] = "1"

import torch
from torch import nn
from torch.nn.functional import cross_entropy

EVALUATION_BATCH = 500


def idx(path, header_bytes):
    with gzip.open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, offset=header_bytes)


def images(folder, split, count):
    pixels = idx(f"{folder}/{split}-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)[:count]
    labels = idx(f"{folder}/{split}-labels-idx1-ubyte.gz", 8)[:count]
    return pixels.float().div_(255).sub_(0.2860).div_(0.3530), labels.long()


def make_model(name):
    if name == "mlp-32":
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
    return nn.Sequential(  # workload-a-cnn
        nn.Conv2d(1, 32, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1024, 512), nn.ReLU(), nn.Linear(512, 10))


def train(model, pixels, labels, batch, rate):
    """One epoch over a node's samples in a fresh order."""
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    for chosen in torch.randperm(len(pixels)).split(batch):
        optimizer.zero_grad()
        cross_entropy(model(pixels[chosen]), labels[chosen]).backward()
        optimizer.step()


@torch.no_grad()
def accuracy(model, pixels, labels):
    model.eval()
    correct = 0
    for part, truth in zip(pixels.split(EVALUATION_BATCH), labels.split(EVALUATION_BATCH)):
        correct += (model(part).argmax(1) == truth).sum().item()
    return correct / len(labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=["mlp-32", "workload-a-cnn"], default="mlp-32")
    parser.add_argument("--nodes", type=int, default=100)
    parser.add_argument("--samples-per-node", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=50, help="of one local epoch")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--lr", type=float, default=0.05)
    parser.add_argument("--data-dir", default="/usr/share/datasets/fashion-mnist")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)

    held = options.nodes * options.samples_per_node
    train_pixels, train_labels = images(options.data_dir, "train", held)
    test_pixels, test_labels = images(options.data_dir, "t10k", None)
    nodes = list(zip(train_pixels.split(options.samples_per_node), train_labels.split(options.samples_per_node)))
    model, local = make_model(options.model), make_model(options.model)
    reached = 0.0
    start = time.monotonic()
    for _ in range(options.rounds):
        mean = {name: torch.zeros_like(value) for name, value in model.state_dict().items()}
        for pixels, labels in nodes:
            local.load_state_dict(model.state_dict())
            train(local, pixels, labels, options.batch, options.lr)
            for name, value in local.state_dict().items():
                mean[name] += value / len(nodes)
        model.load_state_dict(mean)
        reached = accuracy(model, test_pixels, test_labels)
    seconds = time.monotonic() - start
    print(json.dumps({"model": options.model, "rounds": options.rounds, "torch": torch.__version__,
                      "cpu_seconds": time.process_time(), "wall_seconds_per_round": seconds / options.rounds,
                      "accuracy": reached}))


if __name__ == "__main__":
    main()
