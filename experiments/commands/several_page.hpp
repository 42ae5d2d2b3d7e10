#pragma once

#include <filesystem>
#include <span>

#include "common/report/budget/run_budget.hpp"
#include "experiments/commands/priced_settings.hpp"

namespace fedgram::experiments {

/// Writes the page of several runs to `file`: those of `settings` in its table and charts, all in its budget. Throws
/// SystemError when `file` can't be written, SpecError where no run is whole.
void write_several_page(std::span<const PricedSetting> settings, std::span<const report::RunBudget> budgets,
                        const std::filesystem::path& file);

}  // namespace fedgram::experiments
