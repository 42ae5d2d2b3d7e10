#include "common/energy/logs/log_time.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/energy/logs/parsed.hpp"

using namespace fedgram::power_logs;
using fedgram::power_logs::test::noon;

namespace {

double seconds(std::string_view text)
{
    const auto time = read_time(text);
    REQUIRE(time);
    return time->at.count();
}

}  // namespace

TEST_CASE("Dates are read as nvidia-smi, tegrastats, CodeCarbon and ISO 8601 write them")
{
    CHECK(seconds("2024/05/01 12:00:01.500") == noon + 1.5);
    CHECK(seconds("05-01-2024 12:00:01") == noon + 1);
    CHECK(seconds("2024-05-01T12:00:01") == noon + 1);
    CHECK(seconds("2024-05-01 12:00:01.708783111") == Approx(noon + 1.708783111));
    CHECK(read_time("2024-05-01T12:00:01")->kind == TimeKind::local);
}

TEST_CASE("A zone is taken off, and numbers are seconds since a start or since the epoch")
{
    CHECK(seconds("2024-05-01T12:00:01Z") == noon + 1);
    CHECK(seconds("2024-05-01T14:00:01+02:00") == noon + 1);
    CHECK(seconds("2024-05-01T07:30:01.0-0430") == noon + 1);
    CHECK(seconds("2024-05-01T13:00:01+01") == noon + 1);
    CHECK(read_time("2024-05-01T12:00:01Z")->kind == TimeKind::zoned);
    CHECK(seconds("1714564801.25") == noon + 1.25);
    CHECK(read_time("1714564801.25")->kind == TimeKind::since_epoch);
    CHECK(read_time("12.5")->kind == TimeKind::since_start);
}

TEST_CASE("What is no time is told from one")
{
    for (const std::string_view text :
         {"", "noon", "2024-02-30T12:00:00Z", "2024-05-01", "2024-05-01T25:00:00", "2024-05-01T12:00:00 CEST",
          "2024-05-01T12:00:00.", "2024-05-01T12:00:00+2", "13-01-2024 12:00:00", "1714564801250", "nan", "1,5"}) {
        CAPTURE(text);
        CHECK_FALSE(read_time(text));
    }
}
