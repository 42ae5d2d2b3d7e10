#pragma once

#include <filesystem>
#include <optional>

#include "common/report/page/page_data.hpp"
#include "experiments/lookup/priced_run.hpp"

namespace fedgram::experiments {

/// Writes the page of a run, priced as it was, to `file`. Who holds what is in it where the run's data is at hand, in
/// `data_folder` or where the specification says, and its models' lives where `life` has them. Throws SystemError when
/// `file` can't be written.
void write_report_page(const std::filesystem::path& run_folder, const PricedRun& priced,
                       const std::optional<std::filesystem::path>& data_folder,
                       const std::optional<report::PageLife>& life, const std::filesystem::path& file);

}  // namespace fedgram::experiments
