#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fedgram::experiments {

class CommandSet;

struct LifecycleOptions {
    std::filesystem::path folder;  ///< of a run, or of a search, whose winner's model it is then
    std::string training{};        ///< a label; empty: the first with a result
    std::string predictions{};     ///< "1e6/day"
    double years = 1;
    std::string retrain_every{};  ///< "90d"; empty: never
    double failed_share = 0;
    std::vector<std::filesystem::path> searches{};  ///< other folders whose runs led to the model
    std::vector<std::string>
        devices{};            ///< that answer: ids, paths, or "edge"; empty: the run's first in a data centre
    std::string on_device{};  ///< the clients' own: the same; empty: none
    std::optional<double> request_bytes{};
    double answer_bytes = 0;
    std::string country{};  ///< where it is trained and used; empty: the run's first
    std::optional<double> pue{};
    std::string network{};  ///< as AssumptionOptions has it, and the next
    std::string kwh_per_gb{};
    bool json = false;
};

/// `fedgram lifecycle`: what a model takes from its training to the end of its use. Throws SpecError where an option is
/// wrong, or a run has no model. Returns 0.
[[nodiscard]] int lifecycle(const LifecycleOptions& options);

/// Its options and its help.
void add_lifecycle(CommandSet& commands);

}  // namespace fedgram::experiments
