#include "common/energy/meters/slurm_energy.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <thread>

using namespace fedgram;
using namespace fedgram::energy;

namespace {

Variables variables(std::map<std::string, std::string> values)
{
    return [values = std::move(values)](const char* name) -> const char* {
        const auto found = values.find(name);
        return found == values.end() ? nullptr : found->second.c_str();
    };
}

const std::map<std::string, std::string> in_a_task{{"SLURM_JOB_ID", "12"}, {"SLURMD_NODENAME", "node1"}};

}  // namespace

TEST_CASE("A process knows its step of a Slurm job")
{
    CHECK(slurm_step(variables(in_a_task)) == "12.batch");
    auto step = in_a_task;
    step["SLURM_STEP_ID"] = "3";
    CHECK(slurm_step(variables(step)) == "12.3");
    step["SLURM_STEP_ID"] = "4294967291";  // Slurm's number for the batch script
    CHECK(slurm_step(variables(step)) == "12.batch");
    // `salloc` runs its command beside the nodes.
    CHECK_FALSE(slurm_step(variables({{"SLURM_JOB_ID", "12"}})));
    CHECK_FALSE(slurm_step(variables({{"SLURM_JOB_ID", "1; reboot"}, {"SLURMD_NODENAME", "node1"}})));
}

TEST_CASE("Slurm's 0 J are missing, and so is a plugin that isn't there")
{
    CHECK_FALSE(parse_consumed_energy("0\n"));
    CHECK_FALSE(parse_consumed_energy(""));
    CHECK_FALSE(parse_consumed_energy("1.2K\n"));
    REQUIRE(parse_consumed_energy("1234\n"));
    CHECK(*parse_consumed_energy("1234\n") == 1234);
    CHECK(*parse_consumed_energy("1234|\n") == 1234);

    CHECK_FALSE(parse_energy_plugin("AcctGatherEnergyType    = acct_gather_energy/none\n"));
    CHECK_FALSE(parse_energy_plugin("AcctGatherEnergyType    = (null)\n"));
    CHECK_FALSE(parse_energy_plugin("ClusterName = x\n"));
    CHECK(parse_energy_plugin("ClusterName = x\nAcctGatherEnergyType    = acct_gather_energy/ipmi\n") == "ipmi");
}

TEST_CASE("What a plugin's joules enclose is known, or there is no meter")
{
    CHECK(boundary_of_energy_plugin("rapl") == Boundary::chip);
    CHECK(boundary_of_energy_plugin("ipmi") == Boundary::wall);
    CHECK(boundary_of_energy_plugin("xcc") == Boundary::wall);
    CHECK(boundary_of_energy_plugin("pm_counters") == Boundary::board);
    const auto unknown = open_slurm_energy(variables(in_a_task), [](const std::string&) -> Attempt<std::string> {
        return std::string{"AcctGatherEnergyType = acct_gather_energy/new\n"};
    });
    CHECK(unknown.meters.empty());
    REQUIRE(unknown.unavailable.size() == 1);
    CHECK(unknown.unavailable[0].reason == "nobody knows what the energy plugin new encloses");
}

TEST_CASE("Outside of a job Slurm isn't asked")
{
    bool asked = false;
    const auto found = open_slurm_energy(variables({}), [&](const std::string&) -> Attempt<std::string> {
        asked = true;
        return std::string{};
    });
    CHECK_FALSE(asked);
    CHECK(found.meters.empty());
    CHECK(found.unavailable.empty());
}

TEST_CASE("What the plugin has counted since the start are the meter's joules")
{
    std::atomic<int> counted{5000};
    std::atomic<int> asked{0};
    const auto found = open_slurm_energy(
        variables(in_a_task),
        [&](const std::string& command) -> Attempt<std::string> {
            if (command == "scontrol show config")
                return std::string{"AcctGatherEnergyType = acct_gather_energy/rapl\n"};
            if (command != "sstat --noheader --parsable2 --format=ConsumedEnergyRaw --jobs=12.batch")
                return Attempt<std::string>::missing("not what was expected: " + command);
            const int joules = counted;
            ++asked;
            return std::to_string(joules) + "\n";
        },
        std::chrono::milliseconds{1});
    REQUIRE(found.meters.size() == 1);
    auto& meter = *found.meters.front();
    CHECK(meter.name() == "Slurm rapl");
    CHECK(meter.boundary() == Boundary::chip);
    CHECK(meter.method() == Method::counter);
    CHECK(meter.resolution().count() == 30);
    meter.start(Instant{});
    // It hasn't moved: missing, and not 0 J.
    CHECK_FALSE(meter.read(Instant{} + std::chrono::seconds{20}).joules);
    counted = 6000;
    const int before = asked;
    while (asked < before + 3) std::this_thread::yield();
    const auto reading = meter.stop(Instant{} + std::chrono::seconds{40});
    REQUIRE(reading.joules);
    CHECK(reading.joules->count() == 1000);
    CHECK(reading.complete());
}
