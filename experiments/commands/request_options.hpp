#pragma once

#include <optional>
#include <string>

#include "common/carbon/assumptions/network_energy.hpp"
#include "common/report/lifecycle/life_plan.hpp"
#include "experiments/commands/command_set.hpp"

namespace fedgram::experiments {

// What clients send a server and get back, and what the network draws for that: options that read alike wherever
// answers are priced.

/// --request-bytes, and --answer-bytes, which needs it. Gives the first.
Option add_request_bytes(const Subcommand& sub, std::optional<double>& request, double& answer);

/// Nothing without a request. Throws SpecError for a number of bytes that isn't whole, or none from 0 to 1e12.
[[nodiscard]] std::optional<report::RequestBytes> request_of(const std::optional<double>& request, double answer);

/// --network and --kwh-per-gb.
struct NetworkWords {
    Option method;
    Option kwh_per_gb;
};
NetworkWords add_network(const Subcommand& sub, std::string& method, std::string& kwh_per_gb);

/// Throws SpecError where a --kwh-per-gb is given and `network`, with the options in it, has another method.
void refuse_idle_kwh_per_gb(const std::string& kwh_per_gb, const carbon::NetworkModel& network);

}  // namespace fedgram::experiments
