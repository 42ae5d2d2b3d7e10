#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fedgram::learning {

/// What the coordinator asked of a node, and what came back.
struct UpdateMetadata {
    std::uint32_t training = 0;
    std::uint32_t round = 0;
    std::uint64_t samples = 0;
    std::uint64_t samples_seen = 0;
    std::uint64_t steps = 0;

    friend bool operator==(const UpdateMetadata&, const UpdateMetadata&) = default;
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
    wrong_code,
};

/// As events.jsonl and summary.json have it: "not_finite".
[[nodiscard]] std::string_view name(RefusalReason reason);
/// The same back; nothing for another word.
[[nodiscard]] std::optional<RefusalReason> parse_refusal_reason(std::string_view word);

struct Refusal {
    RefusalReason reason{};
    std::string text;                        ///< what is wrong, for people
    std::optional<std::size_t> parameter{};  ///< the first one that is wrong, where it is one
};

/// What a round's updates are held against, beside their claims.
class UpdateLimits {
public:
    /// `global` is the round's model, the updates' size and origin, which it borrows; `max_norm` is for an update's
    /// difference to it, in L2 norm.
    UpdateLimits(std::span<const float> global, double max_norm);

    [[nodiscard]] std::span<const float> global() const { return global_; }
    [[nodiscard]] double max_norm() const { return max_norm_; }
    /// The largest magnitude in `global`.
    [[nodiscard]] float largest_magnitude() const { return largest_magnitude_; }

private:
    std::span<const float> global_;
    double max_norm_;
    float largest_magnitude_;
};

/// Why an update that is awaited can't enter the model, or nothing. Called before the aggregator sees it. A value that
/// fixed point can't hold (fixed_point.hpp) is refused whatever the norm allows.
[[nodiscard]] std::optional<Refusal> refusal(const UpdateMetadata& asked, const UpdateMetadata& claimed,
                                             std::span<const float> update, const UpdateLimits& limits);

/// What of this the claims alone tell, whatever the values are.
[[nodiscard]] std::optional<Refusal> refusal(const UpdateMetadata& asked, const UpdateMetadata& claimed);
/// What the values alone tell.
[[nodiscard]] std::optional<Refusal> refusal(std::span<const float> update, const UpdateLimits& limits);

/// What the coordinator knows of a node whose update isn't awaited from its sender.
struct Unawaited {
    bool hosted = false;    ///< the sender hosts the node
    bool answered = false;  ///< the node has delivered or been lost in the round that is on
};

/// Why such an update can't enter.
[[nodiscard]] Refusal unawaited_refusal(const UpdateMetadata& asked, const UpdateMetadata& claimed, Unawaited node);

}  // namespace fedgram::learning
