#include "coordinator/refusal.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "coordinator/distance.hpp"
#include "coordinator/fixed_point.hpp"
#include "coordinator/peak.hpp"

namespace fedgram::coordinator {

namespace {

// In the order of RefusalReason.
constexpr std::array<std::string_view, 8> names{"wrong_round",    "wrong_counts", "wrong_shape", "not_finite",
                                                "norm_too_large", "repeated",     "not_hosted",  "not_asked"};

std::optional<Refusal> wrong_round(const Claim& asked, const Claim& claimed)
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

// Both looks at an update are taken while a chunk of it is in the cache.
constexpr std::size_t chunk = 4096;

std::optional<Refusal> wrong_values(std::span<const float> update, const UpdateLimits& limits)
{
    double squares = 0;
    for (std::size_t first = 0; first < update.size(); first += chunk) {
        const auto size = std::min(chunk, update.size() - first);
        const auto part = update.subspan(first, size);
        if (!(peak(part) < fixed_point_limit)) {  // NaN is not
            const auto wrong = std::ranges::find_if(part, [](float v) { return !(std::fabs(v) < fixed_point_limit); });
            return Refusal{std::isfinite(*wrong) ? RefusalReason::norm_too_large : RefusalReason::not_finite,
                           "parameter " + std::to_string(first + static_cast<std::size_t>(wrong - part.begin())) +
                               " is " + std::to_string(*wrong)};
        }
        squares += squared_distance(part, limits.global.subspan(first, size));
    }
    if (const double norm = std::sqrt(squares); norm > limits.max_norm)
        return Refusal{RefusalReason::norm_too_large, "it is " + std::to_string(norm) +
                                                          " from the global model, max_update_norm is " +
                                                          std::to_string(limits.max_norm)};
    return std::nullopt;
}

}  // namespace

std::string_view name(RefusalReason reason) { return names[static_cast<std::size_t>(reason)]; }

std::optional<RefusalReason> parse_refusal_reason(std::string_view word)
{
    const auto found = std::find(names.begin(), names.end(), word);
    if (found == names.end())
        return std::nullopt;
    return static_cast<RefusalReason>(found - names.begin());
}

std::optional<Refusal> refusal(const Claim& asked, const Claim& claimed, std::span<const float> update,
                               const UpdateLimits& limits)
{
    if (auto refused = wrong_round(asked, claimed)) return refused;
    if (claimed != asked)
        return Refusal{RefusalReason::wrong_counts,
                       "it claims " + std::to_string(claimed.samples) + " samples, " +
                           std::to_string(claimed.samples_seen) + " seen in " + std::to_string(claimed.steps) +
                           " steps; the node was given " + std::to_string(asked.samples) + ", " +
                           std::to_string(asked.samples_seen) + " and " + std::to_string(asked.steps)};
    if (update.size() != limits.global.size())
        return Refusal{RefusalReason::wrong_shape, "it has " + std::to_string(update.size()) +
                                                       " parameters, the model has " +
                                                       std::to_string(limits.global.size())};
    return wrong_values(update, limits);
}

Refusal unawaited_refusal(const Claim& asked, const Claim& claimed, Unawaited node)
{
    if (!node.hosted) return {RefusalReason::not_hosted, "its sender does not host the node"};
    if (auto refused = wrong_round(asked, claimed)) return *refused;
    if (node.answered) return {RefusalReason::repeated, "the node has answered in this round already"};
    return {RefusalReason::not_asked, "the node was not asked for one"};
}

}  // namespace fedgram::coordinator
