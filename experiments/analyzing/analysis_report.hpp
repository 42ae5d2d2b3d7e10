#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "experiments/analysis/goal.hpp"
#include "experiments/analysis/result.hpp"
#include "experiments/analysis/space.hpp"
#include "experiments/analyzing/virtual_server.hpp"

namespace fedgram::experiments {

/// What 1,000 answers take at one load that isn't the search's.
struct LoadRow {
    std::string load;           ///< "at capacity", "10 % of capacity", "200/s as stated"
    double per_second = 0;      ///< requests, over all devices
    std::uint64_t devices = 1;  ///< that are provisioned for it, each in the same configuration
    std::optional<double> p99_ms{};
    std::optional<double> joules_per_1000{};
    std::optional<double> grams_per_1000{};
    std::optional<double> idle_share{};  ///< of the joules, those of waiting
};

/// What a search has found, and what people are told of it.
struct AnalysisReport {
    std::string model;
    std::vector<analysis::Variant> variants;
    analysis::Space space;
    analysis::Goal goal;
    analysis::AnalysisResult result;
    std::string sentence;
    std::vector<std::vector<LoadRow>> loads;  ///< of each of the result's best
    std::vector<std::string> notes;           ///< what the figures enclose, and what isn't known
};

/// With the joules of the best at capacity, at a tenth of it, and at `stated` requests a second where that is given:
/// of so many devices that none is at capacity, floor(stated / capacity) + 1; and with their curves over all loads of
/// the space, whether or not the search measured them.
[[nodiscard]] AnalysisReport report_of(const VirtualServer& server, const analysis::Space& space,
                                       const analysis::Goal& goal, std::span<const analysis::JournalEntry> entries,
                                       std::optional<double> stated);

[[nodiscard]] std::string analysis_text(const AnalysisReport& report);
[[nodiscard]] nlohmann::ordered_json analysis_json(const AnalysisReport& report);

/// All that was measured, a line each.
[[nodiscard]] std::string analysis_csv(const AnalysisReport& report, std::span<const analysis::JournalEntry> entries);

/// Throughput against p99 and memory against p99 of the best, one above the other, as SVG.
[[nodiscard]] std::string analysis_svg(const AnalysisReport& report);

/// The text with the figure, as a page that needs no other file.
[[nodiscard]] std::string analysis_page(const AnalysisReport& report);

}  // namespace fedgram::experiments
