#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "experiments/search/objective.hpp"
#include "experiments/search/search.hpp"

namespace fedgram::experiments {

/// ASHA (Li et al. 2020, arXiv:1810.05934). A worker takes, from the top rung down, a trial that is among the best
/// 1 / eta of its rung so far and hasn't gone on, or else begins a new one. Nobody waits for a whole rung; what goes on
/// depends on the order in which results come.
class Asha final : public Search {
public:
    /// `rungs` are the rounds of each, from the bottom up.
    Asha(std::size_t trials, const std::vector<std::uint32_t>& rungs, std::uint32_t eta, Objective objective);

    [[nodiscard]] std::optional<Assignment> next() override;
    void ended(const Assignment& assignment, const Course& course) override;
    [[nodiscard]] std::size_t trials() const override { return trials_; }

private:
    struct Result {
        std::size_t trial;
        Course course;
    };
    struct RungResults {
        std::uint32_t rounds = 0;
        std::vector<Result> results{};     ///< in the order of their trials
        std::set<std::size_t> promoted{};  ///< trials that have gone on
    };

    [[nodiscard]] std::optional<std::size_t> promotable(const RungResults& rung) const;

    std::size_t trials_;
    std::vector<RungResults> rungs_;
    std::uint32_t eta_;
    Objective objective_;
    std::size_t begun_ = 0;
};

}  // namespace fedgram::experiments
