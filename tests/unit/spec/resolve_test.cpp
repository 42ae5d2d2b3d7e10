#include <catch2/catch.hpp>

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

TEST_CASE("without a federated training an interval is an epoch", "[spec]")
{
    Experiment experiment;
    experiment.trainings = {{"c", Centralized{}}};
    fill_defaults(experiment, 12000);
    CHECK(std::get<Centralized>(experiment.trainings[0].kind).evaluate_every_samples == 12000u);
    CHECK(most_nodes(experiment) == 0);
}
