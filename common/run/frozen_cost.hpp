#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/work/work.hpp"

namespace fedgram::run {

/// What a training behind frozen layers kept of them, and what it took to have that. It is in the ledger's Work, too.
struct FrozenCost {
    std::string layer;                     ///< "conv2": it and what comes before stay as they are
    std::uint64_t frozen_parameters = 0;   ///< with buffers
    std::uint64_t learned_parameters = 0;  ///< the others: what an optimizer and an update hold
    std::uint64_t feature_bytes = 0;       ///< of what the frozen layers give for a sample, as it is kept
    std::uint64_t kept_samples = 0;        ///< by those who train, each sample once
    std::uint64_t evaluated_samples = 0;   ///< of those that evaluations look at, each once
    std::uint64_t read_samples = 0;        ///< what was kept was read so often: by steps, and by evaluations
    std::uint64_t download_bytes = 0;      ///< of the frozen layers, to each node once
    energy::Work training;                 ///< of the frozen layers, for the samples that train
    energy::Work evaluation;               ///< the same for those that evaluations look at

    [[nodiscard]] std::uint64_t written_bytes() const { return (kept_samples + evaluated_samples) * feature_bytes; }
    [[nodiscard]] std::uint64_t read_bytes() const { return read_samples * feature_bytes; }

    friend bool operator==(const FrozenCost&, const FrozenCost&) = default;
};

/// "4800 parameters up to conv2 stay as they are, 202122 learn"
[[nodiscard]] std::string what_stays(const FrozenCost& cost);
/// That, and what it took: two sentences for people.
[[nodiscard]] std::string text(const FrozenCost& cost);

[[nodiscard]] nlohmann::ordered_json to_json(const FrozenCost& cost);
/// Throws SpecError that names the key below `path`, the value and what would be valid.
[[nodiscard]] FrozenCost parse_frozen_cost(const nlohmann::ordered_json& json, const std::string& path);

}  // namespace fedgram::run
