#include "common/learning/updates/update_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "common/learning/updates/fixed_point.hpp"
#include "common/learning/updates/largest_magnitude.hpp"
#include "common/learning/updates/norms.hpp"

namespace fedgram::learning {

namespace {

// In the order of RefusalReason.
constexpr std::array<std::string_view, 9> names{"wrong_round", "wrong_counts",   "wrong_shape",
                                                "not_finite",  "norm_too_large", "repeated",
                                                "not_hosted",  "not_asked",      "wrong_code"};

std::optional<Refusal> wrong_round(const UpdateMetadata& asked, const UpdateMetadata& claimed)
{
    if (claimed.training != asked.training)
        return Refusal{RefusalReason::wrong_round, "it is for training " + std::to_string(claimed.training) +
                                                       ", counted from 0; this is training " +
                                                       std::to_string(asked.training)};
    if (claimed.round != asked.round)
        return Refusal{RefusalReason::wrong_round, "it is for round " + std::to_string(claimed.round) +
                                                       ", this is round " + std::to_string(asked.round)};
    return std::nullopt;
}

std::optional<Refusal> wrong_values(std::span<const float> update, const UpdateLimits& limits)
{
    const double norm = l2_distance(update, limits.global());
    // No value is farther from the model's than the norm, which is not finite where one of them isn't: a sane update is
    // looked at once. Half the limit leaves room for the norm's rounding.
    if (!(limits.largest_magnitude() + norm < fixed_point_limit / 2)) {
        const auto wrong = std::ranges::find_if(update, [](float v) { return !(std::fabs(v) < fixed_point_limit); });
        if (wrong != update.end())
            return Refusal{std::isfinite(*wrong) ? RefusalReason::norm_too_large : RefusalReason::not_finite,
                           "parameter " + std::to_string(wrong - update.begin()) + " is " + std::to_string(*wrong),
                           static_cast<std::size_t>(wrong - update.begin())};
    }
    if (norm > limits.max_norm())
        return Refusal{RefusalReason::norm_too_large, "it is " + std::to_string(norm) +
                                                          " from the global model, max_update_norm is " +
                                                          std::to_string(limits.max_norm())};
    return std::nullopt;
}

}  // namespace

UpdateLimits::UpdateLimits(std::span<const float> global, double max_norm)
    : global_{global}, max_norm_{max_norm}, largest_magnitude_{learning::largest_magnitude(global)}
{
}

std::string_view name(RefusalReason reason) { return names[static_cast<std::size_t>(reason)]; }

std::optional<RefusalReason> parse_refusal_reason(std::string_view word)
{
    const auto found = std::find(names.begin(), names.end(), word);
    if (found == names.end()) return std::nullopt;
    return static_cast<RefusalReason>(found - names.begin());
}

std::optional<Refusal> refusal(const UpdateMetadata& asked, const UpdateMetadata& claimed,
                               std::span<const float> update, const UpdateLimits& limits)
{
    if (auto refused = refusal(asked, claimed)) return refused;
    return refusal(update, limits);
}

std::optional<Refusal> refusal(const UpdateMetadata& asked, const UpdateMetadata& claimed)
{
    if (auto refused = wrong_round(asked, claimed)) return refused;
    if (claimed != asked)
        return Refusal{RefusalReason::wrong_counts,
                       "it claims " + std::to_string(claimed.samples) + " samples, " +
                           std::to_string(claimed.samples_seen) + " seen in " + std::to_string(claimed.steps) +
                           " steps; the node was given " + std::to_string(asked.samples) + ", " +
                           std::to_string(asked.samples_seen) + " and " + std::to_string(asked.steps)};
    return std::nullopt;
}

std::optional<Refusal> refusal(std::span<const float> update, const UpdateLimits& limits)
{
    if (update.size() != limits.global().size())
        return Refusal{RefusalReason::wrong_shape, "it has " + std::to_string(update.size()) +
                                                       " parameters, the model has " +
                                                       std::to_string(limits.global().size())};
    return wrong_values(update, limits);
}

Refusal unawaited_refusal(const UpdateMetadata& asked, const UpdateMetadata& claimed, Unawaited node)
{
    if (!node.hosted) return {RefusalReason::not_hosted, "its sender does not host the node"};
    if (auto refused = wrong_round(asked, claimed)) return *refused;
    if (node.answered) return {RefusalReason::repeated, "the node has answered in this round already"};
    return {RefusalReason::not_asked, "the node was not asked for one"};
}

}  // namespace fedgram::learning
