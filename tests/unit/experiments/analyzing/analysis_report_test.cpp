#include "experiments/analyzing/analysis_report.hpp"

#include <functional>
#include <optional>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "experiments/analyzing/measured_server.hpp"

using namespace fedgram;
using namespace fedgram::experiments;
using Catch::Matchers::Contains;

namespace {

constexpr double bound_ms = 10;

ServedModel one_form()
{
    ServedModel model;
    model.name = "mine";
    model.variants.resize(1);
    model.variants.front().variant.name = "float32";
    return model;
}

/// One form of a model on this machine; what it is asked is answered by hand.
class Analyzed {
public:
    /// At a rate: milliseconds of the p99, nothing where too few were answered.
    explicit Analyzed(std::function<std::optional<double>(double)> p99_ms) : p99_ms_{std::move(p99_ms)} {}

    AnalysisReport report(double stated)
    {
        const analysis::Probe probe{.configuration = {.device = "here"}, .load = {}};
        analysis::Measurement best;
        best.throughput_per_s = 100;
        best.latency = {.requests = 1000, .p99_ms = 5};
        const std::vector<analysis::JournalEntry> entries{{probe, best}};
        analysis::Space space;
        space.devices = {"here"};
        return report_of(server_, space, {.constraints = {{analysis::Metric::p99, bound_ms}}}, entries, stated,
                         [&](const analysis::Probe& asked) { return measured(asked); });
    }

    [[nodiscard]] const std::vector<double>& rates() const { return rates_; }

private:
    analysis::Measurement measured(const analysis::Probe& asked)
    {
        rates_.push_back(asked.load.amount);
        analysis::Measurement measured;
        measured.throughput_per_s = asked.load.amount;
        measured.latency.p99_ms = p99_ms_(asked.load.amount);
        measured.latency.requests = measured.latency.p99_ms ? 700 : 450;
        return measured;
    }

    MeasuredServer server_{one_form(), {}, {}, {}};
    std::function<std::optional<double>(double)> p99_ms_;
    std::vector<double> rates_;
};

}  // namespace

TEST_CASE("A p99 of too few answers is unknown, neither kept nor broken, and no more devices are looked at",
          "[analyzing]")
{
    Analyzed analyzed{[](double) { return std::nullopt; }};
    const auto report = analyzed.report(50);
    CHECK(analyzed.rates() == std::vector<double>{10, 50});
    CHECK_THAT(analysis_text(report), Contains("p99 unknown: 450 of 662 answers\n"));
    const auto loads = analysis_json(report)["best"][0]["loads"];
    REQUIRE(loads.size() == 3);
    CHECK(loads[0]["keeps_constraints"] == true);
    for (std::size_t i = 1; i < 3; ++i) {
        CHECK(loads[i]["keeps_constraints"].is_null());
        CHECK(loads[i]["requests"] == 450);
        CHECK(loads[i]["load"] == (i == 1 ? "10 % of capacity" : "as stated"));
    }
}

TEST_CASE("The search for devices ends at a p99 that nobody knows", "[analyzing]")
{
    Analyzed analyzed{[](double rate) { return rate < 50 ? std::nullopt : std::optional{12.0}; }};
    const auto row = analyzed.report(50).loads[0][2];
    CHECK(analyzed.rates() == std::vector<double>{10, 50, 25});
    CHECK(row.load == "as stated, p99 of 2 devices unknown");
    CHECK_FALSE(row.keeps_constraints);
    CHECK_FALSE(row.p99_unknown);
}

TEST_CASE("Here at most three other numbers of devices are measured", "[analyzing]")
{
    Analyzed in_vain{[](double) { return 12.0; }};
    CHECK(in_vain.report(50).loads[0][2].load == "as stated, up to 8 devices don't keep the p99");
    CHECK(in_vain.rates() == std::vector<double>{10, 50, 25, 12.5, 6.25});
    Analyzed kept{[](double rate) { return rate > 15 ? 12.0 : 8.0; }};
    const auto row = kept.report(50).loads[0][2];
    CHECK(kept.rates() == std::vector<double>{10, 50, 25, 12.5, 50. / 3});
    CHECK(row.devices == 4);
    CHECK(row.keeps_constraints);
}

TEST_CASE("Another constraint that is broken stays so where the p99 is unknown", "[analyzing]")
{
    Analyzed analyzed{[](double rate) { return rate < 50 ? std::nullopt : std::optional{5.0}; }};
    const auto loads = analyzed.report(50).loads[0];
    CHECK(loads[1].p99_unknown);
    CHECK(loads[2].keeps_constraints);
    CHECK(loads[2].requests == 700);
}
