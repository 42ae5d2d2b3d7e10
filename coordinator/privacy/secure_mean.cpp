#include "coordinator/privacy/secure_mean.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>
#include <variant>

#include "common/privacy/discrete_gaussian.hpp"
#include "coordinator/privacy/private_mean.hpp"

namespace fedgram::coordinator {

SecureMean::SecureMean(masking::FixedPointRule rule, masking::MaskedRound round, masking::MaskGraph graph,
                       std::uint32_t threshold, std::span<const float> global, std::optional<SecureNoise> noise)
    : rule_{rule},
      round_{round},
      graph_{std::move(graph)},
      threshold_{threshold},
      global_{global},
      noise_{noise},
      sum_{rule.ring(), global.size()}
{
}

std::optional<std::vector<std::uint64_t>> SecureMean::masked(std::span<const std::byte> message) const
{
    return rule_.ring().unpacked(message, global_.size());
}

void SecureMean::add(std::uint32_t node, std::span<const std::uint64_t> masked, std::uint64_t weight)
{
    sum_.add(node, masked);
    weight_ += weight;
}

std::optional<masking::Unrecoverable> SecureMean::unrecoverable() const
{
    return masking::unrecoverable(graph_, sum_.delivered(), threshold_);
}

void SecureMean::unmask()
{
    auto sum = sum_.unmasked(round_, graph_, threshold_);
    assert(std::holds_alternative<std::vector<std::int64_t>>(sum));
    plain_ = std::move(std::get<std::vector<std::int64_t>>(sum));
}

std::vector<double> SecureMean::precise_result() const
{
    assert(plain_.size() == global_.size());
    if (!noise_) return rule_.moved(global_, plain_, static_cast<double>(weight_));
    auto stream = noise_->stream;
    const auto sigma = static_cast<std::uint64_t>(std::llround(noise_->deviation * rule_.steps_in_one()));
    auto noisy = plain_;
    for (auto& units : noisy) units += privacy::discrete_gaussian(stream, sigma);
    return rule_.moved(global_, noisy, noise_->divisor);
}

std::vector<float> SecureMean::result() const
{
    const auto precise = precise_result();
    std::vector<float> result(precise.size());
    std::ranges::transform(precise, result.begin(), [](double value) { return static_cast<float>(value); });
    return result;
}

masking::ProtocolSetting SecureMean::setting() const
{
    return {static_cast<std::uint32_t>(graph_.nodes().size()), graph_.degree(), global_.size(), rule_.ring()};
}

energy::Work SecureMean::work() const
{
    auto work = masking::unmasking_work(setting(), masking::left_masks(graph_, sum_.delivered()));
    work.steps = sum_.delivered().size();
    work += noise_work();
    return work;
}

energy::Work SecureMean::noise_work() const
{
    return noise_ && noise_->deviation > 0 ? coordinator::noise_work(global_.size()) : energy::Work{};
}

}  // namespace fedgram::coordinator
