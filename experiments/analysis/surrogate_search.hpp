#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "experiments/analysis/booked_search.hpp"
#include "experiments/analysis/load_search.hpp"
#include "experiments/analysis/space.hpp"
#include "experiments/analysis/surrogate.hpp"

namespace fedgram::experiments::analysis {

/// Measures what promises most by what was measured. It begins with the default configuration under the least load.
/// On each device, variant and queue delay it looks at the least configuration likewise, and at a middle batch of one
/// instance and of several under two full batches for each instance. From then on a surrogate says what is to be
/// expected of every configuration under every load. The promise of a place is what it is expected to gain over the
/// best so far, and more for each octave of batch, instances and load to the nearest place that was measured, of two at
/// most, since what is far off is known least: 10
/// %, and 100 % while nothing keeps the constraints.
///
/// It goes to the greatest promise as long as that is 1 %, and until three that ran in a row, and one more for every
/// two octaves of the best one's batches, have gained less than that: where large batches pay there is more to look
/// through; each further device, variant and queue delay adds two. Then the default configuration is searched for its
/// best load. An open loop has one rate, at which all is measured and nothing is fitted.
class SurrogateSearch final : public BookedSearch {
public:
    /// Throws SpecError for several rates.
    SurrogateSearch(const Space& space, const Goal& goal);

private:
    struct Place {
        std::size_t family = 0;
        Probe probe{};
        double promise = 0;
    };

    [[nodiscard]] std::optional<Probe> wanted() override;
    [[nodiscard]] std::optional<Probe> in_first_look() const;
    /// Takes up what was measured since it was last asked.
    void judge();
    [[nodiscard]] std::optional<Probe> most_promising() const;
    /// Of a configuration, among loads of so many steps an octave that aren't measured yet, from `least` to `most`.
    [[nodiscard]] std::optional<Place> best_load(std::size_t family, const Configuration& configuration, unsigned steps,
                                                 double least, double most) const;
    [[nodiscard]] double promise(std::size_t family, const Probe& probe) const;
    [[nodiscard]] bool is_in_vain() const;
    [[nodiscard]] std::vector<JournalEntry> entries_of(const Configuration& family) const;
    [[nodiscard]] Probe under_two_batches(const Configuration& configuration) const;

    Space space_;
    Goal goal_;
    std::vector<Configuration> families_;  ///< each device, variant and queue delay, with the least of all else
    std::vector<std::optional<Surrogate>> surrogates_;  ///< of each; nothing where nothing ran
    std::vector<std::vector<JournalEntry>> measured_;   ///< of each
    std::size_t judged_ = 0;
    std::optional<JournalEntry> best_{};
    unsigned without_gain_ = 0;
    std::optional<LoadSearch> by_default_{};  ///< once nothing promises more
};

}  // namespace fedgram::experiments::analysis
