#pragma once

#include <string>

#include "common/report/table/table.hpp"

namespace fedgram::report {

/// What the table was made to find out: "Which training of table4 to 90.0 % test accuracy emits least?"
[[nodiscard]] std::string question(const Table& table);

/// What the table says to it, in the first country and by the columns that have a result: the greenest federated column
/// beside the greenest centralized one, how many times it emits, and whether the figures tell them apart; of one kind
/// alone the least column. In whole sentences.
[[nodiscard]] std::string answer(const Table& table);

}  // namespace fedgram::report
