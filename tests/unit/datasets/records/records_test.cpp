#include "datasets/records/records.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tests/support/places.hpp"

using namespace fedgram::datasets;
using nlohmann::json;
using Row = std::vector<std::string>;

namespace {

/// Records hold no quotes and no commas inside a field, so that splitting is all the parsing that they need.
std::vector<Row> rows_of(const std::string& record_name)
{
    std::istringstream text{std::string{record(record_name)}};
    std::vector<Row> rows;
    for (std::string line; std::getline(text, line);) {
        Row row;
        std::istringstream fields{line};
        for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
        rows.push_back(row);
    }
    return rows;
}

json json_of(const std::string& record_name) { return json::parse(record(record_name)); }

double figure_of(const std::string& device, const std::string& key)
{
    return json_of("devices/" + device + ".json").at("figures").at(key).at("value");
}

}  // namespace

TEST_CASE("Records are found by name and listed by prefix", "[datasets]")
{
    CHECK(record_names("published/") == std::vector<std::string>{"published/table4.json"});
    const auto devices = record_names("devices/");
    CHECK(devices.size() == 24);
    CHECK(devices.front() == "devices/a100.json");
    CHECK(devices.back() == "devices/v100.json");
    const auto all = record_names();
    CHECK(std::is_sorted(all.begin(), all.end()));
    CHECK(all.size() == 60);
    CHECK(record_names("nothing/").empty());
    CHECK_THROWS_AS(record("devices/abacus.json"), std::out_of_range);
}

TEST_CASE("An embedded record is its file byte for byte", "[datasets]")
{
    for (const auto& name : record_names()) {
        CAPTURE(name);
        std::ifstream file{fedgram::test::source_folder() / "datasets/records" / name, std::ios::binary};
        const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
        CHECK(!bytes.empty());
        CHECK((record(name) == bytes));
    }
}

TEST_CASE("Each grid intensity is one number for one country, year and source", "[datasets]")
{
    const auto rows = rows_of("grid_intensity.csv");
    REQUIRE(rows.front() == Row{"iso3", "name", "year", "gco2e_per_kwh", "basis", "source"});
    const auto sources = json_of("grid_sources.json");
    std::map<Row, std::string> intensities;
    for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
        REQUIRE(row->size() == 6);
        const auto& iso3 = row->at(0);
        const auto& year = row->at(2);
        const auto& intensity = row->at(3);
        const auto& basis = row->at(4);
        const auto& source = row->at(5);
        CAPTURE(iso3, year, source);
        CHECK(iso3.size() == 3);
        CHECK(std::stoi(year) >= 2015);
        CHECK(std::stod(intensity) >= 0);
        CHECK(std::stod(intensity) < 2000);
        CHECK((basis == "lifecycle" || basis == "direct"));
        CHECK(sources.contains(source));
        CHECK(intensities.emplace(Row{iso3, year, source}, intensity).second);
    }
    // Ember's lifecycle averages of 2024, the defaults of the table.
    CHECK(intensities.at({"USA", "2024", "ember-2026"}) == "383.78");
    CHECK(intensities.at({"CHN", "2024", "ember-2026"}) == "555.4");
    CHECK(intensities.at({"FRA", "2024", "ember-2026"}) == "40.48");
}

TEST_CASE("Each region's intensity is one number for one region, year and source", "[datasets]")
{
    auto rows = rows_of("grid_regions.csv");
    REQUIRE(rows.front() == Row{"provider", "region", "location", "iso3", "year", "gco2e_per_kwh", "basis", "source",
                                "pue", "pue_source"});
    CHECK(rows.size() == 1 + 509);
    const auto sources = json_of("grid_sources.json");
    std::map<Row, std::string> intensities;
    for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
        // A line that ends in a comma has an empty last field, which reading by std::getline leaves out.
        row->resize(rows.front().size());
        const auto& source = row->at(7);
        CAPTURE(row->at(0), row->at(1), row->at(4), source);
        CHECK(row->at(3).size() == 3);
        CHECK(std::stoi(row->at(4)) >= 2016);
        CHECK(std::stod(row->at(5)) > 0);
        CHECK(std::stod(row->at(5)) < 2000);
        CHECK((row->at(6) == "lifecycle" || row->at(6) == "direct"));
        CHECK(sources.contains(source));
        CHECK(row->at(8).empty() == row->at(9).empty());
        CHECK((row->at(9).empty() || sources.contains(row->at(9))));
        CHECK((row->at(8).empty() || std::stod(row->at(8)) >= 1));
        CHECK(intensities.emplace(Row{row->at(0), row->at(1), row->at(4), source}, row->at(5)).second);
    }
    CHECK(intensities.at({"gcp", "europe-west1", "2020", "gcp-rci-lifecycle"}) == "212");
    CHECK(intensities.at({"gcp", "europe-west1", "2024", "gcp-rci"}) == "103.37");
    CHECK(intensities.at({"aws", "us-east-1", "2022", "epa-egrid"}) == "284.02");
}

TEST_CASE("The hourly series of record holds two weeks", "[datasets]")
{
    CHECK(record_names("grid_hourly_") == std::vector<std::string>{"grid_hourly_US-CAL-CISO.csv"});
    const auto rows = rows_of("grid_hourly_US-CAL-CISO.csv");
    REQUIRE(rows.size() == 1 + 14 * 24);
    CHECK(rows.front() == Row{"utc_start", "gco2e_per_kwh"});
    CHECK(rows.at(1).at(0) == "2020-09-14T00:00:00Z");
    CHECK(rows.back().at(0) == "2020-09-27T23:00:00Z");
}

TEST_CASE("Each source of a grid intensity carries its licence and attribution", "[datasets]")
{
    const auto sources = json_of("grid_sources.json");
    for (const auto& [id, source] : sources.items()) {
        CAPTURE(id);
        CHECK(!source.at("licence").get<std::string>().empty());
        CHECK(!source.at("attribution").get<std::string>().empty());
    }
}

TEST_CASE("Each device has the twelve figures of a profile, each with its standing and source", "[datasets]")
{
    const std::set<std::string> evidence_levels{"measured", "fitted", "published", "derived", "assumed", "recalled"};
    const std::set<std::string> required{"idle_w",         "active_idle_w",    "small_kernels_w", "full_w",
                                         "network_w",      "sustained_gflops", "memory_gb_s",     "kernel_s",
                                         "eager_launch_s", "graph_launch_s",   "step_overhead_s", "loading_s"};
    const std::set<std::string> optional{"power_limit_w", "embodied_kgco2e", "lifetime_years", "price_usd",
                                         "rental_usd_per_hour"};
    for (const auto& name : record_names("devices/")) {
        CAPTURE(name);
        const auto device = json_of(name);
        CHECK(name == "devices/" + device.at("id").get<std::string>() + ".json");
        CHECK((device.at("class") == "datacenter" || device.at("class") == "edge"));
        const auto& figures = device.at("figures");
        for (const auto& key : required) CHECK(figures.contains(key));
        for (const auto& [key, figure] : figures.items()) {
            CAPTURE(key);
            CHECK(required.count(key) + optional.count(key) == 1);
            const double value = figure.at("value");
            CHECK(value >= 0);
            CHECK(figure.value("low", value) <= value);
            CHECK(figure.value("high", value) >= value);
            CHECK(evidence_levels.count(figure.at("standing")) == 1);
            CHECK(!figure.at("source").get<std::string>().empty());
        }
        // What is only recalled of the paper is never mistaken for a profile of the device.
        CHECK((figures.at("full_w").at("standing") == "recalled") == name.starts_with("devices/qiu-"));
    }
}

TEST_CASE("A Jetson's sustained rate follows from its measured epoch", "[datasets]")
{
    // 25,000 images x 3.34 GFLOP in 271.4 s, in 382.2 s and in 173.6 s.
    CHECK(figure_of("jetson-tx2", "sustained_gflops") == Approx(25'000 * 3.34 / 271.4).epsilon(0.005));
    CHECK(figure_of("jetson-tx2-7w5", "sustained_gflops") == Approx(25'000 * 3.34 / 382.2).epsilon(0.005));
    CHECK(figure_of("jetson-xavier-nx", "sustained_gflops") == Approx(25'000 * 3.34 / 173.6).epsilon(0.005));
}

TEST_CASE("A GPU without a published training rate has the V100's share of its FP32 peak", "[datasets]")
{
    // NVIDIA's ResNet-50 on a V100: 9,300 of 15,700 GFLOP/s are 59 %.
    CHECK(figure_of("a100", "sustained_gflops") == Approx(0.59 * 19'490).epsilon(0.005));
    CHECK(figure_of("h100", "sustained_gflops") == Approx(0.59 * 66'900).epsilon(0.005));
    CHECK(figure_of("h200", "sustained_gflops") == Approx(0.59 * 66'910).epsilon(0.005));
}

TEST_CASE("What a device's making cost is there for all but the boards that no study covers", "[datasets]")
{
    CHECK(figure_of("h100", "embodied_kgco2e") == Approx(1312.0 / 8));
    CHECK(figure_of("server-cpu", "embodied_kgco2e") == Approx(8640 * 0.152).epsilon(0.001));
    for (const auto& name : record_names("devices/")) {
        CAPTURE(name);
        const bool uncovered = name.find("jetson") != std::string::npos || name.find("pi-") != std::string::npos ||
                               name.ends_with("tx2.json") || name.find("nucleo") != std::string::npos;
        const auto figures = json_of(name).at("figures");
        CHECK(figures.contains("embodied_kgco2e") == !uncovered);
        CHECK(figures.contains("lifetime_years") == !uncovered);
    }
}

TEST_CASE("The figures under the published reference result stay as they were", "[datasets]")
{
    CHECK(figure_of("v100", "active_idle_w") == 36);
    CHECK(figure_of("v100", "full_w") == 225);
    CHECK(figure_of("v100", "sustained_gflops") == 9'200);
    CHECK(figure_of("v100", "eager_launch_s") == 12.2e-6);
    CHECK(figure_of("k80", "full_w") == 240);
    CHECK(figure_of("k80", "sustained_gflops") == 4'113);
    CHECK(figure_of("jetson-tx2", "full_w") == 9);
    CHECK(figure_of("jetson-tx2", "sustained_gflops") == 308);
}

TEST_CASE("The lists of PUE and of network energy are whole", "[datasets]")
{
    const std::map<std::string, Row> headers{{"pue.csv", {"id", "year", "pue", "source"}},
                                             {"network.csv", {"id", "year", "kwh_per_gb", "scope", "source"}}};
    for (const auto& [name, header] : headers) {
        CAPTURE(name);
        const auto rows = rows_of(name);
        REQUIRE(rows.front() == header);
        std::set<std::string> ids;
        for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
            CAPTURE(row->front());
            REQUIRE(row->size() == header.size());
            CHECK(ids.insert(row->front()).second);
            CHECK((row->at(1).empty() || std::stoi(row->at(1)) > 2000));
            CHECK(std::stod(row->at(2)) > 0);
            if (name == "pue.csv") CHECK(std::stod(row->at(2)) >= 1);
        }
    }
}

TEST_CASE("The published table has a cell for each country and column", "[datasets]")
{
    const auto table = json_of("published/table4.json");
    REQUIRE(table.at("columns").size() == 6);
    REQUIRE(table.at("rows").size() == 3);
    int illegible = 0;
    for (const auto& row : table.at("rows")) {
        CHECK(row.at("cells").size() == 6);
        CHECK(table.at("implied_grid").at("gco2e_per_kwh").contains(row.at("country").get<std::string>()));
        for (const auto& cell : row.at("cells")) illegible += cell.is_null();
    }
    CHECK(illegible == 1);
    CHECK(table.at("rows").at(0).at("country") == "USA");
    CHECK(table.at("rows").at(0).at("cells").at(1).is_null());
    CHECK(table.at("columns").at(1) == json{{"training", "centralized"}, {"device", "k80"}, {"pue", 1.67}});
    CHECK(table.at("implied_grid").at("standing") == "inferred");
}
