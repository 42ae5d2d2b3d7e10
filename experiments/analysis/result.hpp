#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/analysis/goal.hpp"
#include "experiments/analysis/journal_entry.hpp"
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
    /// By rising p99, without those that answer no more than one before: for throughput against p99, and of the same
    /// loads for memory against p99.
    std::vector<CurvePoint> curve{};
};

/// What came of a search.
struct AnalysisResult {
    std::size_t measurements = 0;
    std::size_t configurations = 0;
    std::vector<Standing> best{};            ///< three at most, the best first; empty where nothing could be measured
    std::optional<Standing> by_default{};    ///< the default configuration's; nothing where it can't be measured
    std::optional<double> percent_better{};  ///< the best than the default; nothing where one keeps no constraints
    std::string failure{};                   ///< the first one; empty while something could be measured
};

[[nodiscard]] AnalysisResult result_of(std::span<const JournalEntry> entries, const Space& space, const Goal& goal);

/// "int8 with 2 instances, batches of at most 16 and a queue delay of 500 us".
[[nodiscard]] std::string configuration_text(const Configuration& configuration, const std::vector<Variant>& variants);

/// "1 client", "64 clients", "0.5/s"
[[nodiscard]] std::string load_text(const Load& load);

/// What was found, in one sentence, or two.
[[nodiscard]] std::string result_sentence(const AnalysisResult& result, const Space& space, const Goal& goal,
                                          const std::vector<Variant>& variants);

}  // namespace fedgram::experiments::analysis
