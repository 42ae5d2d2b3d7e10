#include "common/energy/meters/phase_totals.hpp"

#include <dlfcn.h>

#include <catch2/catch.hpp>

#include "common/energy/meters/cuda_board.hpp"
#include "common/energy/meters/gpu_meter.hpp"
#include "common/energy/meters/power_meter.hpp"
#include "tests/support/places.hpp"
#include "tests/unit/energy/meters/fake_cuda.h"
#include "tests/unit/energy/meters/fake_driver.hpp"
#include "tests/unit/energy/meters/fake_sysfs.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using fedgram::energy::test::at;
using fedgram::energy::test::FakeDriver;

namespace {

const std::string nvml = fedgram::test::fake_nvml_library();
const std::string cuda = fedgram::test::fake_cuda_library();

/// The fake library held open, so that its answers can be set.
FakeCuda& fake_cuda()
{
    static void* const handle = ::dlopen(cuda.c_str(), RTLD_NOW | RTLD_LOCAL);
    REQUIRE(handle != nullptr);
    auto& answers = *static_cast<FakeCuda*>(::dlsym(handle, "fake_cuda"));
    answers = {0, 0xff};
    return answers;
}

std::vector<MeterReading> readings(std::optional<Joules> gpu, double busy, double chip)
{
    Reading of_gpu;
    of_gpu.joules = gpu;
    of_gpu.busy = Seconds{busy};
    Reading of_chip;
    of_chip.joules = Joules{chip};
    return {{"GPU 0", Boundary::board, Method::counter, Seconds{0.1}, of_gpu},
            {"RAPL package", Boundary::chip, Method::counter, Seconds{0.001}, of_chip}};
}

}  // namespace

TEST_CASE("What is read between train phases isn't in their sum, and no other meter is")
{
    PhaseTotals phases{{"GPU 0"}, {}};
    // A counter that hasn't moved yet has counted nothing; 40 J in the first phase, 60 J between, 50 J in the second.
    phases.begin(readings({}, 0, 5), at(10));
    phases.end(readings(Joules{40}, 0.5, 6), at(11));
    phases.begin(readings(Joules{100}, 0.5, 7), at(13));
    phases.end(readings(Joules{150}, 2.25, 8), at(15));
    REQUIRE(phases.totals().size() == 1);
    const auto& total = phases.totals().front();
    CHECK(total.reading.meter == "GPU 0");
    CHECK(total.reading.joules->count() == Approx(90));
    CHECK(total.reading.busy->count() == Approx(2.25));
    CHECK(total.seconds.count() == Approx(3));
    CHECK(total.resolution == Seconds{0.1});
    CHECK(total.phases == 2);
    CHECK(total.whole(2));

    SECTION("A resumed training goes on from there")
    {
        PhaseTotals resumed{{"GPU 0"}, phases.totals()};
        resumed.begin(readings(Joules{0}, 0, 0), at(0));
        resumed.end(readings(Joules{10}, 1, 0), at(1));
        CHECK(resumed.totals().front().reading.joules->count() == Approx(100));
        CHECK(resumed.totals().front().phases == 3);
    }
    SECTION("By another meter it isn't the same training's sum")
    {
        PhaseTotals resumed{{"RAPL package"}, phases.totals()};
        resumed.begin(readings(Joules{0}, 0, 0), at(0));
        resumed.end(readings(Joules{10}, 1, 4), at(1));
        REQUIRE(resumed.totals().size() == 2);
        CHECK_FALSE(resumed.totals()[0].whole(3));
        CHECK_FALSE(resumed.totals()[1].whole(3));
    }
}

TEST_CASE("A gap in a train phase is the training's; one between phases is none")
{
    const auto with_gaps = [](std::initializer_list<std::pair<int, int>> gaps) {
        auto all = readings(Joules{1}, 0, 0);
        for (const auto& [from, until] : gaps)
            all[0].reading.gaps.push_back({GapKind::unreadable, at(from), at(until), "GPU 0: away"});
        return all;
    };
    PhaseTotals phases{{"GPU 0"}, {}};
    phases.begin(with_gaps({}), at(0));
    phases.end(with_gaps({}), at(1));
    phases.begin(with_gaps({{1, 2}}), at(2));
    phases.end(with_gaps({{1, 2}}), at(3));
    CHECK(phases.totals()[0].reading.gaps.empty());
    phases.begin(with_gaps({{1, 2}}), at(4));
    phases.end(with_gaps({{1, 5}}), at(5));
    REQUIRE(phases.totals()[0].reading.gaps.size() == 1);
}

TEST_CASE("The share of time that a GPU is busy holds since the sample before")
{
    double busy = 0.5;
    GpuMeter meter{std::make_unique<PowerMeter>("GPU 0", Boundary::board, Watts{500},
                                                []() -> Attempt<Watts> { return Watts{100}; }),
                   [&] { return std::optional{busy}; }};
    meter.start(at(0));
    CHECK(meter.read(at(2)).busy->count() == Approx(1));
    busy = 1;
    const auto reading = meter.read(at(3));
    CHECK(reading.busy->count() == Approx(2));
    CHECK(reading.joules->count() == Approx(300));
    meter.start(at(5));
    CHECK_FALSE(meter.read(at(5)).busy);
}

TEST_CASE("A training on CUDA's GPU is measured by that board, whichever number the driver gives it")
{
    const FakeDriver driver;
    auto& board = fake_cuda();
    const auto meters = meters_of("cuda", nvml, cuda);
    REQUIRE(meters);
    CHECK(*meters == std::vector<std::string>{"GPU 0 Fake V100"});

    board.last_byte = 0x10;
    CHECK(meters_of("cuda", nvml, cuda).reason() ==
          "the driver lists no GPU GPU-00010203-0405-0607-0809-0a0b0c0d0e10, which CUDA trains on");
    board.init_result = 100;
    CHECK_THAT(meters_of("cuda", nvml, cuda).reason(), Catch::EndsWith("error 100"));
    CHECK_THAT(meters_of("cuda", nvml, "/nowhere/libcuda.so.1").reason(), Catch::Contains("/nowhere/libcuda.so.1"));
    CHECK_THAT(meters_of("cuda", "/nowhere/libnvidia-ml.so.1", cuda).reason(), Catch::Contains("no NVIDIA driver"));
}
