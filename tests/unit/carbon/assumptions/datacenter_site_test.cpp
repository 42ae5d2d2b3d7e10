#include "common/carbon/assumptions/datacenter_site.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using Json = nlohmann::ordered_json;

namespace {

const RegionTable& regions()
{
    static const auto table = RegionTable::parse_csv(
        "provider,region,location,iso3,year,gco2e_per_kwh,basis,source,pue,pue_source\n"
        "gcp,bare,Paris,FRA,2024,40,lifecycle,ember-2026,,\n"
        "gcp,both,Ghent,BEL,2020,212,lifecycle,gcp-rci-lifecycle,,\n"
        "gcp,both,Ghent,BEL,2024,103,direct,gcp-rci,1.09,provider-pue\n",
        "regions.csv");
    return table;
}

RegionIntensity site(const Json& stated)
{
    const auto lookup = [](const std::string& id, const std::optional<std::string>& basis) {
        return regions().find(id, {.basis = basis});
    };
    return parse_datacenter_site(stated, "sites[0]", lookup);
}

}  // namespace

TEST_CASE("A site of record has the grid and the PUE of its region")
{
    const auto found = site("gcp:both");
    CHECK(found.intensity == GramsPerKilowattHour{212});
    CHECK(found.pue == Pue{1.09});
    CHECK(grid_of(found).name == "gcp:both (Ghent)");
    CHECK(grid_of(found).iso3 == "BEL");
    CHECK(to_json(parse_datacenter_site(to_json(found), "sites[0]", {})) == to_json(found));
}

TEST_CASE("What an object states beats the record")
{
    const auto found = site({{"provider", "gcp"}, {"region", "both"}, {"basis", "direct"}, {"pue", 1.2}});
    CHECK(found.intensity == GramsPerKilowattHour{103});
    CHECK(found.pue == Pue{1.2});
    CHECK(found.pue_source == "stated in the specification");
}

TEST_CASE("A site without a PUE asks for an object with one")
{
    CHECK_THROWS_WITH(site("gcp:bare"),
                      "sites[0].pue: none is known of gcp:bare; give an object with it: "
                      "{\"provider\":\"gcp\",\"region\":\"bare\",\"pue\":1.2}");
    CHECK(site({{"provider", "gcp"}, {"region", "bare"}, {"pue", 1.2}}).pue == Pue{1.2});
}

TEST_CASE("What is wrong with a site is named by path")
{
    CHECK_THROWS_WITH(site("gcp:bear"), Catch::Matchers::StartsWith("sites[0]: region \"gcp:bear\" is unknown"));
    CHECK_THROWS_WITH(site(7), Catch::Matchers::StartsWith("sites[0]: 7 is not valid; use a text such as"));
    CHECK_THROWS_WITH(site({{"region", "bare"}}), "sites[0].provider: missing; add it");
    CHECK_THROWS_WITH(site({{"provider", "gcp"}, {"region", "bare"}, {"pue", 0.9}}),
                      "sites[0].pue: 0.9 is not valid; use a number from 1 to 10");
    CHECK_THROWS_WITH(site({{"provider", "gcp"}, {"region", "bare"}, {"pue", 2}, {"price", 1}}),
                      Catch::Matchers::StartsWith("sites[0].price: unknown key; use provider, region,"));
}
