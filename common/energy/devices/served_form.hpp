#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/devices/arithmetic.hpp"
#include "common/energy/devices/figure.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// What a network computes a batch of so many in, as measured in its server.
struct EngineTime {
    std::uint32_t batch = 1;
    Seconds time;
};

/// One form of one model, as a serving process of a machine answers it. An instance that finds requests takes
///
///     S(b) = batch_s + request_s b + engine(b)
///
/// until it can begin the next batch: waking its thread and the event loop's, taking requests and sending answers are
/// in the first two. Its clients see `round_trip_s` more. In an open loop a request takes `arrival_s` more, and one
/// that finds everything asleep `wake_s`. Whatever computes takes core-seconds of the machine, those of clients that
/// run on it included.
struct ServedForm {
    std::string name;  ///< "float32 of centralized of results/mine"
    Arithmetic arithmetic = Arithmetic::fp32;
    std::uint64_t macs = 0;          ///< of a sample; with the next, what tells it from other models
    std::uint64_t weight_bytes = 0;  ///< all its weights
    std::vector<EngineTime> engine;  ///< by size, from a batch of 1
    std::string source;              ///< of the engine's times

    // Seconds.

    Figure batch_s;       ///< of each batch, in which its instance computes nothing
    Figure request_s;     ///< the same of each request
    Figure round_trip_s;  ///< of each request, to and from a client; keeps no instance
    Figure arrival_s;     ///< more of a request of an open loop, which comes by itself and by a clock
    Figure wake_s;        ///< of a request of an open loop that finds an idle server; those behind it wait as well

    // Core-seconds beside the engine's.

    Figure server_batch_core_s;    ///< the server's, of each batch
    Figure server_request_core_s;  ///< and of each request
    Figure client_batch_core_s;    ///< the clients', where they run on the same cores
    Figure client_request_core_s;
    Figure full_batch_core_s;  ///< both, where all cores are busy, so that none has to be woken
    Figure full_request_core_s;

    /// Answers a second, the most that was measured however many instances there were: an event loop is busy before all
    /// cores are, and no figure above has that in it. Nothing in a record that was made without it.
    std::optional<Figure> most_per_s{};

    /// Between two sizes, and behind the largest, in proportion; a larger batch than that takes no less than it.
    [[nodiscard]] Seconds engine_time(std::uint32_t batch) const;
};

/// `path` is how errors name the object. Throws SpecError: unknown or missing keys, a figure below 0 s or above 1000 s,
/// a most_per_s that isn't above 0, engine times that don't ascend by size from a batch of 1.
[[nodiscard]] ServedForm parse_served_form(const nlohmann::ordered_json& json, const std::string& path);

/// Parses back to the same form.
[[nodiscard]] nlohmann::ordered_json to_json(const ServedForm& form);

}  // namespace fedgram::energy
