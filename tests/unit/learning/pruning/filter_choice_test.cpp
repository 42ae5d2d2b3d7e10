#include "common/learning/pruning/filter_choice.hpp"

#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/learning/engine/engine_cases.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

using Counts = std::vector<std::uint32_t>;

/// Four filters of two weights, three features of four, two classes.
Model small_model()
{
    using namespace spec;
    return build_model(
        {.name = "small", .layers = {Conv2d{4, 1}, Relu{}, Flatten{}, Linear{3}, Tanh{}, Linear{2}}, .torchscript = {}},
        {2, 1, 1, 2});
}

std::vector<float> small_parameters()
{
    return {3,   -4,  6,   0,   .5F, 6.5F, 0, 7,        // conv1.weight
            0,   0,   0,   9,                           // conv1.bias
            1,   1,   1,   1,   -2,  0,    0, 0, 1, 1,  // fc1.weight
            -1,  -1,                                    //
            0,   0,   0,                                // fc1.bias
            .1F, .2F, .3F, .4F, .5F, .6F,               // fc2.weight
            0,   0};
}

}  // namespace

TEST_CASE("a filter's score is the sum or the Euclidean norm of its weights, without its bias", "[pruning]")
{
    const auto model = small_model();
    const auto parameters = small_parameters();
    CHECK(filter_scores(model, parameters, 0, FilterNorm::l1) == std::vector<double>{7, 6, 7, 7});
    const auto l2 = filter_scores(model, parameters, 0, FilterNorm::l2);
    CHECK(l2[0] == 5);
    CHECK(l2[1] == 6);
    CHECK(l2[2] == Approx(6.519202405));
    CHECK(l2[3] == 7);
    CHECK(filter_scores(model, parameters, 3, FilterNorm::l1) == std::vector<double>{4, 2, 4});
    CHECK(filter_scores(model, parameters, 3, FilterNorm::l2) == std::vector<double>{2, 2, 2});
}

TEST_CASE("the lowest scores are chosen, of equal ones the last", "[pruning]")
{
    const auto model = small_model();
    const auto parameters = small_parameters();
    const Counts counts{3, 0, 0, 2, 0, 0};
    CHECK(weakest_filters(model, parameters, counts, FilterNorm::l1) ==
          FiltersByLayer{{1, 2, 3}, {}, {}, {1, 2}, {}, {}});
    CHECK(weakest_filters(model, parameters, counts, FilterNorm::l2) ==
          FiltersByLayer{{0, 1, 2}, {}, {}, {1, 2}, {}, {}});
    CHECK(weakest_filters(model, parameters, Counts(6), FilterNorm::l1) == FiltersByLayer(6));
}

TEST_CASE("a fraction of each layer but the last is rounded, and leaves one filter", "[pruning]")
{
    const auto model = small_model();
    CHECK(filter_counts(model, .5) == Counts{2, 0, 0, 2, 0, 0});  // 1.5 to the even 2
    CHECK(filter_counts(model, .125) == Counts{0, 0, 0, 0, 0, 0});
    CHECK(filter_counts(model, .99) == Counts{3, 0, 0, 2, 0, 0});
    CHECK_THROWS_WITH(filter_counts(model, 1),
                      "fraction: 1 is no share of weights that can go; use a number from 0 to below 1");
}

TEST_CASE("counts that leave no filter, and the classes, are refused by name", "[pruning]")
{
    const auto model = small_model();
    auto parameters = small_parameters();
    const auto weakest = [&](const Counts& counts) {
        return weakest_filters(model, parameters, counts, FilterNorm::l1);
    };
    CHECK_THROWS_AS(weakest({4, 0, 0, 0, 0, 0}), SpecError);
    CHECK_THROWS_WITH(weakest({4, 0, 0, 0, 0, 0}), "conv1: 4 of 4 filters can't go, since one must stay; use 0 to 3");
    CHECK_THROWS_WITH(weakest({0, 0, 0, 0, 0, 1}),
                      "fc2: 1 filters can't go, since the last layer's are the classes; use 0");
    parameters[3] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_AS(weakest(Counts(6)), DataError);
    CHECK_THROWS_WITH(weakest(Counts(6)),
                      "conv1.weight[3]: nan gives its filter no score; prune a model whose weights are finite");
    Model script;
    script.torchscript = "model.pt";
    CHECK_THROWS_WITH(filter_counts(script, .5),
                      "model.torchscript: the filters of model.pt aren't known; use a model of layers");
}

TEST_CASE("layers whose filters can't go count none, and a model of such layers alone is refused", "[pruning]")
{
    using namespace spec;
    const auto of = [](std::vector<Layer> layers) {
        return build_model({.name = "m", .layers = std::move(layers), .torchscript = {}}, {2, 4, 4, 3});
    };
    // The residual's layers come before itself.
    CHECK(filter_counts(of({Conv2d{4, 1}, Relu{}, Residual{{Conv2d{6, 1}, Relu{}, Conv2d{4, 1}}, {Conv2d{4, 1}}},
                            GlobalAvgPool2d{}, Flatten{}, Linear{3}}),
                        .5) == Counts{0, 0, 3, 0, 0, 0, 0, 0, 0, 0});
    CHECK_THROWS_WITH(filter_counts(of({Conv2d{4, 1}, Residual{{Conv2d{4, 1}}}, Flatten{}, Linear{3}}), .5),
                      "the model has no filters that can go: its layers' channels are the classes, or those that a "
                      "residual needs or adds to others; prune weights instead");
    CHECK_THROWS_WITH(
        filter_counts(of({Conv2d{4, 1}, GroupNorm{2}, Flatten{}, Linear{3}}), .5),
        "gn1: a group normalization mixes channels, so that no filter can go alone; prune weights instead");
    CHECK_THROWS_WITH(
        filter_counts(of({Residual{{Conv2d{.channels = 2, .kernel = 1}, Conv2d{.channels = 2, .kernel = 1, .groups = 2},
                                    Conv2d{.channels = 4, .kernel = 1, .groups = 2}},
                                   {Conv2d{4, 1}}},
                          Flatten{}, Linear{3}}),
                      .5),
        "residual1.conv3: its groups are of more than one channel, so that no filter can go alone; prune weights "
        "instead");
}
