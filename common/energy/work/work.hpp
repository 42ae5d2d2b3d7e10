#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fedgram::energy {

enum class Phase { download, train, upload, idle, evaluate, aggregate };
inline constexpr std::size_t phase_count = 6;

[[nodiscard]] std::string_view name(Phase phase);

/// What was computed and sent, free of any device. Sums are exact.
struct Work {
    std::uint64_t samples = 0;       ///< training samples seen, or samples evaluated
    std::uint64_t steps = 0;         ///< optimizer steps, or evaluation batches
    std::uint64_t flops = 0;         ///< 2 per multiply-accumulate, see common/learning/model/flops.hpp
    std::uint64_t memory_bytes = 0;  ///< moved between device memory and cores, see common/learning/model/flops.hpp
    std::uint64_t kernels = 0;       ///< launched on the device, see common/learning/model/kernels.hpp
    std::uint64_t bytes_down = 0;    ///< payload received by the node
    std::uint64_t bytes_up = 0;      ///< payload sent by the node

    Work& operator+=(const Work& other);
    friend bool operator==(const Work&, const Work&) = default;
};

/// What was done by one node, or by the coordinator, in one phase of one round.
struct PhaseWork {
    std::optional<std::uint32_t> node;  ///< nothing: the coordinator
    std::uint32_t round = 0;            ///< from 1; for a centralized training, the evaluation interval
    Phase phase = Phase::train;
    Work work;

    friend bool operator==(const PhaseWork&, const PhaseWork&) = default;
};

}  // namespace fedgram::energy
