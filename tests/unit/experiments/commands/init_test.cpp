#include "experiments/commands/init.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/error/error.hpp"
#include "common/spec/parse.hpp"
#include "experiments/lookup/specification.hpp"
#include "tests/support/captured_output.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using experiments::init;

namespace {

/// The keys of a specification: what a device, a country or another thing of record holds is no part of it.
void check_keys(const nlohmann::ordered_json& value, const std::string& text)
{
    if (value.is_array())
        for (const auto& item : value) check_keys(item, text);
    if (!value.is_object() || value.contains("source")) return;
    for (const auto& [key, part] : value.items()) {
        INFO(key);
        CHECK(text.find("\"" + key + "\"") != std::string::npos);
        if (key != "countries" && key != "datacenter_devices" && key != "edge_device" && key != "layers")
            check_keys(part, text);
    }
}

}  // namespace

TEST_CASE("init writes a specification that has every key, and resolves", "[experiments]")
{
    const test::TemporaryFolder folder;
    const auto file = folder / "mine.json";
    {
        const test::CapturedOutput output;
        REQUIRE(init({file}) == 0);
        CHECK(output.text() == file.string() + " is written; `fedgram run " + file.string() + "` carries it out\n");
    }
    const auto experiment = experiments::resolved_specification({.spec = file.string(), .sets = {}});
    CHECK(experiment.trainings.size() == 3);
    check_keys(spec::to_json(experiment), test::read_file(file));
}

TEST_CASE("init overwrites nothing", "[experiments]")
{
    const test::TemporaryFolder folder;
    test::write_file(folder / "mine.json", "precious");
    CHECK_THROWS_AS(init({folder / "mine.json"}), SystemError);
    CHECK(test::read_file(folder / "mine.json") == "precious");
}
