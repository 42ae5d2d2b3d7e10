#include "experiments/analyzing/shared_device.hpp"

#include <catch2/catch.hpp>

#include "common/serving/simulation.hpp"

using namespace fedgram;
using namespace fedgram::experiments;
using serving::Nanoseconds;

namespace {

constexpr std::int64_t ms = 1'000'000;

// 1 ms of floor, and 2 ms of the device for each sample.
energy::BatchService service()
{
    energy::BatchService service;
    service.floor = Seconds{0.001};
    service.compute_each = Seconds{0.002};
    return service;
}

}  // namespace

TEST_CASE("Floors overlap, and computing takes turns", "[analyzing]")
{
    SharedDevice device{service()};
    CHECK(device.run(1, Nanoseconds{0}).count() == 3 * ms);
    // Its floor is over at 2 ms, but the device is free at 3 ms: it ends at 5 ms.
    CHECK(device.run(1, Nanoseconds{1 * ms}).count() == 4 * ms);
    CHECK(device.busy().count() == 5 * ms);
    // Behind a pause.
    CHECK(device.run(2, Nanoseconds{10 * ms}).count() == 5 * ms);
    CHECK(device.busy().count() == 10 * ms);
}

TEST_CASE("A second instance hides the floor, and a third one gains nothing", "[analyzing]")
{
    CHECK(shared_capacity(service(), 1, 1) == Approx(1000. / 3));
    CHECK(shared_capacity(service(), 2, 1) == Approx(500));
    CHECK(shared_capacity(service(), 3, 1) == Approx(500));
    CHECK(shared_capacity(service(), 1, 4) == Approx(4000. / 9));
}

TEST_CASE("A closed loop with enough clients reaches the shared capacity", "[analyzing]")
{
    for (const std::uint32_t instances : {1U, 2U, 4U}) {
        const auto device = std::make_shared<SharedDevice>(service());
        serving::ServingSetup setup;
        setup.batcher = {.max_batch = 4, .instances = instances};
        setup.service = service_of(device);
        setup.load = serving::ClosedLoop{64};
        setup.requests = 20'000;
        const auto result = serving::simulate(setup);
        CHECK(result.throughput() == Approx(shared_capacity(service(), instances, 4)).epsilon(0.01));
        CHECK(seconds(device->busy()).count() == Approx(seconds(result.ended).count()).epsilon(0.01));
    }
}
