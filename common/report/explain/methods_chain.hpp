#pragma once

#include <string>

#include "common/report/table/table.hpp"

namespace fedgram::report {

/// What the methods of a cell's training have added, each counted so that it can be redone by hand, and the privacy
/// that it has spent; empty of a cell that the table's methods have no row for.
[[nodiscard]] std::string methods_chain(const Table& table, const Cell& cell);

}  // namespace fedgram::report
