#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "experiments/analysis/booked_search.hpp"
#include "experiments/analysis/space.hpp"

namespace fedgram::experiments::analysis {

/// Everything in the space under each of its loads, behind the default configuration.
class ManualSearch final : public BookedSearch {
public:
    explicit ManualSearch(const Space& space);

private:
    [[nodiscard]] std::optional<Probe> wanted() override;

    std::vector<Probe> probes_;
    std::size_t current_ = 0;
};

}  // namespace fedgram::experiments::analysis
