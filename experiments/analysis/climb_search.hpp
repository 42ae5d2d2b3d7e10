#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "experiments/analysis/booked_search.hpp"
#include "experiments/analysis/hill_climb.hpp"
#include "experiments/analysis/last_loads.hpp"
#include "experiments/analysis/space.hpp"

namespace fedgram::experiments::analysis {

/// As NVIDIA's Model Analyzer goes quickly, a hill climb: for each device, variant and queue delay a climb over largest
/// batches and instances. A closed loop has as many clients there as keep two full batches for each instance under way,
/// within the space's loads; an open loop has its one rate. Where so many break a p99, and would otherwise be better
/// than all that keep the constraints, they are halved until they keep it, and the place stands in the climb as the
/// best of these. Then the best three configurations and the default one are searched for their best load.
///
/// Between the two it does one thing more. Two full batches are too many for some configurations that keep the
/// constraints with fewer clients. So where the best one's next larger batch breaks them, and would otherwise be better
/// by 5 %, its best load is searched; if it is the best one then, the next larger batch is looked at likewise.
class ClimbSearch final : public BookedSearch {
public:
    /// Throws SpecError for several rates.
    ClimbSearch(const Space& space, const Goal& goal);

private:
    struct Climb {
        Configuration lowest;
        HillClimb climb;
    };

    [[nodiscard]] std::optional<Probe> wanted() override;
    [[nodiscard]] std::optional<Probe> in_climbs();
    /// What isn't measured yet of a place of a climb. Nothing: all that it needs is.
    [[nodiscard]] std::optional<Probe> with_fewer_clients(const Configuration& configuration) const;
    /// By how much of its bound the p99 breaks it; 0 where it is kept, or has no bound.
    [[nodiscard]] double p99_excess(const Measurement& measurement) const;
    /// Not where one client by itself, whom batches and instances don't matter to, breaks the p99 on that device; nor
    /// where what keeps the constraints there is as good already as this, since fewer clients answer no more.
    [[nodiscard]] bool fewer_may_gain(const Configuration& configuration, const Measurement& with_more) const;
    [[nodiscard]] std::optional<Probe> in_larger_batches();
    [[nodiscard]] Probe under_load(const Configuration& configuration) const;

    Space space_;
    Goal goal_;
    std::vector<Climb> climbs_;
    std::size_t current_ = 0;
    std::optional<Configuration> larger_{};  ///< the last one with a larger batch, and its search
    std::optional<LoadSearch> search_of_larger_{};
    std::optional<LastLoads> last_{};
};

}  // namespace fedgram::experiments::analysis
