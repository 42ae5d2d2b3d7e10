#include "common/carbon/assumptions/network_energy.hpp"

namespace fedgram::carbon {

std::string_view name(NetworkMethod method) { return method == NetworkMethod::router ? "router" : "kwh_per_gb"; }

const energy::Figure& NetworkModel::figure() const { return method == NetworkMethod::router ? router_w : kwh_per_gb; }

std::string_view NetworkModel::figure_key() const
{
    return method == NetworkMethod::router ? "router_w" : "kwh_per_gb";
}

Joules router_energy(std::uint64_t bytes_down, std::uint64_t bytes_up, const energy::Link& link, Watts router_power)
{
    return router_power * (link.download_time(bytes_down) + link.upload_time(bytes_up));
}

Joules volume_energy(std::uint64_t bytes, double kwh_per_gb)
{
    return joules_per_kilowatt_hour * (static_cast<double>(bytes) / 1e9 * kwh_per_gb);
}

Joules network_energy(std::uint64_t bytes_down, std::uint64_t bytes_up, const energy::Link& link,
                      const NetworkModel& model, NetworkMethod method)
{
    return method == NetworkMethod::router ? router_energy(bytes_down, bytes_up, link, Watts{model.router_w.value})
                                           : volume_energy(bytes_down + bytes_up, model.kwh_per_gb.value);
}

}  // namespace fedgram::carbon
