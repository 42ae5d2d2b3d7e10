#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/asking/break_even.hpp"

namespace fedgram::experiments {

/// What is varied to find a break-even: "pue", "grid", "link", "device", "alpha", "local_epochs", or another key of a
/// sweep.
struct BreakEvenQuestion {
    std::filesystem::path folder;  ///< of a run; of a sweep where the key is one of its keys
    std::string of;
    std::string training{};  ///< label of the federated one; empty: the first with a result
};

/// A device of record beside the centralized training.
struct DeviceRatio {
    std::string name;
    carbon::EnergyRatio ratio;  ///< of the federated training's grams on it
};

struct BreakEvenAnswer {
    std::string federated;    ///< heading of the column
    std::string centralized;  ///< the first centralized one
    std::string country;
    std::string name{};  ///< of the value that is varied, "a PUE of"
    std::string unit{};
    std::string meanwhile{};             ///< what stays as it is; may be empty
    std::optional<BreakEven> result{};   ///< nothing where devices are compared
    std::vector<DeviceRatio> devices{};  ///< by rising ratio
    carbon::EnergyRatio at_present{};
    std::string present{};  ///< "alpha 0.1", where that is; empty: of the run as it is
};

/// Prices the run anew at each value that is tried, in its first country. Throws SpecError where nothing can be asked:
/// no result of a training of each kind, no such key.
[[nodiscard]] BreakEvenAnswer answered(const BreakEvenQuestion& question);

[[nodiscard]] std::vector<std::string> break_even_sentences(const BreakEvenAnswer& answer);

}  // namespace fedgram::experiments
