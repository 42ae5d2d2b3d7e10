#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/report/seeds/statistics.hpp"

namespace fedgram::report {

/// A setting's grams in one column, over its runs, each of which has a result.
struct SettingGrams {
    std::string name;
    Statistics grams;
};

/// Which setting emits least, and how many times that the others do, in whole sentences. Two are told apart where all
/// runs of the one emit less than all runs of the other, of which there are several each: what lies within the spread
/// of the seeds is no difference. The figures have their likely values: all settings rest on the same. `left_out`
/// counts the settings that missed the target in a run.
[[nodiscard]] std::string least_setting(std::vector<SettingGrams> settings, std::size_t left_out);

}  // namespace fedgram::report
