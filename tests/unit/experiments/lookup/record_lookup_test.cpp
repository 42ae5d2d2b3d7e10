#include "experiments/lookup/record_lookup.hpp"

#include <cmath>
#include <map>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/devices/memory_fit.hpp"
#include "common/error/error.hpp"
#include "common/learning/model/activation_memory.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::experiments;

TEST_CASE("The network's kWh per GB are to be had by name, with year and scope", "[experiments]")
{
    const auto mobile = network_figure("eu-ict-mobile-2020");
    CHECK(mobile.value == 0.14);
    CHECK(mobile.source == "eu-ict-mobile-2020 (2020): mobile network; EU ICT study 2020; as tabulated by others");
    CHECK(network_figure("traficom-fixed").source.starts_with("traficom-fixed: fixed or Wi-Fi"));
    CHECK_THROWS_WITH(network_figure("modem"), Catch::Matchers::StartsWith("\"modem\" is no figure of record"));
}

TEST_CASE("Places by the hour and sites are resolved from the data of record", "[experiments]")
{
    const auto accounting = read_accounting(
        {{"countries", {{{"hourly", "US-CAL-CISO"}, {"start", "2020-09-14T01:00:00Z"}}}},
         {"datacenter_sites", {"aws:eu-west-3", {{"provider", "gcp"}, {"region", "europe-west1"}, {"pue", 1.09}}}}});
    const auto& hourly = accounting.countries.front();
    CHECK(hourly.hourly->hours.values().size() == 335);
    CHECK(hourly.hourly->hours.values().front().count() == 314.07);
    CHECK(hourly.source == "eia930-ciso");
    CHECK(accounting.datacenter_sites[0].intensity.count() == 40.48);
    CHECK(accounting.datacenter_sites[1].pue == fedgram::carbon::Pue{1.09});
    CHECK_THROWS_WITH(read_accounting({{"datacenter_sites", {"gcp:europe-west9"}}}),
                      Catch::Matchers::StartsWith("accounting.datacenter_sites[0].pue: none is known"));
}

TEST_CASE("An hourly file has the basis and the source that it says itself", "[experiments]")
{
    const fedgram::test::TemporaryFolder folder;
    const auto path = [&](const std::string& name, const std::string& text) {
        fedgram::test::write_file(folder / name, text);
        return (folder / name).string();
    };
    const auto sweden = path("SE.csv",
                             "Datetime (UTC),Carbon intensity gCO₂eq/kWh (direct),Carbon intensity gCO₂eq/kWh "
                             "(Life cycle)\n2024-01-01 00:00:00,2.5,30\n2024-01-01 01:00:00,2.75,31\n");
    const auto britain = path("gb.json", R"({"data":[
        {"from":"2018-01-20T12:00Z","to":"2018-01-20T12:30Z","intensity":{"forecast":266,"actual":263}},
        {"from":"2018-01-20T12:30Z","to":"2018-01-20T13:00Z","intensity":{"forecast":257,"actual":null}}]})");
    const auto accounting =
        read_accounting({{"countries", {{{"hourly", sweden}, {"basis", "direct"}, {"start", "2024-01-01T01:00:00Z"}}}},
                         {"node_places", {{{"hourly", britain}, {"forecast", true}}}}});
    const auto& country = accounting.countries.front();
    CHECK(country.hourly->name == "SE");
    CHECK(country.intensity.count() == 2.75);
    CHECK(country.basis == "direct");
    CHECK(country.source == "SE.csv of Electricity Maps");
    const auto& place = *accounting.node_places.front();
    CHECK(place.intensity.count() == 260);  // (263 + 257) / 2
    CHECK(place.basis == "direct");
    CHECK(source_text(place) == "gb.json of the UK Carbon Intensity API, 1 h forecast");
    CHECK(hourly_record(sweden).basis == "lifecycle");
    CHECK_THROWS_WITH(
        read_accounting({{"countries", {{{"hourly", britain}}}}}),
        Catch::Matchers::StartsWith("accounting.countries[0].hourly: " + britain + ": data[1]: intensity"));
    CHECK_THROWS_WITH(read_accounting({{"countries", {{{"hourly", "no.csv"}}}}}),
                      "accounting.countries[0].hourly: hourly series no.csv is not there; give the path of a .csv or "
                      ".json file, or one of US-CAL-CISO");
}

TEST_CASE("A series of record takes no option that says how a file is read, nor another basis", "[experiments]")
{
    CHECK(hourly_record("US-CAL-CISO", {.basis = "lifecycle"}).basis == "lifecycle");
    CHECK_THROWS_WITH(hourly_record("us-cal-ciso", {.basis = "direct"}),
                      "US-CAL-CISO is lifecycle, and there is no direct one of record");
    CHECK_THROWS_WITH(hourly_record("US-CAL-CISO", {.forecast = true}),
                      "US-CAL-CISO is a series of record; leave out what says how a file is read");
}

TEST_CASE("A device file with a fault is an error that names the file and the key", "[experiments]")
{
    const fedgram::test::TemporaryFolder folder;
    const auto path = (folder / "mine.json").string();
    const auto error_of = [&](const std::string& text) -> std::string {
        fedgram::test::write_file(path, text);
        try {
            static_cast<void>(read_accounting({{"edge_device", path}}));
        } catch (const fedgram::SpecError& error) {
            return error.what();
        }
        return "no error";
    };
    auto profile = device_json("jetson-tx2");
    CHECK(error_of(profile.dump()) == "no error");
    const auto where = "accounting.edge_device: " + path;
    SECTION("negative watts")
    {
        profile["figures"]["full_w"]["value"] = -3;
        CHECK(error_of(profile.dump()) ==
              where + ": device.figures.full_w.value: -3 is not valid; use a number above 0, and at most 1000000");
    }
    SECTION("no source")
    {
        profile["figures"]["idle_w"].erase("source");
        CHECK(error_of(profile.dump()) == where + ": device.figures.idle_w.source: missing; add it");
    }
    SECTION("a number that JSON doesn't have")
    {
        CHECK_THAT(error_of("{\"id\": NaN}"), Catch::StartsWith(where + ":1:8: "));
        CHECK_THAT(error_of("{\"id\": Infinity}"), Catch::StartsWith(where + ":1:8: "));
    }
    SECTION("a number beyond what a number can be")
    {
        CHECK_THAT(error_of("{\"id\": 1e999}"),
                   Catch::StartsWith(where + ": ") && Catch::EndsWith("; write a number below 1.8e308"));
    }
}

TEST_CASE("A country that isn't known is named with the nearest, a year that isn't there with those that are",
          "[experiments]")
{
    CHECK_THROWS_WITH(read_accounting({{"countries", {"Frace"}}}),
                      "accounting.countries[0]: country \"Frace\" is unknown; did you mean France (FRA)?");
    CHECK_THROWS_WITH(grid_table().find("FRA", {.year = 1850}),
                      Catch::StartsWith("country FRA: no grid intensity") && Catch::Contains("2015 to 2025"));
}

TEST_CASE("A country is found by the names that people use", "[experiments]")
{
    const std::map<std::string, std::string> codes{{"GB", "GBR"},
                                                   {"UK", "GBR"},
                                                   {"Great Britain", "GBR"},
                                                   {"England", "GBR"},
                                                   {"US", "USA"},
                                                   {"usa", "USA"},
                                                   {"U.S.A.", "USA"},
                                                   {"United States of America", "USA"},
                                                   {"DRC", "COD"},
                                                   {"Zaire", "COD"},
                                                   {"Swaziland", "SWZ"},
                                                   {"South Korea", "KOR"},
                                                   {"North Korea", "PRK"},
                                                   {"Korea (South)", "KOR"},
                                                   {"Ivory Coast", "CIV"},
                                                   {"C\u00f4te d\u2019Ivoire", "CIV"},
                                                   {"Kosovo", "XKX"},
                                                   {"XK", "XKX"},
                                                   {"Burma", "MMR"},
                                                   {"Czech Republic", "CZE"},
                                                   {"Macedonia", "MKD"},
                                                   {"Russia", "RUS"},
                                                   {"Russian Federation", "RUS"},
                                                   {"Viet Nam", "VNM"},
                                                   {"Vietnam", "VNM"},
                                                   {"Laos", "LAO"},
                                                   {"Cabo Verde", "CPV"},
                                                   {"Cape Verde", "CPV"},
                                                   {"Turkey", "TUR"},
                                                   {"T\u00fcrkiye", "TUR"},
                                                   {"T\u00dcRK\u0130YE", "TUR"},
                                                   {"Holland", "NLD"},
                                                   {"the Netherlands", "NLD"},
                                                   {"The Gambia", "GMB"},
                                                   {"EU", "EUU"},
                                                   {"Macau", "MAC"}};
    const auto grid = grid_table();
    for (const auto& [name, code] : codes) {
        INFO(name);
        CHECK(grid.find(name).iso3 == code);
    }
    const auto accounting = read_accounting({{"countries", {"uk", "US"}}, {"node_places", {"Holland", nullptr}}});
    CHECK(accounting.countries[0].iso3 == "GBR");
    CHECK(accounting.node_places[0]->iso3 == "NLD");
}

TEST_CASE("An ambiguous or misspelled name is answered by those that are meant", "[experiments]")
{
    CHECK_THROWS_WITH(grid_table().find("Korea"),
                      "country \"Korea\" is unknown; did you mean North Korea (PRK), South Korea (KOR)?");
    CHECK_THROWS_WITH(grid_table().find("Swazland"), "country \"Swazland\" is unknown; did you mean Eswatini (SWZ)?");
    CHECK_THROWS_WITH(grid_table().find("Monaco"), Catch::StartsWith("country Monaco (MCO): no grid intensity"));
}

TEST_CASE("Every country of the grid table is among the countries, under the same name", "[experiments]")
{
    const auto names = country_names();
    const auto grid = grid_table();
    for (const auto& row : grid.rows()) {
        INFO(row.iso3);
        REQUIRE(names.find(row.iso3) != nullptr);
        CHECK(names.find(row.iso3)->name == row.name);
    }
}

TEST_CASE("Names of record are found in upper and lower case", "[experiments]")
{
    CHECK(device("V100").id == "v100");
    CHECK(region_table().find("AWS:EU-West-3").region == "eu-west-3");
    CHECK(network_figure("EU-ICT-mobile-2020").value == 0.14);
    CHECK(hourly_record("us-cal-ciso").series.name == "US-CAL-CISO");
    CHECK(hourly_record("us-cal-ciso").source == "eia930-ciso");
    CHECK_THROWS_WITH(device("v10"), Catch::StartsWith("\"v10\" is no device of record nor a path of a .json file; did "
                                                       "you mean v100? use one of a100, "));
}

TEST_CASE("Each fitted row of record comes out as it was published, in joules, time and standing", "[experiments]")
{
    using fedgram::energy::EvidenceLevel;
    using fedgram::spec::NumberType;
    // MLPerf Tiny's ResNet-8 of 12,501,632 multiply-accumulates: ms, uJ; then MMAC/s and pJ per MAC worked out by hand.
    struct Published {
        std::string id;
        double ms, ms_step, microjoules, microjoules_step, mmac_per_s, pj_per_mac;
    };
    const std::vector<Published> rows{
        {"nucleo-l4r5zi", 165.1, 0.1, 6919, 1, 75.7, 553},  {"nucleo-h7a3zi-q", 40.8, 0.1, 5090, 1, 306, 407},
        {"nucleo-u575zi-q", 111.1, 0.1, 2579, 1, 113, 206}, {"ek-ra6m4", 246.2, 0.1, 17'724, 1, 50.8, 1418},
        {"rx65n", 289.4, 0.1, 14'351, 1, 43.2, 1148},       {"ndp9120", 16.1, 0.1, 102, 1, 778, 8.15}};
    constexpr std::uint64_t macs = 12'501'632;
    for (const auto& row : rows) {
        CAPTURE(row.id);
        const auto rate = find_inference_device(row.id)->rate(NumberType::int8);
        REQUIRE(rate);
        CHECK(std::abs(rate->joules(macs).count() * 1e6 - row.microjoules) <= row.microjoules_step / 2);
        CHECK(std::abs(rate->seconds(macs).count() * 1e3 - row.ms) <= row.ms_step / 2);
        CHECK(rate->gmac_per_s.value * 1e3 == Approx(row.mmac_per_s).epsilon(0.005));
        CHECK(rate->joules_per_gmac.value * 1e3 == Approx(row.pj_per_mac).epsilon(0.005));
        CHECK(rate->active_w.value == Approx(row.microjoules / row.ms / 1e3).epsilon(0.005));
        for (const auto* figure : {&rate->gmac_per_s, &rate->active_w, &rate->joules_per_gmac}) {
            CHECK(figure->evidence == EvidenceLevel::fitted);
            CHECK(figure->source.find("mlcommons/tiny_results_v") != std::string::npos);
        }
    }
}

TEST_CASE("The same board's four set-ups span 6.9 to 20.2 mJ, and their voltage and software are named",
          "[experiments]")
{
    const auto board = *find_inference_device("NUCLEO-L4R5ZI");
    const auto rate = *board.rate(fedgram::spec::NumberType::int8);
    CHECK(*rate.joules_per_gmac.low * 12.501632 == Approx(6.919));
    CHECK(*rate.joules_per_gmac.high * 12.501632 == Approx(20.236));
    CHECK(rate.joules_per_gmac.source.find("X-CUBE-AI 9.0 at 120 MHz and 1.8 V") != std::string::npos);
    CHECK(board.flash_bytes->value == 2 * 1024 * 1024);
    CHECK(board.ram_bytes->value == 640 * 1024);
}

TEST_CASE("A Raspberry Pi answers ResNet-50 in int8 for 3.42 J, and an FPGA has no rate for our models",
          "[experiments]")
{
    const auto pi = find_inference_device("raspberry-pi-4")->rate(fedgram::spec::NumberType::int8);
    CHECK(pi->joules(4'089'184'256).count() == Approx(3.42));
    CHECK(pi->active_w.value == Approx(5.8).epsilon(0.005));
    CHECK(pi->gmac_per_s.value == Approx(6.9).epsilon(0.005));
    const auto pynq = find_inference_device("pynq-z2");
    CHECK_FALSE(pynq->rate(fedgram::spec::NumberType::int8));
    CHECK_FALSE(pynq->rate(fedgram::spec::NumberType::fp32));
}

TEST_CASE("Each device for inference is a record of its id, and no training is priced on one that is that alone",
          "[experiments]")
{
    std::vector<std::string> refused;
    for (const auto& id : inference_device_ids()) {
        CAPTURE(id);
        const auto profile = *find_inference_device(id);
        CHECK(profile.id == id);
        CHECK(profile.inference_only == !has_device_profile(id));
        if (!profile.inference_only) continue;
        refused.push_back(id);
        for (const auto* key : {"edge_device", "datacenter_devices"}) {
            const bool is_list = std::string{key} == "datacenter_devices";
            const auto path = std::string{"accounting."} + key + (is_list ? "[0]" : "");
            CHECK_THROWS_WITH(
                read_accounting({{key, is_list ? nlohmann::ordered_json::array({id}) : nlohmann::ordered_json(id)}}),
                Catch::Matchers::StartsWith(path + ": " + id +
                                            " is for inference only: no training is priced on it; use one of a100, "));
        }
    }
    CHECK(refused == std::vector<std::string>{"ek-ra6m4", "ndp9120", "nucleo-u575zi-q", "pynq-z2", "rx65n"});
}

TEST_CASE("A file of a user's is told by what it holds", "[experiments]")
{
    const fedgram::test::TemporaryFolder folder;
    const auto path = (folder / "mine.json").string();
    fedgram::test::write_file(folder / "mine.json", find_inference_json("rx65n")->dump());
    CHECK(find_inference_device(path)->id == "rx65n");
    CHECK_FALSE(has_device_profile(path));
    CHECK_THROWS_WITH(device(path), Catch::Matchers::StartsWith(path + ": device: a profile for inference"));
    fedgram::test::write_file(folder / "mine.json", device_json("v100").dump());
    CHECK_FALSE(find_inference_device(path));
    CHECK(has_device_profile(path));
    CHECK_FALSE(find_inference_device("v100"));
}

TEST_CASE("Whether a model fits a board follows from its bytes and the plan of its activations", "[experiments]")
{
    using namespace fedgram;
    // mcmahan-cnn: 1,663,370 parameters; its first pooling holds 31,360 numbers.
    const auto model = learning::build_model({.name = "mcmahan-cnn", .layers = {}, .torchscript = {}}, {});
    const auto need = [&](spec::NumberType type) {
        const auto peak = learning::plan_activations(model, type, learning::Fusion::none).peak();
        return energy::MemoryNeed{model.parameters.size * spec::bytes_of(type), peak.bytes, peak.name};
    };
    const auto board = *find_inference_device("nucleo-l4r5zi");
    CHECK(energy::memory_fit(board, need(spec::NumberType::int8)).fits());
    CHECK(energy::misfit_text(board, need(spec::NumberType::fp32)) ==
          "nucleo-l4r5zi: a model of 6653480 bytes is 4556328 too large for the flash of 2097152");
    // 1 MiB holds both: 1,663,370 + 31,360 - 1,048,576 are too many.
    CHECK(energy::misfit_text(*find_inference_device("ndp9120"), need(spec::NumberType::int8)) ==
          "ndp9120: pool1 holds 31360 bytes of activations beside 1663370 of the model, 646154 more than the RAM of "
          "1048576");
}
