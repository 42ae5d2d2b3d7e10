#include "common/learning/centralized_training.hpp"

#include <algorithm>
#include <csignal>
#include <numeric>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"

namespace fedgram::learning {

CentralizedTraining::CentralizedTraining(Replica& replica, const Model& model, const Samples& data,
                                         const spec::Normalization& normalization, const spec::Centralized& rule,
                                         std::uint64_t seed)
    : replica_{replica},
      model_{model},
      rule_{rule},
      seed_{seed},
      buffer_{data, pixels_per_sample(model.shape), normalization},
      order_(data.labels.size())
{
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

double CentralizedTraining::step()
{
    const std::size_t position = samples_seen_ % order_.size();
    if (position == 0) {
        const std::uint64_t epoch = samples_seen_ / order_.size() + 1;
        std::iota(order_.begin(), order_.end(), 0U);
        Stream{seed_, Purpose::local_shuffle, epoch}.shuffle(std::span{order_});
    }
    const std::size_t count = std::min<std::size_t>(rule_.batch_size, order_.size() - position);
    const double loss = replica_.step(buffer_.gather(std::span{order_}.subspan(position, count)), learning_rate());
    samples_seen_ += count;
    return loss;
}

LocalResult CentralizedTraining::run_interval(const std::function<bool()>& step_allowed)
{
    const std::uint64_t interval = rule_.evaluate_every_samples.value_or(order_.size());
    const std::uint64_t first = samples_seen_;
    const std::uint64_t next_evaluation = (first / interval + 1) * interval;
    std::uint64_t steps = 0;
    double loss_sum = 0;
    do {
        if (!step_allowed()) throw Interrupted{SIGINT};
        loss_sum += step();
        ++steps;
    } while (samples_seen_ < next_evaluation && !finished());
    return {training_work(model_, rule_.optimizer, samples_seen_ - first, steps),
            loss_sum / static_cast<double>(steps)};
}

}  // namespace fedgram::learning
