#include "coordinator/strategies/server_optimizer.hpp"

#include <cmath>

namespace fedgram::coordinator {

namespace {

/// What the step is multiplied by, and the root divided by, to correct the moments' bias.
struct BiasCorrection {
    double step = 1;
    double root = 1;
};

BiasCorrection bias_correction(const spec::Strategy& rule, const ServerForm& form, std::uint64_t round)
{
    if (form.correction == ServerForm::Correction::none) return {};
    const auto t = static_cast<double>(form.correction == ServerForm::Correction::round ? round : round + 1);
    const double first = 1 - std::pow(rule.beta1, t);
    const double root = std::sqrt(1 - std::pow(rule.beta2, t));
    if (form.tau == ServerForm::Tau::beside_corrected_root) return {1 / first, root};
    return {root / first, 1};
}

}  // namespace

ServerOptimizer::ServerOptimizer(const spec::Strategy& rule, std::size_t parameters)
    : rule_{rule}, form_{server_form(rule)}, first_(parameters)
{
    if (rule.kind != spec::StrategyKind::fedavgm) second_.assign(parameters, form_.initial_v);
}

std::vector<double> ServerOptimizer::change(std::span<const double> difference, double rate)
{
    ++rounds_;
    std::vector<double> change(difference.size());
    if (second_.empty()) {
        const double share = form_.damped ? 1 - rule_.beta1 : 1;
        for (std::size_t i = 0; i < change.size(); ++i) {
            first_[i] = rule_.beta1 * first_[i] + share * difference[i];
            change[i] = rate * first_[i];
        }
        return change;
    }
    const auto correction = bias_correction(rule_, form_, rounds_);
    for (std::size_t i = 0; i < change.size(); ++i) {
        first_[i] = rule_.beta1 * first_[i] + (1 - rule_.beta1) * difference[i];
        second_[i] = second_moment(second_[i], difference[i]);
        change[i] = rate * correction.step * first_[i] / (std::sqrt(second_[i]) / correction.root + rule_.tau);
    }
    return change;
}

double ServerOptimizer::second_moment(double v, double difference) const
{
    const double square = difference * difference;
    switch (rule_.kind) {
        case spec::StrategyKind::fedadagrad:
            return v + square;
        case spec::StrategyKind::fedyogi: {
            const double sign = v > square ? 1 : v < square ? -1 : 0;
            return v - (1 - rule_.beta2) * square * sign;
        }
        default:
            return rule_.beta2 * v + (1 - rule_.beta2) * square;
    }
}

std::uint64_t ServerOptimizer::flops() const
{
    // FedAvgM: two for the moment, one for the rate. The others: three for the first moment, two to five for the
    // second with its square, four for the step with its root.
    switch (rule_.kind) {
        case spec::StrategyKind::fedavgm:
            return 3;
        case spec::StrategyKind::fedadagrad:
            return 9;
        case spec::StrategyKind::fedyogi:
            return 12;
        default:
            return 11;
    }
}

std::uint64_t ServerOptimizer::bytes() const { return 16 + (second_.empty() ? 16 : 32); }

void ServerOptimizer::write(learning::StateWriter& state) const
{
    state.add(std::span{&rounds_, 1});
    state.add(std::span<const double>{first_});
    state.add(std::span<const double>{second_});
}

void ServerOptimizer::read(learning::StateReader& state)
{
    state.read(std::span{&rounds_, 1});
    state.read(std::span{first_});
    state.read(std::span{second_});
}

}  // namespace fedgram::coordinator
