#include "coordinator/privacy/private_mean.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "common/learning/updates/norms.hpp"
#include "common/privacy/discrete_gaussian.hpp"

namespace fedgram::coordinator {

namespace {

// The noise's standard deviation in units: fine enough that its grid is of no account, and coarse enough that a million
// clips of a thousandth of the noise stay below 2^63.
constexpr int noise_bits = 30;

}  // namespace

PrivateMean::PrivateMean(std::span<const float> global, PrivateSum rule, const Stream& noise)
    : global_{global}, rule_{rule}, noise_{noise}, parameters_{rule.noise > 0 ? 0 : global.size()}
{
    if (!is_noisy()) return;
    assert(std::isfinite(rule.clip));
    unit_exponent_ = noise_bits - std::ilogb(rule.noise);
    units_.resize(global.size());
}

void PrivateMean::add(std::span<const float> update, std::uint64_t)
{
    const double norm = learning::l2_distance(update, global_);
    const bool is_long = norm > rule_.clip;
    const double kept = is_long ? rule_.clip / norm : 1;
    ++updates_;
    clipped_ += is_long ? 1 : 0;
    const auto difference = [&](std::size_t i) {
        return kept * (static_cast<double>(update[i]) - static_cast<double>(global_[i]));
    };
    if (is_noisy()) {
        const double units = std::ldexp(1.0, unit_exponent_);
        for (std::size_t i = 0; i < units_.size(); ++i)
            units_[i] += static_cast<std::int64_t>(difference(i) * units);  // towards zero
    } else if (!is_long) {
        parameters_.add(update, 1);
    } else {
        scratch_.resize(update.size());
        for (std::size_t i = 0; i < update.size(); ++i)
            scratch_[i] = static_cast<float>(static_cast<double>(global_[i]) + difference(i));
        parameters_.add(scratch_, 1);
    }
}

std::vector<double> PrivateMean::precise_result() const
{
    std::vector<double> result(global_.begin(), global_.end());
    if (is_noisy()) {
        auto noise = noise_;
        const auto sigma = static_cast<std::uint64_t>(std::llround(std::ldexp(rule_.noise, unit_exponent_)));
        const double unit = std::ldexp(1.0, -unit_exponent_);
        for (std::size_t i = 0; i < result.size(); ++i) {
            const auto sum = units_[i] + privacy::discrete_gaussian(noise, sigma);
            result[i] += static_cast<double>(sum) * unit / rule_.divisor;
        }
    } else if (updates_ > 0) {
        auto mean = parameters_.precisely_over(updates_);
        const double share = static_cast<double>(updates_) / rule_.divisor;
        if (share == 1) return mean;
        for (std::size_t i = 0; i < result.size(); ++i) result[i] += share * (mean[i] - result[i]);
    }
    return result;
}

std::vector<float> PrivateMean::result() const
{
    const auto precise = precise_result();
    std::vector<float> result(precise.size());
    std::ranges::transform(precise, result.begin(), [](double value) { return static_cast<float>(value); });
    return result;
}

energy::Work PrivateMean::work() const
{
    // Beside what is private: of each update and parameter an addition, on the sum's eight bytes in and out.
    const auto terms = updates_ * global_.size();
    auto work = extra_work();
    work.steps = updates_;
    work.flops += terms;
    work.memory_bytes += 16 * terms;
    work.kernels += updates_;
    return work;
}

energy::Work PrivateMean::extra_work() const
{
    // Of each update and parameter: norm and clip, three FLOPs each; update and model read for both.
    const auto terms = updates_ * global_.size();
    energy::Work work;
    work.flops = 6 * terms;
    work.memory_bytes = 16 * terms;
    work.kernels = updates_;
    if (is_noisy()) work += noise_work(global_.size());
    return work;
}

energy::Work noise_work(std::uint64_t parameters)
{
    energy::Work work;
    work.flops = 100 * parameters;
    work.memory_bytes = 16 * parameters;
    work.kernels = 1;
    return work;
}

}  // namespace fedgram::coordinator
