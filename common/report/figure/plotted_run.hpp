#pragma once

#include <string>
#include <vector>

#include "common/report/table/table.hpp"
#include "common/run/round_line.hpp"
#include "common/run/run_record.hpp"

namespace fedgram::report {

/// A run as figures take it. Not owned.
struct PlottedRun {
    std::string name;  ///< what tells it apart from the other runs of its figure
    const Table* table;
    const run::RunRecord* run;                  ///< that the table was built of
    const std::vector<run::RoundLine>* rounds;  ///< empty for a figure that has no accuracies
};

}  // namespace fedgram::report
