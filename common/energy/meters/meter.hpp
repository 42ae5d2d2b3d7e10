#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// What a meter's joules enclose, in the words of a device profile. `wall` is a whole device.
enum class Boundary { chip, module, board, wall };

/// How the joules come about: differences of an energy counter, power samples integrated over time, or CPU time
/// priced by stated watts.
enum class Method { counter, power_integrated, estimated };

[[nodiscard]] std::string_view name(Boundary boundary);
[[nodiscard]] std::string_view name(Method method);

/// How often whoever runs meters reads them: sensors that show only power need it.
inline constexpr std::chrono::milliseconds sampling_period{100};

/// Host time. It comes in with each call, so that nothing but the sampler needs a clock.
using Instant = std::chrono::steady_clock::time_point;

enum class GapKind {
    unreadable,    ///< the sensor gave no value
    backwards,     ///< a counter without a known range went down: it was restarted
    implausible,   ///< more than the hardware can draw: refused
    unsure_wraps,  ///< read so seldom that the counter may have wrapped more than once
    stuck,         ///< a counter that didn't move
};

/// A stretch of time that the joules don't cover, or not wholly.
struct Gap {
    GapKind kind{};
    Instant from;
    Instant until;
    std::string reason;  ///< names the sensor, and what it did
};

struct Reading {
    /// Since the start. Nothing until a stretch of time has been measured: missing is never zero.
    std::optional<Joules> joules;
    /// The band of an estimate; nothing for a measurement.
    std::optional<Joules> low;
    std::optional<Joules> high;
    std::vector<Gap> gaps;
    std::vector<std::string> warnings;
    /// Of a GPU: the time since the start in which any kernel ran. What the driver shows lags by up to a second.
    std::optional<Seconds> busy;

    /// There are joules, and they cover all of the time.
    [[nodiscard]] bool complete() const { return joules && gaps.empty(); }
};

/// Measures, or estimates, the energy of something on this host. One thread at a time; no call throws for what a
/// sensor does, since a lost sensor is a gap and not the end of a training.
class Meter {
public:
    virtual ~Meter() = default;
    Meter(const Meter&) = delete;
    Meter& operator=(const Meter&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] Boundary boundary() const { return boundary_; }
    [[nodiscard]] Method method() const { return method_; }
    /// What its joules lag by at most: a counter moves, or a sensor is sampled, so often.
    [[nodiscard]] Seconds resolution() const { return resolution_; }

    /// Counts from here; what was measured before is forgotten.
    void start(Instant now);
    /// Takes a sample, while started.
    [[nodiscard]] Reading read(Instant now);
    /// Takes a last sample. May be called twice; later readings give the same.
    Reading stop(Instant now);

protected:
    Meter(std::string name, Boundary boundary, Method method, Seconds resolution)
        : name_{std::move(name)}, boundary_{boundary}, method_{method}, resolution_{resolution}
    {
    }

private:
    virtual void reset() = 0;
    virtual void sample(Instant now) = 0;
    [[nodiscard]] virtual Reading reading() const = 0;

    std::string name_;
    Boundary boundary_;
    Method method_;
    Seconds resolution_;
    bool started_ = false;
};

}  // namespace fedgram::energy
