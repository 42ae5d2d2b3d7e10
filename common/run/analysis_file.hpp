#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/text/banded_number.hpp"

namespace fedgram::run {

// An analysis of how a model is served is a folder, as a rule DIR/analyses/NAME of a run: analysis.json, which is
// written last, says what was found; measurements.jsonl has what was measured by then.

inline constexpr const char* analysis_file_name = "analysis.json";
inline constexpr const char* measurements_file_name = "measurements.jsonl";
inline constexpr const char* analyses_folder_name = "analyses";

inline constexpr std::uint32_t newest_analysis_format = 1;

/// What 1,000 answers take. What isn't known is nothing.
struct AnswerCosts {
    std::optional<double> joules{};  ///< of the server, with PUE
    std::optional<text::Band> joules_band{};
    std::optional<double> grams{};  ///< of CO2e
    std::optional<text::Band> grams_band{};
    std::optional<double> idle_share{};      ///< of the joules, those of waiting; 0 to 1
    std::optional<double> core_seconds{};    ///< of the server, where it was measured
    std::optional<double> device_seconds{};  ///< of what is there for the answers
    std::optional<double> usd{};
    std::optional<double> network_joules{};  ///< between clients and server
    std::optional<text::Band> network_joules_band{};
    std::optional<double> network_grams{};
    std::optional<text::Band> network_grams_band{};
};

/// A configuration at a load that isn't the search's.
struct AnalyzedLoad {
    std::string load;           ///< "at capacity", "10 % of capacity", "as stated"
    double requests_per_s = 0;  ///< over all devices
    std::uint64_t devices = 1;  ///< that are provisioned for it
    std::optional<double> p99_ms{};
    std::optional<std::uint64_t> requests{};  ///< of which that is
    AnswerCosts costs{};
    bool stable = true;
    std::optional<bool> keeps_constraints = true;  ///< nothing: too few were answered for a p99
};

/// How a configuration did at the load where it does best.
struct AnalyzedConfiguration {
    std::string words;   ///< "int8 with 2 instances and batches of at most 8"
    std::string device;  ///< a profile's id; "here": the machine that measured
    std::string load;    ///< "64 clients", "0.5/s"
    double throughput_per_s = 0;
    std::optional<double> p99_ms{};  ///< as the goal counts it: nothing where many requests were refused
    std::uint64_t requests = 0;      ///< of which that is
    std::optional<double> memory_bytes{};
    std::optional<double> accuracy{};
    AnswerCosts costs{};
    bool stable = true;
    bool keeps_constraints = true;
    std::vector<AnalyzedLoad> loads{};  ///< none of the default configuration
};

/// The electricity that an analysis's grams are of.
struct AnalyzedGrid {
    std::string country;
    double gco2e_per_kwh = 0;

    friend bool operator==(const AnalyzedGrid&, const AnalyzedGrid&) = default;
};

/// What an analysis.json holds, as far as lists and reports show it.
struct Analysis {
    std::string name;   ///< of its folder
    std::string model;  ///< "small-cnn", "federated-iid of results/mine"
    std::vector<std::string> devices;
    std::string goal;                                    ///< "maximizing throughput; p99 latency at most 15.0 ms"
    std::string sentence;                                ///< what was found
    std::optional<AnalyzedGrid> grid{};                  ///< nothing: no grams, or an earlier version's, which has none
    std::uint64_t measurements = 0;                      ///< lines that its measurements.jsonl has at least
    std::vector<AnalyzedConfiguration> best;             ///< the best first; none where nothing could be run
    std::optional<AnalyzedConfiguration> by_default;     ///< nothing where it can't be run
    std::vector<std::string> notes;                      ///< what the figures enclose, and what isn't known
    std::shared_ptr<const nlohmann::ordered_json> json;  ///< the whole document, with curves and constraints
};

/// A file of an analysis. Throws SystemError where it can't be read or is no regular file, as a pipe that one would
/// wait for.
[[nodiscard]] std::string read_analysis_text(const std::filesystem::path& path);

/// What the text of an analysis.json says; it has no name. Keys that aren't known are left to later versions. Throws
/// DataError that names `where` and the key, also for a newer format.
[[nodiscard]] Analysis parse_analysis(std::string_view text, const std::string& where);

/// That of an analysis's folder. Throws the same, and SystemError where it can't be read.
[[nodiscard]] Analysis read_analysis(const std::filesystem::path& folder);

/// The folders in `folder` that hold an analysis, whole or not yet, by their names; none where it is no folder.
[[nodiscard]] std::vector<std::filesystem::path> analysis_folders(const std::filesystem::path& folder);

/// Whether the analysis of this folder has come to its end.
[[nodiscard]] bool is_whole_analysis(const std::filesystem::path& folder);

/// The whole ones of a run, by their names. Throws as `read_analysis`.
[[nodiscard]] std::vector<Analysis> read_analyses(const std::filesystem::path& run);

}  // namespace fedgram::run
