#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::experiments {

/// A sweep file: a specification, the values that some of its keys take, and seeds.
struct SweepPlan {
    std::string spec;  ///< name of a shipped one, or a path
    /// Keys as `--set` takes them, each with its values as JSON text.
    std::vector<std::pair<std::string, std::vector<std::string>>> grid;
    std::vector<std::uint64_t> seeds{1};
};

/// One run of a sweep.
struct SweepRun {
    std::string name;                 ///< of its folder: "local_epochs-5_alpha-0.1_seed-2"
    std::vector<std::string> values;  ///< in the order of the plan's keys, texts without quotes
    std::uint64_t seed = 1;
    std::vector<std::string> sets;  ///< KEY=VALUE, the seed's too
};

/// Throws SpecError with the key's path, the value and what would be valid; of two values, too, that would give runs
/// the same name.
[[nodiscard]] SweepPlan parse_sweep(const nlohmann::ordered_json& json);

/// A key's last part, or all of it where another key of the plan ends alike.
[[nodiscard]] std::string short_key(const SweepPlan& plan, const std::string& key);

/// A value as people write it: a text without its quotes.
[[nodiscard]] std::string plain(const std::string& json_text);

/// Every combination of values and seeds; the last key changes fastest but for the seed. Throws SpecError when two
/// would bear the same name, or one a longer name than a file may have.
[[nodiscard]] std::vector<SweepRun> expand(const SweepPlan& plan);

}  // namespace fedgram::experiments
