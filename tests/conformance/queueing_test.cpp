#include <catch2/catch.hpp>

#include "tests/unit/serving/queue_run.hpp"

using namespace fedgram::serving;
using test::ServiceKind;

TEST_CASE("Mean sojourn times of M/D/1 and M/M/1 at 0.9 and 0.95 of capacity are those of theory to 2 %")
{
    constexpr std::uint64_t requests = 10'000'000;
    for (const auto kind : {ServiceKind::deterministic, ServiceKind::exponential})
        for (const double utilization : {0.9, 0.95}) test::check_queue(kind, utilization, requests);
}
