#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "common/run/run_progress.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::coordinator {

/// Where a training stands, in at most `width` columns: what matters least is left out first.
/// "noniid  round 8/60  [#-----------]  3/10 nodes  1.9 rounds/s  at most 28 s left"
[[nodiscard]] std::string progress_line(const run::RunProgress& progress, std::size_t width, bool has_colour);

/// How the evaluation behind a round came out, and what the training has cost so far.
struct EvaluatedRound {
    std::string label;
    std::uint32_t round = 0;
    std::uint32_t most_rounds = 0;
    double accuracy = 0;
    double test_loss = 0;
    Joules spent;                        ///< so far, by devices and network
    std::optional<GramsCO2e> emissions;  ///< of that; nothing where a grid by the hour has ended
    std::string country;
    std::optional<double> epsilon{};  ///< that the training has spent; nothing without privacy
    std::chrono::duration<double> elapsed{};
    std::optional<double> most_seconds_left;
};

/// What has come of it, in at most `width` columns likewise.
[[nodiscard]] std::string evaluation_line(const EvaluatedRound& round, std::size_t width);

}  // namespace fedgram::coordinator
