#include "experiments/search/halving.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace fedgram::experiments {

Halving::Halving(const std::vector<Bracket>& brackets, Objective objective) : objective_{std::move(objective)}
{
    for (const auto& bracket : brackets) {
        std::vector<std::size_t> trials(bracket.front().trials);
        std::iota(trials.begin(), trials.end(), of_trial_.size());
        of_trial_.insert(of_trial_.end(), trials.size(), stands_.size());
        stands_.push_back({bracket, 0, std::move(trials)});
    }
}

std::optional<Assignment> Halving::next()
{
    for (auto& stand : stands_)
        if (stand.given < stand.trials.size())
            return Assignment{stand.trials[stand.given++], stand.bracket[stand.rung].rounds};
    return std::nullopt;
}

void Halving::ended(const Assignment& assignment, const Course& course)
{
    auto& stand = stands_[of_trial_[assignment.trial]];
    stand.ended[assignment.trial] = course;
    if (stand.ended.size() == stand.trials.size() && stand.rung + 1 < stand.bracket.size()) promote(stand);
}

void Halving::promote(Stand& stand) const
{
    std::vector<const Course*> courses;
    for (const auto trial : stand.trials) courses.push_back(&stand.ended.at(trial));
    std::vector<std::size_t> best;
    for (const auto place : best_first(objective_, courses))
        if (best.size() < stand.bracket[stand.rung + 1].trials && !courses[place]->failed)
            best.push_back(stand.trials[place]);
    stand = {std::move(stand.bracket), stand.rung + 1, std::move(best)};
}

}  // namespace fedgram::experiments
