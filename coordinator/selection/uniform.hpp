#pragma once

#include "coordinator/selection/selection_policy.hpp"

namespace fedgram::coordinator {

/// Each available node with the same probability, without replacement: `draw_cohort`.
class Uniform final : public SelectionPolicy {
public:
    explicit Uniform(std::uint64_t seed) : seed_{seed} {}

    [[nodiscard]] Decision select(const Moment& moment) const override;

private:
    std::uint64_t seed_;
};

}  // namespace fedgram::coordinator
