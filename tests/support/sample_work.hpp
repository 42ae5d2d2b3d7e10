#pragma once

#include <optional>
#include <vector>

#include "common/energy/pricing/pricing.hpp"
#include "tests/unit/energy/pricing/round_figures.hpp"

// The Work of two trainings, small enough to price by hand.
namespace fedgram::energy::test {

/// 360 W at the full rate and 1 GFLOP/s, so that 1e10 FLOPs are 10 s and 3600 J: a thousandth of a kWh.
inline DeviceProfile gpu()
{
    auto device = round_figures();
    device.id = "gpu";
    device.name = "A GPU";
    device.boundary = "board";
    device.device_class = DeviceClass::datacenter;
    device.full_w.value = 360;
    device.step_overhead_s.value = 0;
    device.loading_s.value = 0;
    return device;
}

inline constexpr Link home_line{20, 10};

/// 1e10 FLOPs of training, and 1e9 of evaluation.
inline std::vector<PhaseWork> centralized_phases()
{
    return {{0, 1, Phase::train, {.flops = 10'000'000'000}},
            {std::nullopt, 1, Phase::evaluate, {.flops = 1'000'000'000}}};
}

/// One round: each node 10 MB down (4 s on the home line) and up (8 s), trainings of 3 and 5 s. The round takes 17 s;
/// download 2 x 16 J, train 30 + 50 J, upload 2 x 32 J, idle 4 J: 180 J.
inline std::vector<NodeRound> two_nodes()
{
    return {{0, {.flops = 3'000'000'000}, 10'000'000, 10'000'000},
            {1, {.flops = 5'000'000'000}, 10'000'000, 10'000'000}};
}

inline std::vector<RoundWork> federated_rounds(std::uint32_t rounds = 1)
{
    std::vector<RoundWork> work;
    for (std::uint32_t round = 1; round <= rounds; ++round) work.push_back({round, two_nodes()});
    return work;
}

inline TrainingWork work_of(const std::vector<RoundWork>& rounds)
{
    TrainingWorkBuilder builder;
    for (const auto& [round, nodes] : rounds) builder.add(round, nodes);
    return builder.finish();
}

inline TrainingWork federated_work(std::uint32_t rounds = 1) { return work_of(federated_rounds(rounds)); }

}  // namespace fedgram::energy::test
