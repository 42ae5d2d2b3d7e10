#!/usr/bin/env python3
"""Writes models for the dataset synthetic-next-word as TorchScript files: linear.pt, mlp.pt, embedding.pt and gru.pt.

    python3 experiments/models/next_word.py models

It needs PyTorch; Debian's package is python3-torch. The same files come out each time.
"""

import pathlib
import sys

import torch
from torch import nn

WORDS = 64
WINDOW = 8
FEATURES = 16  # of an embedded word
HIDDEN = 64


def numbers(x):
    """A sample is [1, 1, 8] floats; words are counted by whole numbers."""
    return x.flatten(1).long()


class OneHot(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = WORDS

    def forward(self, x):
        return nn.functional.one_hot(numbers(x), self.words).flatten(1).float()


class Linear(nn.Module):
    """Adds up what each word says for itself."""

    def __init__(self):
        super().__init__()
        self.one_hot = OneHot()
        self.out = nn.Linear(WINDOW * WORDS, WORDS)

    def forward(self, x):
        return self.out(self.one_hot(x))


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.one_hot = OneHot()
        self.hidden = nn.Linear(WINDOW * WORDS, HIDDEN)
        self.out = nn.Linear(HIDDEN, WORDS)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(self.one_hot(x))))


class Embedding(nn.Module):
    """Bengio et al. 2003, A neural probabilistic language model."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(WORDS, FEATURES)
        self.hidden = nn.Linear(WINDOW * FEATURES, HIDDEN)
        self.out = nn.Linear(HIDDEN, WORDS)

    def forward(self, x):
        return self.out(torch.tanh(self.hidden(self.words(numbers(x)).flatten(1))))


class Gru(nn.Module):
    """Word by word, as McMahan et al. 2017 (arXiv:1602.05629) predict the next one by an LSTM."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(WORDS, FEATURES)
        self.recurrent = nn.GRU(FEATURES, HIDDEN, batch_first=True)
        self.out = nn.Linear(HIDDEN, WORDS)

    def forward(self, x):
        states, _ = self.recurrent(self.words(numbers(x)))
        return self.out(states[:, -1])


if len(sys.argv) != 2:
    sys.exit(f"usage: {sys.argv[0]} FOLDER")
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for model in (Linear, Mlp, Embedding, Gru):
    torch.manual_seed(1)
    torch.jit.script(model()).save(str(folder / f"{model.__name__.lower()}.pt"))
