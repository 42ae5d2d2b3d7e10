#include "common/learning/training/centralized_training.hpp"

#include <algorithm>
#include <cmath>

#include "common/random/stream.hpp"

namespace fedgram::learning {

CentralizedTraining::CentralizedTraining(Replica& replica, const Model& model, const Samples& data,
                                         std::span<const std::uint32_t> indices,
                                         const spec::Normalization& normalization, const spec::Centralized& rule,
                                         std::uint64_t seed, std::uint64_t samples_seen)
    : replica_{replica},
      model_{model},
      rule_{rule},
      seed_{seed},
      batch_{data, pixels_per_sample(model.shape), normalization},
      indices_{indices.begin(), indices.end()},
      order_{indices_},
      samples_seen_{samples_seen}
{
    if (samples_seen_ % order_.size() != 0) shuffle();
}

double CentralizedTraining::learning_rate() const
{
    if (!rule_.linear_decay_epochs) return rule_.optimizer.learning_rate;
    const double decay_samples = *rule_.linear_decay_epochs * static_cast<double>(order_.size());
    return rule_.optimizer.learning_rate * std::max(0.0, 1 - static_cast<double>(samples_seen_) / decay_samples);
}

bool CentralizedTraining::finished() const
{
    return samples_seen_ >= std::uint64_t{rule_.max_epochs} * order_.size() || learning_rate() == 0;
}

void CentralizedTraining::shuffle()
{
    const std::uint64_t epoch = samples_seen_ / order_.size() + 1;
    order_ = indices_;
    Stream{seed_, Purpose::local_shuffle, epoch}.shuffle(std::span{order_});
}

double CentralizedTraining::step(std::uint64_t& trained)
{
    const std::size_t position = samples_seen_ % order_.size();
    if (position == 0) shuffle();
    const std::size_t count = batches().at(position);
    const double loss = replica_.step(batch_.of(std::span{order_}.subspan(position, count)), learning_rate());
    trained += count;
    samples_seen_ += count;
    const std::size_t next = position + count;
    if (next < order_.size() && batches().at(next) == 0) samples_seen_ += order_.size() - next;
    return loss;
}

std::uint64_t CentralizedTraining::interval_samples() const
{
    return rule_.evaluate_every_samples.value_or(order_.size());
}

std::uint32_t CentralizedTraining::intervals() const
{
    const double epochs = std::min<double>(rule_.max_epochs, rule_.linear_decay_epochs.value_or(rule_.max_epochs));
    return static_cast<std::uint32_t>(
        std::ceil(epochs * static_cast<double>(order_.size()) / static_cast<double>(interval_samples())));
}

double CentralizedTraining::of_interval() const
{
    const auto interval = interval_samples();
    return static_cast<double>(samples_seen_ % interval) / static_cast<double>(interval);
}

std::optional<LocalResult> CentralizedTraining::run_interval(const std::function<bool()>& step_allowed)
{
    const std::uint64_t interval = interval_samples();
    const std::uint64_t first = samples_seen_;
    const std::uint64_t next_evaluation = (first / interval + 1) * interval;
    std::uint64_t steps = 0;
    std::uint64_t trained = 0;
    double loss_sum = 0;
    do {
        if (!step_allowed()) return std::nullopt;
        loss_sum += step(trained);
        ++steps;
    } while (samples_seen_ < next_evaluation && !finished());
    return LocalResult{training_work(model_, rule_.optimizer, trained, steps), loss_sum / static_cast<double>(steps)};
}

}  // namespace fedgram::learning
