#pragma once

#include <string>

#include "experiments/analyzing/analysis_report.hpp"

namespace fedgram::experiments {

/// What 1,000 answers of the best and of the default cost at each load, by SKU: device time and how busy it is,
/// core-seconds, dollars, and the network to the clients. Columns that nothing is known of are left out.
[[nodiscard]] std::string costs_table(const AnalysisReport& report);

}  // namespace fedgram::experiments
