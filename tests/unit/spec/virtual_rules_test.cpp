#include "common/spec/virtual_rules.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/spec/parse.hpp"

using namespace fedgram;
using nlohmann::ordered_json;

TEST_CASE("What virtual time decides is read alike from a training and from its resolved JSON", "[spec]")
{
    const auto check = [](const char* keys, bool has) {
        auto training = ordered_json::parse(keys);
        training.update({{"label", "f"}, {"kind", "federated"}});
        const auto experiment =
            spec::parse_experiment({{"name", "n"}, {"model", "mlp"}, {"trainings", {std::move(training)}}});
        CAPTURE(keys);
        CHECK(spec::has_virtual_rules(std::get<spec::Federated>(experiment.trainings.front().kind)) == has);
        CHECK(spec::has_virtual_rules(spec::to_json(experiment).at("trainings").at(0)) == has);
    };
    check("{}", false);
    check(R"({"quorum": 0.5, "selection": "uniform", "evaluate_every_rounds": 2})", false);
    check(R"({"goal": 5})", true);
    check(R"({"virtual_deadline_s": 60})", true);
    check(R"({"evaluate_every_virtual_minutes": 1})", true);
    check(R"({"mode": "buffered"})", true);
    check(R"({"selection": "by-samples"})", true);
    CHECK_FALSE(spec::has_virtual_rules(ordered_json{{"label", "c"}, {"kind", "centralized"}}));
}
