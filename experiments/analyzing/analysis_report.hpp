#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "experiments/analysis/goal.hpp"
#include "experiments/analysis/journal.hpp"
#include "experiments/analysis/result.hpp"
#include "experiments/analysis/space.hpp"
#include "experiments/analyzing/analyzed_server.hpp"
#include "experiments/analyzing/load_row.hpp"

namespace fedgram::experiments {

/// What a search has found, and what people are told of it.
struct AnalysisReport {
    std::string model;
    std::vector<analysis::Variant> variants;
    analysis::Space space;
    analysis::Goal goal;
    analysis::AnalysisResult result;
    std::string sentence;
    std::size_t kept_measurements = 0;                    ///< with those at other loads
    std::vector<std::vector<LoadRow>> loads;              ///< of each of the result's best
    std::vector<std::optional<text::Band>> joules_bands;  ///< of each of the result's best, at its own load
    std::optional<text::Band> default_joules_band{};
    std::map<std::string, DeviceSummary> devices;  ///< by their ids
    ServingPrices prices{};
    std::optional<double> stated_per_s{};  ///< requests that the best are priced at, too
    std::vector<ServedDevice> profiles{};  ///< that the figures rest on
    bool shows_figures = false;            ///< of these, in the text
    std::vector<std::string> notes;        ///< what the figures enclose, and what isn't known
};

/// With the joules and costs of the best at capacity, at a tenth of it, and at `stated` requests a second where that is
/// given: of the fewest devices of which none is at capacity and that keep the p99; where no number does, its load says
/// so. Where a p99 isn't known, as too few were answered, no more devices are looked at, and where measuring takes
/// seconds no more than three other numbers of them. `measure` is the server's, or remembers what it measured before.
/// In virtual time the curves of the best are over all loads of the space, whether or not the search measured them.
[[nodiscard]] AnalysisReport report_of(const AnalyzedServer& server, const analysis::Space& space,
                                       const analysis::Goal& goal, std::span<const analysis::JournalEntry> entries,
                                       std::optional<double> stated, const analysis::Measure& measure);

/// The sentence, the tables and the notes.
[[nodiscard]] std::string analysis_text(const AnalysisReport& report);
/// Empty where nothing could be run.
[[nodiscard]] std::string analysis_tables(const AnalysisReport& report);
[[nodiscard]] nlohmann::ordered_json analysis_json(const AnalysisReport& report);
/// That as `fedgram analyze --json` prints it, and as analysis.json has it (common/run/analysis_file.hpp).
[[nodiscard]] std::string analysis_json_text(const AnalysisReport& report);

/// All that was measured, a line each.
[[nodiscard]] std::string analysis_csv(const AnalysisReport& report, std::span<const analysis::JournalEntry> entries);

/// Throughput against p99 and memory against p99 of the best, one above the other, as SVG.
[[nodiscard]] std::string analysis_svg(const AnalysisReport& report);

/// The text with the figure, as a page that needs no other file.
[[nodiscard]] std::string analysis_page(const AnalysisReport& report);

}  // namespace fedgram::experiments
