#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "experiments/analysis/load_search.hpp"
#include "experiments/analysis/space.hpp"

namespace fedgram::experiments::analysis {

/// The last stage of a search: the best load of the best three configurations of the book, and of the default one.
class LastLoads {
public:
    LastLoads(const Book& book, const Space& space, const Goal& goal, LoadSearch::Begin begin);

    [[nodiscard]] std::optional<Probe> next(const Book& book);

private:
    std::vector<LoadSearch> searches_;
    std::size_t current_ = 0;
};

}  // namespace fedgram::experiments::analysis
