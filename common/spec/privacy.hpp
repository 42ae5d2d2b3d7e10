#pragma once

#include <optional>
#include <string>
#include <variant>

namespace fedgram::spec {

/// How a round's nodes are drawn where privacy is accounted: each by a coin of its own, so that a round may have any
/// number of nodes; or a cohort of fixed size without replacement, of which the known bounds are looser.
enum class NodeSampling { poisson, fixed };

/// What computes epsilon: Rényi differential privacy, an upper bound for every sampling; or the exact curve of the
/// Gaussian mechanism, which holds where all nodes take part in each round.
enum class PrivacyAccountant { rdp, gaussian };

/// Updates stay as they are: no privacy.
struct NoClip {};

/// An update longer than this, by its L2 norm, is scaled down to it.
struct FixedClip {
    double norm;  ///< > 0
};

/// The clip follows a quantile of the updates' norms (Andrew et al. 2021, arXiv:1905.03871); common/privacy has the
/// rule.
struct AdaptiveClip {
    double initial = 0.1;   ///< of the first round, > 0
    double quantile = 0.5;  ///< the share of updates that shall be no longer than the clip, in (0, 1)
    double rate = 0.2;      ///< of learning the clip's logarithm, > 0
};

/// Differential privacy of a federated training's nodes, by noise that the server adds to the sum of clipped updates.
struct Privacy {
    std::variant<NoClip, FixedClip, AdaptiveClip> clip{};  ///< NoClip only without noise
    // Of these two one is set.
    std::optional<double> noise_multiplier{};  ///< the noise's standard deviation in clips, >= 0
    std::optional<double> epsilon{};           ///< the budget for all rounds, from which the multiplier follows, > 0
    std::optional<double> delta{};             ///< in (0, 1); set where there is noise
    /// With a noise multiplier: the training ends before a round that would spend more, > 0.
    std::optional<double> stop_at_epsilon{};
    NodeSampling sampling = NodeSampling::poisson;
    std::optional<PrivacyAccountant> accountant{};  ///< of a training that is parsed: always set

    /// Whether there is noise, and so an epsilon.
    [[nodiscard]] bool is_private() const { return epsilon || noise_multiplier.value_or(0) > 0; }
};

/// Sets the accountant where nothing is said of it: the exact one for a `client_fraction` of 1, else RDP. Throws
/// SpecError for the exact one where only some of the nodes take part. `path` is the privacy's:
/// "trainings.fed.privacy".
void settle_accountant(Privacy& privacy, const std::string& path, double client_fraction);

}  // namespace fedgram::spec
