#include "common/serving/serving_energy.hpp"

#include <catch2/catch.hpp>

#include "common/serving/service_time.hpp"
#include "tests/unit/serving/milliseconds.hpp"

using namespace fedgram;
using namespace fedgram::serving;
using test::ms;

namespace {

// The server of a TPU v1, by die, with 290 W idle and 384 W busy of four dies: Jouppi et al. 2017, arXiv:1704.04760,
// table 2.
constexpr InstancePower tpu_v1{Watts{290.0 / 4}, Watts{384.0 / 4}};

}  // namespace

// By hand: 1 ms of each 10 is busy. 290 W x 9 s + 384 W x 1 s = 2994 J for each 1,000, four dies as one.
TEST_CASE("At 10 % load most joules go into waiting, 7.8 times those at capacity")
{
    const InstancePower server{Watts{290}, Watts{384}};
    const auto service = linear_service(ms(1), {});
    const auto result = simulate({.batcher = {}, .service = service, .load = ConstantRate{100}, .requests = 1000});
    const auto energy = serving_energy(server, result, 100);
    REQUIRE(energy);
    CHECK(energy->busy.count() == Approx(384));
    CHECK(energy->idle.count() == Approx(2610));
    CHECK(energy->per_1000().count() == Approx(2994));
    CHECK(energy->idle_share() == Approx(2610.0 / 2994));
    CHECK(energy->answers_per_second == Approx(100));

    const auto at_capacity = energy_at_capacity(server, 1, capacity(1, 1, service));
    CHECK(at_capacity.per_1000().count() == Approx(384));
    CHECK(at_capacity.idle_share() == 0);
    CHECK(energy->per_1000().count() / at_capacity.per_1000().count() == Approx(7.80).margin(0.005));
}

TEST_CASE("Each provisioned instance adds its idle power, and computes no more")
{
    const auto of = [](std::uint32_t instances) {
        const auto result = simulate({.batcher = {.instances = instances},
                                      .service = linear_service(ms(1), {}),
                                      .load = ConstantRate{100},
                                      .requests = 1000});
        return *serving_energy(tpu_v1, result, 100);
    };
    CHECK(of(3).busy == of(1).busy);
    CHECK((of(3).idle - of(1).idle).count() == Approx(1000 * 72.5 * 2 / 100));
}

// By hand: of 400 a second in pairs at 2 ms a batch half are busy: each 1,000 take 500 batches, 1 s of the 2.5 s in
// which they come.
TEST_CASE("A batch shares its joules")
{
    const auto result = simulate({.batcher = {.max_batch = 2, .queue_delay = ms(100)},
                                  .service = linear_service(ms(2), {}),
                                  .load = ConstantRate{400},
                                  .requests = 1000});
    const auto energy = serving_energy({Watts{10}, Watts{30}}, result, 400);
    CHECK(energy->busy.count() == Approx(30 * 1.0));
    CHECK(energy->idle.count() == Approx(10 * 1.5));
}

TEST_CASE("Where requests are refused, joules are of the answers that are left")
{
    // Twice the capacity without a queue: each second request is answered, and the instance never waits.
    const auto result = simulate({.batcher = {.queue_limit = 0},
                                  .service = linear_service(ms(1), {}),
                                  .load = ConstantRate{2000},
                                  .requests = 10'000});
    REQUIRE(result.answered == 5000);
    const auto energy = serving_energy({Watts{10}, Watts{30}}, result, 2000);
    CHECK(energy->answers_per_second == Approx(1000));
    CHECK(energy->busy.count() == Approx(30));
    CHECK(energy->idle.count() == Approx(0).margin(1e-9));
    CHECK_FALSE(serving_energy({Watts{10}, Watts{30}}, ServingResult{}, 2000));
}

// Arithmetic alone: busy watts of a die's share of its server over the inferences a second that were published for MLP0
// within 7 ms (Jouppi et al. 2017, tables 2 and 4); 118 W of the TPU are with its share of the host.
TEST_CASE("Millijoules of the TPU paper's MLP0 follow from its watts and rates")
{
    const auto millijoules = [](double busy_w, double per_second) {
        return energy_at_capacity({Watts{0}, Watts{busy_w}}, 1, per_second).per_1000().count();
    };
    CHECK(millijoules(455.0 / 2, 5482) == Approx(41.5).epsilon(0.01));
    CHECK(millijoules(991.0 / 8, 13'461) == Approx(9.2).epsilon(0.01));
    CHECK(millijoules(118, 225'000) == Approx(0.52).epsilon(0.01));
}
