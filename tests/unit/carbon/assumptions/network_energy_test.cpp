#include "common/carbon/assumptions/network_energy.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::carbon;

namespace {

// The FedAvg paper's CNN: 1,663,370 parameters x 4 bytes, once down and once up.
constexpr std::uint64_t model_bytes = 6'653'480;
constexpr energy::Link home{20, 10};

}  // namespace

TEST_CASE("The router's energy is its power times the time of both transfers")
{
    // 53.22784 Mbit: 2.661392 s down, 5.322784 s up; x 7.5 W = 59.88132 J.
    CHECK(router_energy(model_bytes, model_bytes, home, Watts{7.5}).count() == Approx(59.88132));
}

TEST_CASE("Energy by volume counts decimal gigabytes, both ways")
{
    // 13,306,960 bytes = 0.01330696 GB x 0.01 kWh/GB x 3.6e6 J/kWh = 479.05 J.
    CHECK(volume_energy(2 * model_bytes, 0.01).count() == Approx(479.05056));
}

TEST_CASE("Either method can be asked for")
{
    const NetworkModel model;
    CHECK(network_energy(model_bytes, model_bytes, home, model, NetworkMethod::router).count() == Approx(59.88132));
    CHECK(network_energy(model_bytes, model_bytes, home, model, NetworkMethod::kwh_per_gb).count() ==
          Approx(3 * 479.05056));
}
