#pragma once

#include <cstdint>
#include <string_view>

#include "common/energy/link.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

enum class NetworkMethod { router, kwh_per_gb };

[[nodiscard]] std::string_view name(NetworkMethod method);

/// How bytes become energy of network equipment. It stands beside the device's own draw while it sends, and no PUE
/// touches it: the figures contain their overhead.
struct NetworkModel {
    NetworkMethod method = NetworkMethod::router;
    Watts router_power{7.5};   ///< Wu et al. 2022, "Sustainable AI", appendix B
    double kwh_per_gb = 0.03;  ///< fixed access and core, EU 2020 (ICT study of the European Commission)
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
