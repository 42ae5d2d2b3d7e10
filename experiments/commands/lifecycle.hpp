#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "experiments/commands/life_options.hpp"

namespace fedgram::experiments {

class CommandSet;

struct LifecycleOptions {
    std::filesystem::path folder;  ///< of a run, or of a search, whose winner's model it is then
    LifeOptions life{};
    std::string country{};  ///< where it is trained and used; empty: the run's first
    std::optional<double> pue{};
    std::string network{};  ///< as AssumptionOptions has it, and the next
    std::string kwh_per_gb{};
    bool parts = false;    ///< of each life, not of the first alone
    bool figures = false;  ///< with each figure of the places, and its source
    bool json = false;
};

/// `fedgram lifecycle`: what a model takes from its training to the end of its use. Throws SpecError where an option is
/// wrong, or a run has no model. Returns 0.
[[nodiscard]] int lifecycle(const LifecycleOptions& options);

/// Its options and its help.
void add_lifecycle(CommandSet& commands);

}  // namespace fedgram::experiments
