#pragma once

#include <optional>
#include <string>

#include "experiments/analysis/goal.hpp"
#include "experiments/analysis/space.hpp"
#include "experiments/analyzing/analyzed_server.hpp"

namespace fedgram::experiments {

/// By what an analysis is told from another one.
struct AnalysisIdentity {
    std::string subject;  ///< digest of all that a measurement depends on: models, devices, prices, version
    std::string search;   ///< digest of what is looked for, where and how
    std::string goal;     ///< in words

    friend bool operator==(const AnalysisIdentity&, const AnalysisIdentity&) = default;
};

/// `mode` is the search's name, `stated` the requests a second that the best are priced at, too.
[[nodiscard]] AnalysisIdentity identity_of(const AnalyzedServer& server, const analysis::Space& space,
                                           const analysis::Goal& goal, const std::string& mode,
                                           std::optional<double> stated);

}  // namespace fedgram::experiments
