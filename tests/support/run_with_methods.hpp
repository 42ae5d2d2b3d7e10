#pragma once

#include "common/spec/method.hpp"
#include "tests/support/sample_run.hpp"

namespace fedgram::carbon::test {

/// The sample run with a second federated training beside "fl", "corrected": one round of SCAFFOLD, 2.5 million
/// parameters and 4 steps at each of two nodes. At the nodes 1 FLOP and 8 bytes for each of 2.5 million x 8; at the
/// coordinator 6 and 32 for each of 2.5 million x 2 updates, and 4 and 28 for the round.
inline fedgram::run::RunRecord run_with_methods()
{
    auto record = run();
    record.trainings[1].beside_methods = "two nodes";
    record.trainings[1].is_plain_fedavg = true;
    auto corrected = record.trainings[1];
    corrected.outcome.label = "corrected";
    corrected.is_plain_fedavg = false;
    corrected.model_parameters = 2'500'000;
    auto nodes = energy::test::two_nodes();
    for (auto& node : nodes) {
        node.train.steps = 4;
        node.train.flops += 10'000'000;
        node.train.memory_bytes += 100'000'000;  // of these 80 million by SCAFFOLD
        node.train.kernels += 4;
        node.bytes_down *= 2;
    }
    corrected.work = energy::test::work_of({{1, nodes}});
    spec::Federated rule;
    rule.strategy.kind = spec::StrategyKind::scaffold;
    corrected.methods = {{spec::methods_of(rule).front(),
                          {.flops = 20'000'000, .memory_bytes = 160'000'000, .kernels = 8},
                          {.flops = 40'000'000, .memory_bytes = 230'000'000, .kernels = 6}}};
    record.trainings.push_back(std::move(corrected));
    return record;
}

}  // namespace fedgram::carbon::test
