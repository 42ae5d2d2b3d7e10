#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "common/energy/meters/attempt.hpp"
#include "common/energy/meters/gap_log.hpp"
#include "common/energy/meters/meter.hpp"

namespace fedgram::energy {

/// What is known of an energy counter.
struct CounterRules {
    Joules unit{1e-6};                   ///< of one count
    std::optional<std::uint64_t> range;  ///< the highest count, after which it starts again; unknown: it never does
    Watts most{1000};                    ///< no hardware behind it draws more
    std::chrono::duration<double> update_period{0.001};  ///< it moves this often, and so may lag by as much
    std::chrono::duration<double> stuck_after{5};        ///< whatever runs draws something in so long
};

/// Joules out of the samples of an energy counter. Only differences count, so sampling faster than the counter moves
/// loses nothing.
class CounterTotal {
public:
    CounterTotal(std::string name, CounterRules rules) : name_{std::move(name)}, rules_{rules} {}

    /// Gives the joules that this sample added. A sample is left out unless `now` is later than at the one before.
    Joules sample(const Attempt<std::uint64_t>& count, Instant now);

    [[nodiscard]] const std::string& name() const { return name_; }
    /// Nothing before the counter has moved: one that stands still can't be told from one that is dead.
    [[nodiscard]] std::optional<Joules> joules() const;
    [[nodiscard]] const std::vector<Gap>& gaps() const { return gaps_.gaps(); }

private:
    [[nodiscard]] std::optional<std::uint64_t> step(std::uint64_t count) const;
    void watch_movement(bool moved, Instant now);

    std::string name_;
    CounterRules rules_;
    GapLog gaps_;
    Joules total_;
    bool ever_moved_ = false;
    std::optional<Instant> at_;          ///< of the newest sample, with or without a value
    std::optional<std::uint64_t> last_;  ///< its value
    Instant moved_at_;
};

}  // namespace fedgram::energy
