#include "experiments/search/asha.hpp"

#include <algorithm>
#include <utility>

namespace fedgram::experiments {

Asha::Asha(std::size_t trials, const std::vector<std::uint32_t>& rungs, std::uint32_t eta, Objective objective)
    : trials_{trials}, eta_{eta}, objective_{std::move(objective)}
{
    for (const auto rounds : rungs) rungs_.push_back({rounds});
}

std::optional<Assignment> Asha::next()
{
    for (auto above = rungs_.size() - 1; above > 0; --above) {
        auto& rung = rungs_[above - 1];
        if (const auto trial = promotable(rung)) {
            rung.promoted.insert(*trial);
            return Assignment{*trial, rungs_[above].rounds};
        }
    }
    if (begun_ == trials_) return std::nullopt;
    return Assignment{begun_++, rungs_.front().rounds};
}

void Asha::ended(const Assignment& assignment, const Course& course)
{
    auto& results = std::ranges::find(rungs_, assignment.rounds, &RungResults::rounds)->results;
    const auto at = std::ranges::upper_bound(results, assignment.trial, {}, &Result::trial);
    results.insert(at, {assignment.trial, course});
}

std::optional<std::size_t> Asha::promotable(const RungResults& rung) const
{
    std::vector<const Course*> courses;
    for (const auto& result : rung.results) courses.push_back(&result.course);
    auto best = best_first(objective_, courses);
    best.resize(best.size() / eta_);
    for (const auto place : best)
        if (const auto& result = rung.results[place]; !result.course.failed && !rung.promoted.contains(result.trial))
            return result.trial;
    return std::nullopt;
}

}  // namespace fedgram::experiments
