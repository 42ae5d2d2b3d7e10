#include "common/energy/pricing/batch_service.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/unit/energy/devices/served_form_json.hpp"

using namespace fedgram;
using namespace fedgram::energy;

namespace {

Figure stated(double value) { return {value, {}, {}, EvidenceLevel::published, "a data sheet"}; }

ServingProfile chip()
{
    ServingProfile profile;
    profile.rates = {{Arithmetic::fp16, stated(100)}, {Arithmetic::int8, stated(200)}};
    profile.floor_s = stated(0.001);
    profile.memory_gb_s = stated(10);
    return profile;
}

}  // namespace

TEST_CASE("A batch takes the floor and the longer of computing and reading")
{
    // 1 GMAC at 100 GMAC/s: 10 ms a sample. 200 MB of weights at 10 GB/s: 20 ms, 30 MB of activations: 3 ms.
    const auto service = batch_service(chip(), {Arithmetic::fp16, 1'000'000'000, 200'000'000, 30'000'000});
    CHECK(service.seconds(1).count() == Approx(0.024));  // 20 + 3 ms are more than 10
    CHECK(service.seconds(2).count() == Approx(0.027));
    CHECK(service.seconds(3).count() == Approx(0.031));  // 30 ms are more than 29
    CHECK(service.seconds(8).count() == Approx(0.081));
    CHECK(service.on_device(8).count() == Approx(0.080));
}

TEST_CASE("Each kind of number has its own rate")
{
    auto profile = chip();
    profile.memory_gb_s.reset();
    CHECK(batch_service(profile, {Arithmetic::fp16, 1'000'000'000}).seconds(4).count() == Approx(0.041));
    CHECK(batch_service(profile, {Arithmetic::int8, 1'000'000'000}).seconds(4).count() == Approx(0.021));
}

TEST_CASE("Activations that fit onto the chip aren't moved")
{
    auto profile = chip();
    profile.on_chip_bytes = stated(50);
    // No multiplications; 1 GB of activations a sample takes 0.1 s, and 20 bytes at once: two fit.
    const auto service = batch_service(profile, {Arithmetic::fp16, 0, 0, 1'000'000'000, 20});
    CHECK(service.on_device(1).count() == 0);
    CHECK(service.on_device(2).count() == 0);
    CHECK(service.on_device(5).count() == Approx(0.3));
}

TEST_CASE("Weights that are kept on the chip aren't read again")
{
    auto profile = chip();
    profile.weights_on_chip_bytes = stated(150'000'000);
    const auto seconds = [&](std::uint64_t weights) {
        return batch_service(profile, {Arithmetic::fp16, 0, weights}).on_device(1).count();
    };
    CHECK(seconds(100'000'000) == 0);
    CHECK(seconds(150'000'000) == 0);
    CHECK(seconds(200'000'000) == Approx(0.005));  // 50 MB at 10 GB/s
}

TEST_CASE("Without a floor and a bandwidth b samples take b times as long as one")
{
    auto profile = chip();
    profile.floor_s = stated(0);
    profile.memory_gb_s.reset();
    const auto service = batch_service(profile, {Arithmetic::fp16, 7'000'000, 1000, 1000});
    for (const std::uint32_t batch : {2U, 3U, 128U})
        CHECK(service.seconds(batch).count() == Approx(batch * service.seconds(1).count()));
}

// By hand, of the form's figures: S(4) = 0.4 + 4 x 0.1 + 2 ms. Of the cores 2 + 0.6 + 0.4 ms of the server, and 0.2 +
// 0.4 ms of its clients.
TEST_CASE("What was measured in a server takes the roofline's place, of that model alone")
{
    auto profile = chip();
    profile.rates.push_back({Arithmetic::fp32, stated(1)});
    profile.cores = stated(2);
    profile.forms.push_back(parse_served_form(test::served_form_json(), "form"));
    const auto service = batch_service(profile, {Arithmetic::fp32, 1'000'000'000, 100, 30'000'000});
    CHECK(service.before(4).count() == Approx(0.0008));
    CHECK(service.on_device(4).count() == Approx(0.002));
    CHECK(service.seconds(4).count() == Approx(0.0028));
    CHECK(service.server_work(4).count() == Approx(0.003));
    CHECK(service.work(4).count() == Approx(0.0036));
    CHECK(service.busy(4).count() == Approx(0.0015));
    CHECK(in_open_loop(service).seconds(4).count() == Approx(0.0036));
    CHECK(in_open_loop(service).work(4).count() == service.work(4).count());
    CHECK(service.client_work(4).count() == Approx(0.0006));
    // At 500 a second both cores have 16 ms for 4.
    auto bounded = service;
    bounded.form->most_per_s = stated(500);
    CHECK(bounded.work(4).count() == Approx(0.016));
    bounded.form->most_per_s = stated(1e6);
    CHECK(bounded.work(4) == service.work(4));

    const auto other = batch_service(profile, {Arithmetic::fp32, 1'000'000'000, 101});
    CHECK_FALSE(other.form);
    CHECK(other.seconds(1).count() == Approx(1.001));
    CHECK(other.busy(1) == other.seconds(1));
    CHECK(other.work(1) == other.on_device(1));
    CHECK(in_open_loop(other).seconds(1) == other.seconds(1));
}
