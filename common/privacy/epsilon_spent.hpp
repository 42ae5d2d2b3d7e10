#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/spec/privacy.hpp"

namespace fedgram::privacy {

/// What scales updates down to the clip, and where: so who sees what, and what the noise is.
enum class Clipping {
    server,    ///< the server by a fixed clip: it sees single updates
    adaptive,  ///< the server by one that follows their norms: part of the noise goes to the bits that move it
    nodes      ///< each node before it masks its update: the server sees a round's sum alone
};

/// How the privacy of a training is accounted.
struct PrivacyRule {
    spec::PrivacyAccountant accountant = spec::PrivacyAccountant::rdp;  ///< gaussian only for a participation of 1
    spec::NodeSampling sampling = spec::NodeSampling::poisson;
    double participation = 1;  ///< q, in [0, 1]: the chance of each coin, or the fixed cohort over all nodes
    double delta = 1e-5;       ///< in (0, 1)
    Clipping clipping = Clipping::server;
};

/// What the nodes' privacy has cost.
struct PrivacySpent {
    double epsilon;  ///< never negative; infinity without noise
    double delta;
    std::optional<double> order;  ///< of the Rényi divergence that gives it; nothing where none has a say
    std::string_view accountant;  ///< for a table: "RDP, Poisson sampling"
    std::string assumptions;      ///< sentences: what must hold for the numbers to mean anything
};

/// Of so many rounds, each with noise of `noise_multiplier` >= 0 clips on the sum of clipped updates. All that shows an
/// epsilon asks here.
[[nodiscard]] PrivacySpent epsilon_spent(const PrivacyRule& rule, double noise_multiplier, std::uint32_t rounds);

}  // namespace fedgram::privacy
