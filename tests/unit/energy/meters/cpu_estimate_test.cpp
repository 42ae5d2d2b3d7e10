#include "common/energy/meters/cpu_estimate.hpp"

#include <thread>

#include <catch2/catch.hpp>

#include "common/energy/meters/host.hpp"
#include "tests/unit/energy/meters/fake_sysfs.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using fedgram::energy::test::at;

TEST_CASE("CPU seconds times the watts of a core, with their band")
{
    double used = 100;
    CpuEstimate meter{"node 0", CorePower{Watts{4}, Watts{8}, Watts{15}}, [&] { return used; }};
    CHECK(meter.method() == Method::estimated);
    meter.start(at(0));
    used = 103;
    const auto reading = meter.read(at(60));  // the minute by the clock doesn't matter
    CHECK(reading.low->count() == Approx(12));
    CHECK(reading.joules->count() == Approx(24));
    CHECK(reading.high->count() == Approx(45));
    CHECK(reading.complete());
}

TEST_CASE("Nodes side by side are each charged for their own CPU time alone")
{
    std::vector<double> used(10, 0);
    std::vector<std::unique_ptr<Meter>> nodes;
    for (std::size_t node = 0; node < used.size(); ++node)
        nodes.push_back(std::make_unique<CpuEstimate>("node", CorePower{Watts{10}, Watts{10}, Watts{10}},
                                                      [&used, node] { return used[node]; }));
    for (const auto& node : nodes) node->start(at(0));
    used[3] = 2;
    for (std::size_t node = 0; node < used.size(); ++node)
        CHECK(nodes[node]->read(at(1)).joules->count() == Approx(node == 3 ? 20 : 0));
}

TEST_CASE("A busy neighbour isn't in a thread's CPU time")
{
    const double before = thread_cpu_seconds();
    double neighbour = 0;
    std::thread{[&] {
        while (thread_cpu_seconds() < 0.05) {
        }
        neighbour = thread_cpu_seconds();
    }}.join();
    CHECK(neighbour >= 0.05);
    CHECK(thread_cpu_seconds() - before < 0.05);
}
