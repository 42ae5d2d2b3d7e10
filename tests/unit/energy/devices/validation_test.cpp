#include "common/energy/devices/validation.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram::energy;
using Json = nlohmann::ordered_json;

namespace {

Json validation()
{
    const auto spread = [](double median, double worst) { return Json{{"median", median}, {"worst", worst}}; };
    return {{"rows", 12},
            {"seconds", spread(1.1, 1.5)},
            {"watts", spread(1, 1.2)},
            {"joules", spread(1.2, 1.6)},
            {"source", "a trace"}};
}

}  // namespace

TEST_CASE("A validation written and parsed is the same")
{
    CHECK(to_json(parse_validation(validation(), "device.validation")) == validation());
}

TEST_CASE("A validation without rows, or with factors that can't be, is refused")
{
    const auto refused = [](auto change, const std::string& error) {
        auto json = validation();
        change(json);
        CHECK_THROWS_WITH(parse_validation(json, "device.validation"), "device.validation." + error);
    };
    refused([](Json& json) { json["rows"] = 0; }, "rows: 0 is not valid; use at least 1");
    refused([](Json& json) { json["joules"]["median"] = 0.5; },
            "joules.median: 0.5 is not valid; use a number of at least 1");
    refused([](Json& json) { json["joules"]["worst"] = 1.1; },
            "joules.worst: 1.1 is not valid; use a number of at least 1.2");
    refused([](Json& json) { json.erase("source"); }, "source: missing; add it");
}
