#include "experiments/lookup/specification.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/error/spec_errors.hpp"
#include "common/spec/parse.hpp"

using namespace fedgram;
using namespace fedgram::experiments;

namespace {

spec::Experiment wanting(const std::string& dataset, const std::optional<std::string>& stand_in)
{
    spec::Experiment experiment;
    experiment.data.dataset = dataset;
    experiment.data.stand_in = stand_in;
    return experiment;
}

/// Ten training images of 1 x 1 x 2 pixels, called `name`.
datasets::Dataset data(const std::string& name)
{
    return datasets::with_samples({.name = name, .height = 1, .width = 2},
                                  {std::vector<std::uint8_t>(20), std::vector<std::uint8_t>(10)}, {{0, 0}, {0}});
}

spec::Experiment small(const std::string& title_note)
{
    auto experiment = read_specification({"workload-b", {"federated.nodes=5", "data.train_samples=null"}});
    experiment.title_note = title_note;
    return experiment;
}

}  // namespace

TEST_CASE("a stand-in is taken where its dataset is not at hand, and the specification then names it alone",
          "[experiments]")
{
    auto absent = wanting("cifar10", "synthetic-cifar10");
    CHECK(choose_dataset(absent, {}));
    CHECK(absent.data.dataset == "synthetic-cifar10");
    CHECK_FALSE(absent.data.stand_in);
    CHECK_FALSE(choose_dataset(absent, {}));

    auto given = wanting("cifar10", "synthetic-cifar10");
    CHECK_FALSE(choose_dataset(given, "/a/folder"));
    CHECK(given.data.dataset == "cifar10");
    CHECK_FALSE(given.data.stand_in);

    auto installed = wanting("fashion-mnist", "synthetic-fashion-mnist");
    CHECK_FALSE(choose_dataset(installed, {}));
    CHECK(installed.data.dataset == "fashion-mnist");

    auto unknown = wanting("fashion-mnist", "synthetic-cats");
    CHECK_THROWS_WITH(choose_dataset(unknown, {}), Catch::Contains("data.stand_in: unknown \"synthetic-cats\"") &&
                                                       Catch::Contains("synthetic-cifar10"));
}

TEST_CASE("the title of what is trained on synthetic data says so, once", "[experiments]")
{
    auto experiment = small("quick");
    resolve(experiment, data("synthetic-cifar10"));
    const std::string expected =
        "quick; synthetic images in the shapes of CIFAR-10: accuracies say nothing about CIFAR-10";
    CHECK(experiment.title_note == expected);
    resolve(experiment, data("synthetic-cifar10"));
    CHECK(experiment.title_note == expected);
    auto real = small("quick");
    resolve(real, data("cifar10"));
    CHECK(real.title_note == "quick");
}

TEST_CASE("a normalization of other channels than the images' is refused", "[experiments]")
{
    auto experiment = small("");
    experiment.data.normalization.mean = {0.1, 0.2, 0.3};
    CHECK_THROWS_WITH(resolve(experiment, data("mnist")), Catch::Contains("data.normalization.mean: 3 values"));
}

TEST_CASE("mistakes of the accounting come with the others, in one answer", "[experiments]")
{
    const SpecChoice choice{"workload-b",
                            {"federated.nodes=0", "accounting.countries=[\"Frace\"]", "accounting.pue=[0]"}};
    try {
        static_cast<void>(read_specification(choice));
        FAIL();
    } catch (const SpecErrors& mistakes) {
        CHECK(std::string{mistakes.what()} ==
              "trainings.federated.nodes: 0 is not valid; use a whole number from 1 to 4294967295\n"
              "accounting.countries[0]: country \"Frace\" is unknown; did you mean France (FRA)?\n"
              "accounting.pue[0]: 0 is not valid; use a number from 1 to 10");
    }
}

TEST_CASE("a resolved model holds its width in its layers, beside their base, and stands for itself", "[experiments]")
{
    const auto images = datasets::with_samples({.name = "grey", .height = 28, .width = 28},
                                               {std::vector<std::uint8_t>(7840), std::vector<std::uint8_t>(10)},
                                               {std::vector<std::uint8_t>(784), {0}});
    auto experiment = read_specification({"workload-b",
                                          {"federated.nodes=5", "data.train_samples=null", "model=small-cnn",
                                           "model.width=0.25", "model.parametrization=mup"}});
    resolve(experiment, images);
    CHECK(experiment.model.width == 1);
    const auto json = to_json(experiment)["model"];
    CHECK(json["name"] == "small-cnn at width 0.25");
    CHECK(json["parametrization"] == "mup");
    CHECK_FALSE(json.contains("width"));
    CHECK(json["layers"][0].dump() ==
          R"({"kind":"conv2d","channels":4,"kernel":3,"stride":1,"padding":1,"base_channels":16})");
    CHECK(json["layers"][7].dump() == R"({"kind":"linear","features":32,"base_features":128})");
    CHECK_FALSE(json["layers"][9].contains("base_features"));

    auto again = spec::parse_experiment(to_json(experiment));
    resolve(again, images);
    CHECK(to_json(again) == to_json(experiment));
}

TEST_CASE("a name in an object is looked up as one by itself", "[experiments]")
{
    auto experiment = read_specification({"workload-b", {"model.name=resnet"}});
    CHECK_THROWS_WITH(resolve(experiment, data("grey")), Catch::Contains("\"resnet\" is no built-in model"));
}
