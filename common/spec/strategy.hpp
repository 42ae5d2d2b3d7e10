#pragma once

#include <cstdint>
#include <optional>

#include "common/spec/rate_schedule.hpp"

namespace fedgram::spec {

enum class StrategyKind {
    fedavg,
    fedavgm,
    fedadagrad,
    fedadam,
    fedyogi,
    fedprox,
    scaffold,
    fednova,
    feddyn,
    q_fedavg,
};

/// By whose form a server optimizer computes: that of its paper, or one of a library that differs from it;
/// coordinator/strategies/server_form.hpp has the constants of each.
enum class ServerForm { paper, damped, flower, flower_1_12, keras, torch };

/// How a round's aggregate becomes the next model, and what local training changes for it; coordinator/strategies has
/// what each kind computes. Only the fields of its kind count.
struct Strategy {
    StrategyKind kind = StrategyKind::fedavg;
    double learning_rate = 1;  ///< the server's: what the aggregate's step is multiplied by, > 0; all but feddyn
    RateSchedule schedule{};   ///< of that rate
    ServerForm form = ServerForm::paper;  ///< the server optimizers
    double beta1 = 0.9;                   ///< the server optimizers: of the first moment, in [0, 1)
    double beta2 = 0.99;                  ///< fedadam, fedyogi: of the second, in [0, 1)
    double tau = 1e-3;                    ///< fedadagrad, fedadam, fedyogi: how adaptive it is, > 0
    std::optional<double>
        initial_v{};      ///< fedadagrad, fedadam, fedyogi: the second moment at first; absent: the form's
    double mu = 0.01;     ///< fedprox, fednova: weight of the proximal term, >= 0
    double alpha = 0.01;  ///< feddyn: weight of its regularizer, > 0
    double q = 1;         ///< q_fedavg: how fair, >= 0
    std::uint32_t max_memory_mb = 4096;  ///< scaffold, feddyn: what the nodes' states may take, 1 MB = 10^6 bytes

    /// Whether this says no more than a specification without the key.
    [[nodiscard]] bool is_default() const
    {
        return kind == StrategyKind::fedavg && learning_rate == 1 && schedule.is_default();
    }
    /// Whether it has moments of its own on the server.
    [[nodiscard]] bool is_server_optimizer() const
    {
        return kind == StrategyKind::fedavgm || kind == StrategyKind::fedadagrad || kind == StrategyKind::fedadam ||
               kind == StrategyKind::fedyogi;
    }
    /// Whether each node has a state of the model's size, which the coordinator keeps.
    [[nodiscard]] bool has_node_states() const
    {
        return kind == StrategyKind::scaffold || kind == StrategyKind::feddyn;
    }
    /// Weight of the term (weight / 2) ||w - x||^2 that the local loss has beside the data's.
    [[nodiscard]] double proximal() const;
};

}  // namespace fedgram::spec
