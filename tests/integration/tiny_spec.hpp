#pragma once

#include <string>

namespace fedgram::test {

/// An experiment of some seconds: 600 samples, a small MLP, three nodes.
inline const std::string tiny_spec = R"({
  "name": "tiny",
  "seed": 3,
  "data": {"dataset": "fashion-mnist", "train_samples": 600},
  "model": "mlp-32",
  "centralized": {"learning_rate": 0.05, "max_epochs": 2},
  "federated": {"nodes": 5, "learning_rate": 0.05, "max_rounds": 3},
  "trainings": [
    {"label": "central", "kind": "centralized"},
    {"label": "iid", "kind": "federated"},
    {"label": "skewed", "kind": "federated", "client_fraction": 0.6, "partition": {"kind": "dirichlet", "alpha": 0.3}}
  ]
})";

}  // namespace fedgram::test
