#pragma once

#include <cstdint>
#include <string_view>

#include "common/energy/devices/figure.hpp"
#include "common/energy/pricing/link.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

enum class NetworkMethod { router, kwh_per_gb };

[[nodiscard]] std::string_view name(NetworkMethod method);

/// How bytes become energy of network equipment. It stands beside the device's own draw while it sends, and no PUE
/// touches it: the figures contain their overhead.
struct NetworkModel {
    NetworkMethod method = NetworkMethod::router;
    energy::Figure router_w{7.5, 4.2, 20, energy::EvidenceLevel::published,
                            "Wu et al. 2022, \"Sustainable AI\", appendix B; band: from a Nest Wifi's 37 kWh a year to "
                            "the top of Boavizta's range for a home router"};
    energy::Figure kwh_per_gb{0.03, 0.01, 0.06, energy::EvidenceLevel::published,
                              "eu-ict-fixed-2020 (2020): fixed network, as tabulated by others; band: 0.01 of an FL "
                              "accounting code to Aslan et al. 2018"};

    /// The figure that the method in use rests on, and its key.
    [[nodiscard]] const energy::Figure& figure() const;
    [[nodiscard]] std::string_view figure_key() const;
};

/// By router power (Qiu et al. 2021, arXiv:2102.07627; Wu et al. 2022): P * (8 * down / D + 8 * up / U).
[[nodiscard]] Joules router_energy(std::uint64_t bytes_down, std::uint64_t bytes_up, const energy::Link& link,
                                   Watts router_power);

/// By the volume sent, decimal gigabytes, both ways.
[[nodiscard]] Joules volume_energy(std::uint64_t bytes, double kwh_per_gb);

/// By the given method, which need not be the model's own.
[[nodiscard]] Joules network_energy(std::uint64_t bytes_down, std::uint64_t bytes_up, const energy::Link& link,
                                    const NetworkModel& model, NetworkMethod method);

}  // namespace fedgram::carbon
