#include "experiments/record_lookup.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace fedgram::experiments;

TEST_CASE("The network's kWh per GB are to be had by name, with year and scope", "[experiments]")
{
    const auto mobile = network_figure("eu-ict-mobile-2020");
    CHECK(mobile["value"] == 0.14);
    CHECK(mobile["source"] == "eu-ict-mobile-2020 (2020): mobile network; EU ICT study 2020; as tabulated by others");
    CHECK(network_figure("traficom-fixed")["source"].get<std::string>().starts_with("traficom-fixed: fixed or Wi-Fi"));
    CHECK_THROWS_WITH(network_figure("modem"), Catch::Matchers::StartsWith("\"modem\" is no figure of record"));
}
