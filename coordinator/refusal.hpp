#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fedgram::coordinator {

/// What the coordinator asked of a node, and what came back.
struct Claim {
    std::uint32_t training = 0;
    std::uint32_t round = 0;
    std::uint64_t samples = 0;
    std::uint64_t samples_seen = 0;
    std::uint64_t steps = 0;

    friend bool operator==(const Claim&, const Claim&) = default;
};

enum class RefusalReason {
    wrong_round,
    wrong_counts,
    wrong_shape,
    not_finite,
    norm_too_large,
    repeated,
    not_hosted,
    not_asked,
};

/// As events.jsonl and summary.json have it: "not_finite".
[[nodiscard]] std::string_view name(RefusalReason reason);
/// The same back; nothing for another word.
[[nodiscard]] std::optional<RefusalReason> parse_refusal_reason(std::string_view word);

struct Refusal {
    RefusalReason reason{};
    std::string text;  ///< what is wrong, for people
};

/// What an update is held against, beside its claim.
struct UpdateLimits {
    std::span<const float> global;  ///< the round's model: the update's size and origin
    double max_norm = 0;            ///< of the update's difference to it, in L2 norm
};

/// Why an update that is awaited can't enter the model, or nothing. Called before the aggregator sees it. A value that
/// fixed point can't hold (coordinator/fixed_point.hpp) is refused whatever the norm allows.
[[nodiscard]] std::optional<Refusal> refusal(const Claim& asked, const Claim& claimed, std::span<const float> update,
                                             const UpdateLimits& limits);

/// What the coordinator knows of a node whose update isn't awaited from its sender.
struct Unawaited {
    bool hosted = false;    ///< the sender hosts the node
    bool answered = false;  ///< the node has delivered or been lost in the round that is on
};

/// Why such an update can't enter.
[[nodiscard]] Refusal unawaited_refusal(const Claim& asked, const Claim& claimed, Unawaited node);

}  // namespace fedgram::coordinator
