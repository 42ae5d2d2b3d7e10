#pragma once

#include <string>

#include "experiments/lookup/specification.hpp"

namespace fedgram::experiments {

class CommandSet;

struct FleetOptions {
    SpecChoice choice;
    std::string training{};  ///< label; empty: every federated training
    bool json = false;
};

/// `fedgram fleet`: what the nodes of each federated training are, group by group: how many, on which device, where,
/// when, and the seconds and joules that one round takes of them. It trains nothing.
[[nodiscard]] int fleet(const FleetOptions& options);

/// Its options and its help.
void add_fleet(CommandSet& commands);

}  // namespace fedgram::experiments
