#pragma once

#include "coordinator/strategies/strategy.hpp"

namespace fedgram::coordinator {

/// What the strategies without states of their nodes share.
class StatelessNodes : public Strategy {
public:
    void begin(StrategyRound round) override { round_ = std::move(round); }
    [[nodiscard]] std::shared_ptr<const std::vector<float>> linear_term(std::uint32_t) const final { return nullptr; }
    [[nodiscard]] Contribution take(const AcceptedUpdate& update) override { return {1, update.samples}; }
    void write(learning::StateWriter&) const override {}
    void read(learning::StateReader&) override {}

protected:
    StatelessNodes(const spec::Federated& rule, const learning::ParameterTable& parameters)
        : rule_{rule}, parameters_{parameters.size}, parts_{parameters}
    {
    }

    /// Of the next model: so many FLOPs and bytes a parameter, in one kernel.
    [[nodiscard]] energy::Work of_each_parameter(std::uint64_t flops, std::uint64_t bytes) const
    {
        energy::Work work;
        work.flops = flops * parameters_;
        work.memory_bytes = bytes * parameters_;
        work.kernels = 1;
        return work;
    }

    const spec::Federated& rule_;
    std::uint64_t parameters_;
    TrainedParts parts_;
    StrategyRound round_;
};

}  // namespace fedgram::coordinator
