#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/energy/work/work.hpp"
#include "common/learning/training/state_bytes.hpp"
#include "common/spec/experiment.hpp"
#include "coordinator/aggregation/aggregator.hpp"
#include "coordinator/strategies/trained_parts.hpp"

namespace fedgram::coordinator {

/// An update that has passed its checks.
struct AcceptedUpdate {
    std::uint32_t node = 0;
    std::span<const float> parameters;
    std::uint64_t samples = 0;  ///< that the node holds
    std::uint64_t steps = 0;    ///< that it took
};

/// How an update enters the aggregate.
struct Contribution {
    double scale = 1;          ///< of its difference to the round's model
    std::uint64_t weight = 0;  ///< > 0
};

/// A round as it begins.
struct StrategyRound {
    std::uint32_t number = 0;                         ///< from 1
    std::shared_ptr<const std::vector<float>> model;  ///< what its nodes start from
    double local_rate = 0;                            ///< the learning rate of its local training
    std::uint64_t most_steps = 0;                     ///< the most that a node of it takes
    std::vector<std::pair<std::uint32_t, double>>
        losses{};  ///< of q-FedAvg: by node, ascending, of `model` on its data
};

/// How a round's updates become the next model, and what of it lasts beyond a round. Knows no socket, thread or clock.
/// The order in which updates come changes no bit.
class Strategy {
public:
    virtual ~Strategy() = default;

    /// What of an earlier round hasn't come to its end is forgotten.
    virtual void begin(StrategyRound round) = 0;
    /// The linear term of a node's gradient correction in this round; nullptr where there is none.
    [[nodiscard]] virtual std::shared_ptr<const std::vector<float>> linear_term(std::uint32_t node) const = 0;
    /// Of each update that enters the round, once.
    [[nodiscard]] virtual Contribution take(const AcceptedUpdate& update) = 0;
    /// The next model, of an aggregate to which all updates were added as `take` said. Ends the round: states advance.
    [[nodiscard]] virtual std::vector<float> next(const Aggregate& aggregate) = 0;

    /// What the coordinator computed for the round that has ended, beside the aggregate.
    [[nodiscard]] virtual energy::Work work() const = 0;

    /// What later rounds depend on.
    virtual void write(learning::StateWriter& state) const = 0;
    virtual void read(learning::StateReader& state) = 0;
};

/// Both references must outlive it.
[[nodiscard]] std::unique_ptr<Strategy> make_strategy(const spec::Federated& rule,
                                                      const learning::ParameterTable& parameters);

/// Whether it asks for its nodes' losses before they train.
[[nodiscard]] bool needs_losses(const spec::Strategy& rule);

}  // namespace fedgram::coordinator
