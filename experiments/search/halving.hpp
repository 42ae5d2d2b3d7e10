#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "experiments/search/objective.hpp"
#include "experiments/search/rungs.hpp"
#include "experiments/search/search.hpp"

namespace fedgram::experiments {

/// Successive halving in one bracket, or in several as Hyperband has them. A rung's best go on once all of it is there.
/// Brackets have trials of their own and wait for nobody, so that a worker takes from the first that has something to
/// do.
class Halving final : public Search {
public:
    Halving(const std::vector<Bracket>& brackets, Objective objective);

    [[nodiscard]] std::optional<Assignment> next() override;
    void ended(const Assignment& assignment, const Course& course) override;
    [[nodiscard]] std::size_t trials() const override { return of_trial_.size(); }

private:
    /// Where a bracket stands.
    struct Stand {
        Bracket bracket;
        std::size_t rung = 0;
        std::vector<std::size_t> trials;  ///< of the rung
        std::size_t given = 0;            ///< of those
        std::map<std::size_t, Course> ended{};
    };

    void promote(Stand& stand) const;

    Objective objective_;
    std::vector<Stand> stands_;
    std::vector<std::size_t> of_trial_;  // the bracket of each
};

}  // namespace fedgram::experiments
