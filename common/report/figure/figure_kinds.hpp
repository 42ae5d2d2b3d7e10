#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "common/report/figure/figure.hpp"
#include "common/report/figure/plotted_run.hpp"

namespace fedgram::report {

struct FigureKind {
    std::string name;
    std::string what;
    bool of_accuracy;                                  ///< it shows what rounds.jsonl has, of modelled columns
    Figure (*make)(std::span<const PlottedRun> runs);  ///< of at least one run
};

/// All that there are.
[[nodiscard]] const std::array<FigureKind, 6>& figure_kinds();

/// Throws SpecError for a name that none has, with the nearest.
[[nodiscard]] const FigureKind& figure_kind(std::string_view name);

}  // namespace fedgram::report
