#include "common/energy/meters/measured_training.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::energy;

namespace {

// 12 phases of 0.5 s on a counter that moves each tenth of a second.
MeasuredTraining measured()
{
    return {{"coordinator", "GPU 0 Fake V100", "board", "counter", Joules{300}, {}, {}, {}, {}, Seconds{3}},
            12,
            Seconds{6},
            Seconds{0.1}};
}

}  // namespace

TEST_CASE("A measured training reads back as it was written")
{
    const auto json = to_json(measured());
    CHECK(to_json(parse_measured_training(json, "m")) == json);
    CHECK(json.at("reading").at("busy_seconds") == 3);
    auto bad = json;
    bad["reading"]["busy_seconds"] = -1;
    CHECK_THROWS_WITH(parse_measured_training(bad, "m"), Catch::Contains("m.reading.busy_seconds"));
    bad = json;
    bad["phases"] = 0.5;
    CHECK_THROWS_WITH(parse_measured_training(bad, "m"), Catch::Contains("m.phases"));
}

TEST_CASE("Phases shorter than ten times what their meter lags by are said to be too short, and by how much")
{
    auto training = measured();
    CHECK(training.watts().count() == Approx(50));
    CHECK(training.lag() == Approx(0.2));  // 12 x 0.1 s of 6 s
    CHECK_THAT(too_short(training), Catch::StartsWith("a train phase takes 0.500 s, and GPU 0 Fake V100 shows its "
                                                      "energy every 0.100 s: up to 20.0 % of the joules"));
    training.seconds = Seconds{12};
    CHECK(too_short(training).empty());
    training.seconds = Seconds{0.6};
    CHECK(training.lag() == 1);
}

TEST_CASE("A training is measured whole when each of its phases was, without a gap")
{
    auto training = measured();
    CHECK(training.whole(12));
    CHECK_FALSE(training.whole(13));
    training.reading.gaps.push_back({Seconds{0.1}, "unreadable"});
    CHECK_FALSE(training.whole(12));
    training = measured();
    training.reading.joules.reset();
    CHECK_FALSE(training.whole(12));
}
