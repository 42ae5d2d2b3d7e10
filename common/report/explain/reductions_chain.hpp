#pragma once

#include <string>

#include "common/report/table/table.hpp"

namespace fedgram::report {

/// What levers have made of the model of a cell's training: one-off price and a request's on each device, so that each
/// can be redone by hand; empty where there are none.
[[nodiscard]] std::string reductions_chain(const Table& table, const Cell& cell);

}  // namespace fedgram::report
