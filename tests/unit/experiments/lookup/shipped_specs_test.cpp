#include <algorithm>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/learning/engine/make_model.hpp"
#include "common/spec/resolve.hpp"
#include "experiments/lookup/record_lookup.hpp"
#include "experiments/lookup/specification.hpp"
#include "experiments/sweep/sweep_runs.hpp"

using namespace fedgram;
using namespace fedgram::experiments;

TEST_CASE("every specification that ships is valid, bears its file's name and finds its assumptions", "[experiments]")
{
    CHECK(shipped_names("specs").size() >= 8);
    for (const auto& name : shipped_names("specs")) {
        INFO(name);
        const auto experiment = read_specification({name, {}});
        CHECK(experiment.name == name);
        CHECK_NOTHROW(read_accounting(*experiment.accounting));
    }
}

TEST_CASE("every sweep that ships finds its specification and its keys", "[experiments]")
{
    CHECK(shipped_names("specs/sweeps") == std::vector<std::string>{"compression", "epochs-by-alpha",
                                                                    "local-epochs-search", "mup-rates", "privacy",
                                                                    "strategies"});
    for (const auto& name : shipped_names("specs/sweeps"))
        for (const auto& run : expand(parse_sweep(find_json("specs/sweeps", name))))
            CHECK_NOTHROW(read_specification({parse_sweep(find_json("specs/sweeps", name)).spec, run.sets}));
}

TEST_CASE("table4 trains once centrally and twice federated, non-IID by Dirichlet 0.5 over 10 clients", "[experiments]")
{
    for (const std::string name : {"table4", "table4-quick"}) {
        const auto experiment = read_specification({name, {}});
        REQUIRE(experiment.trainings.size() == 3);
        CHECK(experiment.trainings[0].label == "centralized");
        CHECK(experiment.trainings[1].label == "federated-iid");
        CHECK(experiment.trainings[2].label == "federated-noniid");
        const auto& skewed = std::get<spec::Federated>(experiment.trainings[2].kind);
        CHECK(skewed.nodes == 10);
        CHECK(skewed.partition.kind == spec::PartitionKind::dirichlet);
        CHECK(skewed.partition.alpha == 0.5);
        CHECK(experiment.accounting->at("published") == "table4");
    }
}

TEST_CASE("pfl-cifar10 is the benchmark that it is named after", "[experiments]")
{
    const auto experiment = read_specification({"pfl-cifar10", {}});
    CHECK(experiment.data.dataset == "cifar10");
    CHECK(experiment.data.stand_in == "synthetic-cifar10");
    REQUIRE(experiment.trainings.size() == 1);
    const auto& training = std::get<spec::Federated>(experiment.trainings[0].kind);
    CHECK(training.nodes == 1000);
    CHECK(spec::cohort_size(training) == 50);
    CHECK((training.local_epochs == 1 && training.batch_size == 10 && training.optimizer.learning_rate == 0.1));
    CHECK((training.max_rounds == 1500 && training.evaluate_every_rounds == 10));
    // conv 3-32: 896, conv 32-64: 18,496, linear 12,544-128: 1,605,760, linear 128-10: 1,290.
    const auto model = learning::make_model(experiment.model, {3, 32, 32, 10},
                                            []() -> learning::Engine& { throw std::logic_error{""}; });
    CHECK(model.parameters.size == 1'626'442);
}

TEST_CASE("scale has a hundred thousand nodes, a thousand of them a round", "[experiments]")
{
    const auto experiment = read_specification({"scale", {}});
    const auto& training = std::get<spec::Federated>(experiment.trainings.at(0).kind);
    CHECK(training.nodes == 100'000);
    CHECK(spec::cohort_size(training) == 1000);
    CHECK(training.partition.kind == spec::PartitionKind::draws);
}

TEST_CASE("a specification that is nowhere is an error that lists what ships", "[experiments]")
{
    CHECK_THROWS_WITH(find_json("specs", "tabel4"), Catch::Contains("tabel4") && Catch::Contains("table4-quick"));
}

TEST_CASE("unknown names in the accounting are errors that name the key and what there is", "[experiments]")
{
    using nlohmann::ordered_json;
    CHECK_THROWS_WITH(read_accounting(ordered_json::parse(R"({"edge_device": "abacus"})")),
                      Catch::Contains("edge_device") && Catch::Contains("abacus") && Catch::Contains("jetson-tx2"));
    CHECK_THROWS_WITH(read_accounting(ordered_json::parse(R"({"published": "table9"})")),
                      Catch::Contains("accounting.published") && Catch::Contains("table4"));
    CHECK_THROWS_AS(read_accounting(ordered_json::parse(R"({"countries": ["ATL"]})")), SpecError);
}
