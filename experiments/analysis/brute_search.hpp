#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "experiments/analysis/booked_search.hpp"
#include "experiments/analysis/last_loads.hpp"
#include "experiments/analysis/plateau.hpp"
#include "experiments/analysis/space.hpp"

namespace fedgram::experiments::analysis {

/// As NVIDIA's Model Analyzer goes by brute force: the default configuration, then for each device, variant, queue
/// delay and number of instances the largest batches upwards, and for each of those the loads upwards. Either walk ends
/// at its plateau; a batch stands there as the best of its loads, once by the objectives alone and once under the
/// constraints, and batches end where both have. A configuration that fails isn't asked again. Then
/// the best three configurations and the default one are searched for the load at the boundary of the constraints.
class BruteSearch final : public BookedSearch {
public:
    BruteSearch(const Space& space, const Goal& goal);

private:
    /// Configurations that differ in their largest batch alone.
    struct Row {
        Configuration smallest;
        std::vector<std::uint32_t> max_batches;
    };

    [[nodiscard]] std::optional<Probe> wanted() override;
    [[nodiscard]] Probe standing() const;
    void take(const Measurement& measurement);
    void next_batch();
    void next_row();

    Space space_;
    Goal goal_;
    std::vector<Row> rows_;
    std::size_t row_ = 0;
    std::size_t batch_ = 0;
    std::size_t load_ = 0;
    Plateau loads_;
    Plateau batches_;
    Plateau constrained_batches_;
    std::optional<Measurement> best_of_batch_{};
    std::optional<Measurement> constrained_best_of_batch_{};
    std::optional<LastLoads> last_{};
};

}  // namespace fedgram::experiments::analysis
