#include "experiments/record_lookup.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/carbon/accounting.hpp"

using namespace fedgram::experiments;

TEST_CASE("The network's kWh per GB are to be had by name, with year and scope", "[experiments]")
{
    const auto mobile = network_figure("eu-ict-mobile-2020");
    CHECK(mobile["value"] == 0.14);
    CHECK(mobile["source"] == "eu-ict-mobile-2020 (2020): mobile network; EU ICT study 2020; as tabulated by others");
    CHECK(network_figure("traficom-fixed")["source"].get<std::string>().starts_with("traficom-fixed: fixed or Wi-Fi"));
    CHECK_THROWS_WITH(network_figure("modem"), Catch::Matchers::StartsWith("\"modem\" is no figure of record"));
}

TEST_CASE("Places by the hour and sites are resolved from the data of record", "[experiments]")
{
    using nlohmann::ordered_json;
    const auto resolved = resolved_accounting(
        {{"countries", {{{"hourly", "US-CAL-CISO"}, {"start", "2020-09-14T01:00:00Z"}}}},
         {"datacenter_sites", {"aws:eu-west-3", {{"provider", "gcp"}, {"region", "europe-west1"}, {"pue", 1.09}}}}});
    const auto& hourly = resolved["countries"][0];
    CHECK(hourly["gco2e_per_kwh"].size() == 335);
    CHECK(hourly["gco2e_per_kwh"][0] == 314.07);
    CHECK(hourly["source"] == "eia930-ciso");
    CHECK(resolved["datacenter_sites"][0]["gco2e_per_kwh"] == 40.48);
    CHECK(resolved["datacenter_sites"][1]["pue"] == 1.09);
    CHECK_THROWS_WITH(resolved_accounting({{"datacenter_sites", {"gcp:europe-west9"}}}),
                      Catch::Matchers::StartsWith("accounting.datacenter_sites[0].pue: none is known"));
}
