#pragma once

#include <cstdint>
#include <optional>

namespace fedgram::spec {

enum class RateScheduleKind { constant, step, cosine, linear };

/// What a learning rate is multiplied by from round to round. Only the fields of its kind count.
struct RateSchedule {
    RateScheduleKind kind = RateScheduleKind::constant;
    std::uint32_t warmup_rounds = 0;
    std::uint32_t every = 10;               ///< step: so many rounds, > 0, are at one rate
    double factor = 0.5;                    ///< step: times this for the next, in (0, 1]
    std::optional<std::uint32_t> rounds{};  ///< cosine, linear: over so many, the warm-up included; absent: max_rounds
    double final = 0;                       ///< cosine, linear: what is left in the end, in [0, 1]

    [[nodiscard]] bool is_default() const { return kind == RateScheduleKind::constant && warmup_rounds == 0; }
};

/// The factor of a round, counted from 1, of a training of at most `max_rounds`. In the warm-up it is round /
/// warmup_rounds. Behind it, with n rounds since and N in all behind it: constant 1; step factor^floor(n / every);
/// cosine final + (1 - final) (1 + cos(pi n / N)) / 2; linear 1 - (1 - final) n / N; from N on it stays at `final`.
[[nodiscard]] double schedule_factor(const RateSchedule& schedule, std::uint32_t round, std::uint32_t max_rounds);

}  // namespace fedgram::spec
