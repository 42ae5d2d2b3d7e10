#pragma once

#include "experiments/search/search.hpp"

namespace fedgram::experiments {

/// A grid, or settings drawn at random: each trial is trained to its end, whatever the others do.
class AllTrials final : public Search {
public:
    AllTrials(std::size_t trials, std::uint32_t rounds) : trials_{trials}, rounds_{rounds} {}

    [[nodiscard]] std::optional<Assignment> next() override
    {
        return given_ < trials_ ? std::optional{Assignment{given_++, rounds_}} : std::nullopt;
    }
    void ended(const Assignment&, const Course&) override {}
    [[nodiscard]] std::size_t trials() const override { return trials_; }

private:
    std::size_t trials_;
    std::uint32_t rounds_;
    std::size_t given_ = 0;
};

}  // namespace fedgram::experiments
