#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/energy/devices/figure.hpp"
#include "common/energy/devices/served_form.hpp"
#include "common/energy/devices/serving_profile.hpp"

namespace fedgram::experiments {

/// A machine with what was measured of its server.
struct MeasuredMachine {
    std::string id;
    std::string name;
    std::string what;  ///< "AMD EPYC, avx512, 2 cores"
    double cores = 1;
    std::optional<energy::Figure> core_w{};   ///< of a busy core, as its user states it
    std::vector<energy::ServedForm> forms{};  ///< at least one, each of another model or in other numbers
};

/// The record of the machine. Models that were not measured go by rates and a floor: for each kind of number the
/// multiply-accumulates a second of the largest batch, of the first of its forms and with the others as the band, and
/// the first form's batch_s. Busy watts are those of all cores; what the machine draws idle isn't known.
[[nodiscard]] energy::ServingProfile serving_record(const MeasuredMachine& machine);

}  // namespace fedgram::experiments
