#include "common/run/older_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/energy/devices/device_profile.hpp"
#include "common/run/run_record.hpp"
#include "tests/support/places.hpp"

using namespace fedgram;
using Json = nlohmann::ordered_json;

namespace {

const std::filesystem::path folder = test::source_folder() / "tests/unit/run/fixture_v1";

Json older(const std::string& id)
{
    return {{"id", id}, {"name", "mine"}, {"figures", {{"train_w", {{"value", 300}}}}}};
}

}  // namespace

TEST_CASE("A profile of the older form gives way to the record of its id, and no other does")
{
    Json now{{"id", "mine"}, {"figures", {{"full_w", {{"value", 300}}}}}};
    std::vector<std::string> renewed;
    const auto accounting = run::with_renewed_devices(
        {{"datacenter_devices", {older("v100"), older("mine"), now}}, {"edge_device", older("jetson-tx2")}}, renewed);
    CHECK(renewed == std::vector<std::string>{"v100", "jetson-tx2"});
    CHECK(energy::parse_device_profile(accounting["datacenter_devices"][0], "device").id == "v100");
    CHECK(accounting["datacenter_devices"][1] == older("mine"));
    CHECK(accounting["datacenter_devices"][2] == now);
    CHECK(energy::parse_device_profile(accounting["edge_device"], "device").id == "jetson-tx2");
    CHECK(run::with_renewed_devices(nullptr, renewed).is_null());
}

TEST_CASE("A ledger from before kernels were counted gets them from its steps and its model")
{
    const auto record = run::read_run(folder);
    REQUIRE(record.notes.size() == 2);
    CHECK_THAT(record.notes[0],
               Catch::Matchers::StartsWith("The run's own profiles of v100, jetson-tx2 are of an older"));
    CHECK(record.notes[1] ==
          "The ledger is from before kernels were counted; they follow from its steps and its model's layers.");
    // mlp-32: fc, relu, fc; 3 forward, 2 + 1 + 3 backward. SGD with momentum, or without.
    for (const auto& training : record.trainings) {
        CAPTURE(training.outcome.label);
        for (const auto& round : training.work.node_rounds())
            for (const auto& node : round.nodes)
                CHECK((node.train.kernels == node.train.steps * (2 + 3 + 4 + 6 + 3) ||
                       node.train.kernels == node.train.steps * (2 + 3 + 4 + 6 + 1)));
        for (const auto& each : training.work.own) {
            const auto& work = training.work.works[each.work];
            if (each.phase == energy::Phase::evaluate) CHECK(work.kernels == work.steps * (2 + 3 + 2 + 2));
            if (each.phase == energy::Phase::aggregate) CHECK(work.kernels == work.steps);
        }
    }
}
