#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "experiments/analysis/configuration.hpp"
#include "experiments/analysis/goal.hpp"
#include "experiments/analysis/journal.hpp"
#include "experiments/analysis/space.hpp"

namespace fedgram::experiments::analysis {

/// At one load.
struct CurvePoint {
    Load load{};
    double p99_ms = 0;
    double throughput_per_s = 0;
    std::optional<double> memory_bytes{};
};

/// How a configuration did.
struct Standing {
    JournalEntry best;              ///< at the load where it does best
    bool keeps_constraints = true;  ///< there
    /// By rising p99, without those that answer no more than one before: the same loads for throughput against p99 and
    /// for memory against p99.
    std::vector<CurvePoint> curve{};
};

struct AnalysisResult {
    std::size_t measurements = 0;
    std::size_t configurations = 0;
    std::vector<Standing> best{};            ///< the best first, three at most; empty where nothing could be measured
    std::optional<Standing> by_default{};    ///< the default configuration's; nothing where it can't be measured
    std::optional<double> percent_better{};  ///< the best than the default; nothing where one keeps no constraints
};

[[nodiscard]] AnalysisResult result_of(const Journal& journal, const Space& space, const Goal& goal);

/// "int8 with 2 instances and batches of at most 16", with the device and the queue delay where the space has several.
[[nodiscard]] std::string configuration_text(const Configuration& configuration, const Space& space,
                                             const std::vector<Variant>& variants);

/// What was found, in one sentence.
[[nodiscard]] std::string result_sentence(const AnalysisResult& result, const Space& space, const Goal& goal,
                                          const std::vector<Variant>& variants);

}  // namespace fedgram::experiments::analysis
