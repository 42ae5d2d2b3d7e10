#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "common/report/table/table.hpp"
#include "common/run/run_record.hpp"

namespace fedgram::report {

/// A table with the run that it was built from; both outlive it.
struct StatedRun {
    const Table* table;
    const run::RunRecord* run;
};

/// What a paper can print as it is about one column, in the table's first country: the estimate with its bounds, what
/// it rests on and leaves out, and an everyday equivalent. Of several runs, which differ in nothing but the seed, it is
/// the mean, with the least and the most; a training that missed its target is in it with what it spent.
[[nodiscard]] std::string statement(std::span<const StatedRun> runs, std::size_t column);

}  // namespace fedgram::report
