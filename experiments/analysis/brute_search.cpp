#include "experiments/analysis/brute_search.hpp"

namespace fedgram::experiments::analysis {

BruteSearch::BruteSearch(const Space& space, const Goal& goal)
    : space_{space}, goal_{goal}, loads_{goal}, batches_{goal}, constrained_batches_{goal}
{
    const auto by_default = space.default_configuration();
    rows_.push_back({by_default, {by_default.max_batch}});
    for (const auto& device : space.devices)
        for (const auto variant : space.variants)
            for (const auto delay : space.queue_delays_us)
                for (const auto instances : space.instances)
                    rows_.push_back({{device, variant, 0, instances, delay}, space.max_batches});
}

Probe BruteSearch::standing() const
{
    auto configuration = rows_[row_].smallest;
    configuration.max_batch = rows_[row_].max_batches[batch_];
    return {configuration, space_.loads[load_]};
}

std::optional<Probe> BruteSearch::wanted()
{
    while (row_ < rows_.size()) {
        const auto* known = book().find(standing());
        if (!known) return standing();
        take(*known);
    }
    if (!last_) last_.emplace(book(), space_, goal_, LoadSearch::Begin::with_boundary);
    return last_->next(book());
}

void BruteSearch::take(const Measurement& measurement)
{
    loads_.add(measurement);
    if (!best_of_batch_ || score(goal_, measurement, *best_of_batch_) > 0) best_of_batch_ = measurement;
    if (!constrained_best_of_batch_ || gain(goal_, measurement, *constrained_best_of_batch_) > 0)
        constrained_best_of_batch_ = measurement;
    if (++load_ == space_.loads.size() || loads_.reached() || !measurement.failure.empty()) next_batch();
}

void BruteSearch::next_batch()
{
    batches_.add(*best_of_batch_);
    constrained_batches_.add(*constrained_best_of_batch_);
    loads_ = Plateau{goal_};
    best_of_batch_.reset();
    constrained_best_of_batch_.reset();
    load_ = 0;
    const bool are_through = ++batch_ == rows_[row_].max_batches.size();
    if (are_through || (batches_.reached() && constrained_batches_.reached())) next_row();
}

void BruteSearch::next_row()
{
    batches_ = Plateau{goal_};
    constrained_batches_ = Plateau{goal_};
    batch_ = 0;
    ++row_;
}

}  // namespace fedgram::experiments::analysis
