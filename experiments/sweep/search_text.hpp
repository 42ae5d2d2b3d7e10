#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/sweep/search_result.hpp"
#include "experiments/sweep/sweep_report.hpp"

namespace fedgram::experiments {

/// What a search found and what it cost, in whole sentences: for a terminal, a page and a paper alike.
[[nodiscard]] std::vector<std::string> search_sentences(const SweepPlan& plan, const SearchResult& result);

/// Those, behind a table of the trials that came furthest.
[[nodiscard]] std::string search_text(const SweepPlan& plan, const SearchResult& result);

/// What a terminal shows of a sweep: its search, and the table of its runs where nobody looked for anything.
[[nodiscard]] std::string sweep_answer(const SweepPlan& plan, const std::optional<SearchResult>& search,
                                       const std::vector<SweepRow>& rows);

/// What whoever picks a setting from the figures must know: they are of the test set. Empty where they aren't, or where
/// there is nothing to pick.
[[nodiscard]] std::string test_set_note(const SweepPlan& plan);

}  // namespace fedgram::experiments
