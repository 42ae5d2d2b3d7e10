#include <cmath>

#include <catch2/catch.hpp>

#include "tests/unit/serving/queue_run.hpp"

using namespace fedgram::serving;
using test::ServiceKind;

TEST_CASE("Mean sojourn times of M/D/1 and M/M/1 at 0.9 and 0.95 of capacity are those of theory to 2 %")
{
    constexpr std::uint64_t requests = 10'000'000;
    for (const auto kind : {ServiceKind::deterministic, ServiceKind::exponential})
        for (const double utilization : {0.9, 0.95}) {
            const auto run = test::queue_run(kind, utilization, requests);
            const double theory = test::mean_sojourn(kind, utilization);
            test::print(test::name(kind), utilization, requests, run, theory);
            CAPTURE(test::name(kind), utilization, run.mean, run.standard_error);
            CHECK(run.mean == Approx(theory).epsilon(0.02));
            CHECK(std::abs(run.mean - theory) < 3 * run.standard_error);
            if (kind == ServiceKind::exponential)
                CHECK(run.p99 == Approx(std::log(100) / (1 - utilization)).epsilon(0.03));
        }
}
