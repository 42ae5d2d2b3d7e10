#include "experiments/analyzing/shared_device.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/serving/simulation.hpp"
#include "tests/unit/energy/devices/served_form_json.hpp"

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

// On two cores; a batch of 1 takes 0.4 + 0.1 + 1 = 1.5 ms, and 2 ms of both cores together.
energy::BatchService of_two_cores()
{
    energy::BatchService service;
    service.form = energy::parse_served_form(energy::test::served_form_json(), "form");
    service.cores = 2;
    return service;
}

constexpr std::int64_t us = 1000;

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

TEST_CASE("Of two cores one instance never waits, and three wait for the work of all", "[analyzing]")
{
    SharedDevice device{of_two_cores()};
    // 2 ms of work are done by two cores after 1 ms: the batch's own 1.5 ms are longer.
    CHECK(device.run(1, Nanoseconds{}).count() == 1500 * us);
    CHECK(device.run(1, Nanoseconds{1500 * us}).count() == 1500 * us);
    // A second one at once: the cores are done with both at 1.5 + 2 ms.
    CHECK(device.run(1, Nanoseconds{1500 * us}).count() == 2000 * us);
    CHECK(device.run(1, Nanoseconds{1500 * us}).count() == 3000 * us);
    // The server's 1.7 ms of a batch keep both cores busy for 0.85 ms.
    CHECK(device.busy().count() == 4 * 850 * us);
    CHECK(shared_capacity(of_two_cores(), 1, 1) == Approx(1000 / 1.5));
    CHECK(shared_capacity(of_two_cores(), 2, 1) == Approx(1000));
    CHECK(shared_capacity(of_two_cores(), 3, 1) == Approx(1000));
    CHECK(share_at_capacity(of_two_cores(), 2, 1) == Approx(0.85));
    CHECK(share_at_capacity(service(), 2, 1) == 1);
    // Of cores that none has to wake a batch takes 1.2 ms, so that 1,667 a second claim 1.7 + 0.3 ms each of 1.2 ms.
    auto awake = of_two_cores();
    awake.form->full_batch_core_s.value = 0.0002;
    awake.form->full_request_core_s.value = 0;
    CHECK(shared_capacity(awake, 3, 1) == Approx(2000 / 1.2));
    CHECK(share_at_capacity(awake, 3, 1) == Approx(0.85));
}

TEST_CASE("A batch that finds the device asleep wakes it", "[analyzing]")
{
    SharedDevice device{of_two_cores(), Seconds{0.0003}};
    CHECK(device.run(1, Nanoseconds{10 * ms}).count() == 1800 * us);
    CHECK(device.run(1, Nanoseconds{11'800 * us}).count() == 1500 * us);  // begins as that one ends
    CHECK(device.run(1, Nanoseconds{20 * ms}).count() == 1800 * us);
}
