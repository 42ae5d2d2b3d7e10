#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/training/state_bytes.hpp"
#include "common/spec/strategy.hpp"
#include "coordinator/strategies/server_form.hpp"

namespace fedgram::coordinator {

/// FedAvgM (Hsu et al. 2019, arXiv:1909.06335), and FedAdagrad, FedAdam and FedYogi (Reddi et al. 2020,
/// arXiv:2003.00295, algorithm 2), all in double:
///
///     FedAvgM     m = beta m + D;                        change = rate m
///     FedAdagrad  v = v + D^2                            |
///     FedAdam     v = beta2 v + (1 - beta2) D^2          | m = beta1 m + (1 - beta1) D;  change = rate m / (sqrt(v) +
///     tau) FedYogi     v = v - (1 - beta2) D^2 sign(v - D^2)  |
///
/// D being the difference of the aggregate to the model. Other forms differ in what server_form.hpp says.
class ServerOptimizer {
public:
    ServerOptimizer(const spec::Strategy& rule, std::size_t parameters);

    /// The change of each parameter, in round after round.
    [[nodiscard]] std::vector<double> change(std::span<const double> difference, double rate);

    /// FLOPs and bytes of memory traffic that one parameter takes of a `change`.
    [[nodiscard]] std::uint64_t flops() const;
    [[nodiscard]] std::uint64_t bytes() const;

    void write(learning::StateWriter& state) const;
    void read(learning::StateReader& state);

private:
    [[nodiscard]] double second_moment(double v, double difference) const;

    spec::Strategy rule_;
    ServerForm form_;
    std::uint64_t rounds_ = 0;
    std::vector<double> first_;
    std::vector<double> second_;  // empty of FedAvgM
};

}  // namespace fedgram::coordinator
