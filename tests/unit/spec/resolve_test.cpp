#include <catch2/catch.hpp>
#include <string>

#include "common/error/error.hpp"
#include "common/spec/resolve.hpp"

using namespace fedgram::spec;

TEST_CASE("a cohort is the rounded fraction of the nodes, and never empty", "[spec]")
{
    CHECK(cohort_size({.nodes = 10, .client_fraction = 1}) == 10);
    CHECK(cohort_size({.nodes = 10, .client_fraction = 0.25}) == 3);  // 2.5, halves away from zero
    CHECK(cohort_size({.nodes = 10, .client_fraction = 0.01}) == 1);
}

TEST_CASE("a centralized training is evaluated as often as the first federated one, unless it says otherwise", "[spec]")
{
    Experiment experiment;
    experiment.trainings = {{"c", Centralized{}},
                            {"own", Centralized{.evaluate_every_samples = 7}},
                            {"f", Federated{.nodes = 10, .client_fraction = 0.5, .local_epochs = 3}},
                            {"g", Federated{.nodes = 100}}};
    fill_defaults(experiment, 60000);
    // Half of the nodes hold 30,000 samples, seen three times.
    CHECK(std::get<Centralized>(experiment.trainings[0].kind).evaluate_every_samples == 90000u);
    CHECK(std::get<Centralized>(experiment.trainings[1].kind).evaluate_every_samples == 7u);
    CHECK(most_nodes(experiment) == 100);
}

TEST_CASE("an interval is as long as a round of nodes that draw their samples", "[spec]")
{
    Experiment experiment;
    experiment.trainings = {{"c", Centralized{}},
                            {"f", Federated{.nodes = 100'000,
                                            .client_fraction = 0.01,
                                            .local_epochs = 2,
                                            .partition = {.kind = PartitionKind::draws, .samples_per_node = 20}}}};
    fill_defaults(experiment, 60000);
    // 1,000 nodes see 20 samples twice.
    CHECK(std::get<Centralized>(experiment.trainings[0].kind).evaluate_every_samples == 40000u);
}

TEST_CASE("an interval is as long as the rounds between two evaluations", "[spec]")
{
    Experiment experiment;
    experiment.trainings = {{"c", Centralized{}},
                            {"f", Federated{.nodes = 1000, .client_fraction = 0.05, .evaluate_every_rounds = 10}}};
    fill_defaults(experiment, 50000);
    CHECK(std::get<Centralized>(experiment.trainings[0].kind).evaluate_every_samples == 25000u);
}

TEST_CASE("a normalization is one for all channels or one for each", "[spec]")
{
    Data data;
    CHECK_NOTHROW(check_normalization(data, 3));
    data.normalization.mean = {0.1, 0.2, 0.3};
    CHECK_NOTHROW(check_normalization(data, 3));
    CHECK_THROWS_WITH(check_normalization(data, 1),
                      "data.normalization.mean: 3 values for images of 1 channel; use a number");
    data.normalization.standard_deviation = {1, 2};
    CHECK_THROWS_WITH(check_normalization(data, 3),
                      "data.normalization.standard_deviation: 2 values for images of 3 "
                      "channels; use a number, or a list of 3");
    CHECK_THROWS_AS(check_normalization(data, 2), fedgram::SpecError);
}

TEST_CASE("without a federated training an interval is an epoch", "[spec]")
{
    Experiment experiment;
    experiment.trainings = {{"c", Centralized{}}};
    fill_defaults(experiment, 12000);
    CHECK(std::get<Centralized>(experiment.trainings[0].kind).evaluate_every_samples == 12000u);
    CHECK(most_nodes(experiment) == 0);
}

TEST_CASE("an aggregation that would hold more than its limit is refused with the memory it needs", "[spec]")
{
    Experiment experiment;
    Federated federated{.nodes = 100, .client_fraction = 0.25};
    federated.aggregation = {.kind = AggregationKind::median, .max_memory_mb = 100};
    experiment.trainings = {{"fed", federated}};
    // By hand: 25 x 1,000,000 x 4 bytes = 100 MB, to the byte; one parameter more makes it 101 begun.
    CHECK_NOTHROW(check_held_updates(experiment, 1'000'000));
    CHECK_THROWS_MATCHES(
        check_held_updates(experiment, 1'000'001), fedgram::SpecError,
        Catch::Matchers::Message("trainings.fed.aggregation.max_memory_mb: 100 is less than the 101 MB of 25 updates x "
                                 "1000001 parameters x 4 bytes that this aggregation holds; use 101 or more, a smaller "
                                 "cohort, or mean"));
    std::get<Federated>(experiment.trainings[0].kind).aggregation.kind = AggregationKind::mean;
    CHECK_NOTHROW(check_held_updates(experiment, 1'000'000'000'000));
}

TEST_CASE("a model with more parameters than a sparse form holds is not pruned", "[spec]")
{
    Experiment experiment;
    experiment.trainings = {{"plain", Federated{}}, {"fed", Federated{.pruning = Pruning{}}}};
    CHECK_NOTHROW(check_prunable(experiment, 2'147'483'648));
    CHECK_THROWS_WITH(check_prunable(experiment, 2'147'483'649),
                      "trainings.fed.pruning: the model has 2147483649 parameters, and one of more than 2147483648 "
                      "has no sparse form; use null");
    experiment.trainings.pop_back();
    CHECK_NOTHROW(check_prunable(experiment, 2'147'483'649));
}

TEST_CASE("updates of a model with more parameters than 32 bits count are not compressed", "[spec]")
{
    Experiment experiment;
    experiment.trainings = {{"plain", Federated{}}, {"fed", Federated{.compression = {.quantizer = Quantizer::int8}}}};
    CHECK_NOTHROW(check_compression(experiment, 4'294'967'295));
    CHECK_THROWS_MATCHES(
        check_compression(experiment, 4'294'967'296), fedgram::SpecError,
        Catch::Matchers::Message("trainings.fed.compression: the model has 4294967296 parameters, and updates of more "
                                 "than 4294967295 can't be compressed; use \"none\""));
    auto& fed = std::get<Federated>(experiment.trainings.back().kind);
    std::swap(fed.compression, fed.download_compression);
    CHECK_THROWS_WITH(check_compression(experiment, 4'294'967'296),
                      Catch::StartsWith("trainings.fed.download_compression: the model has"));
    experiment.trainings.pop_back();
    CHECK_NOTHROW(check_compression(experiment, 4'294'967'296));
}

TEST_CASE("a trimmed share is rounded up, and what binary numbers add to it is not", "[spec]")
{
    CHECK(trimmed_at_each_end(0, 10) == 0);
    CHECK(trimmed_at_each_end(0.1, 10) == 1);
    CHECK(trimmed_at_each_end(0.1, 9) == 1);
    CHECK(trimmed_at_each_end(0.1, 11) == 2);
    CHECK(trimmed_at_each_end(0.07, 100) == 7);  // 7.000000000000001 in binary
}
