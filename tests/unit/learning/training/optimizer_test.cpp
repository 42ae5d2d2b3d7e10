#include "common/learning/training/optimizer.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::learning;

namespace {

struct Tensor {
    std::size_t size = 0;
    WidthScaling scaling{};
};

ParameterTable table_of(const std::vector<Tensor>& tensors)
{
    ParameterTable table;
    for (const auto& [size, scaling] : tensors) {
        table.slots.push_back({"weight", {static_cast<std::int64_t>(size)}, table.size, size, 1, scaling});
        table.size += size;
    }
    return table;
}

// The parameter of value 1 after one step for each gradient, at a learning rate of 0.1.
float after_steps(FlatOptimizer& optimizer, const std::vector<float>& gradients)
{
    std::vector<float> parameter{1};
    for (float gradient : gradients) {
        const std::vector<Gradient> all{{0, std::span{&gradient, 1}}};
        optimizer.step(parameter, all, 0.1);
    }
    return parameter[0];
}

}  // namespace

TEST_CASE("SGD without momentum follows the gradient and the decay")
{
    // d = 0.5 + 0.1 x 1 = 0.6; p = 1 - 0.06 = 0.94.
    FlatOptimizer optimizer{{.weight_decay = 0.1}, table_of({{1, {}}})};
    CHECK(after_steps(optimizer, {0.5F}) == Approx(0.94));
}

TEST_CASE("SGD with momentum starts with a buffer that is the gradient")
{
    // d = 0.6, b = 0.6, p = 0.94; then d = 0.5 + 0.094 = 0.594, b = 0.54 + 0.594 = 1.134, p = 0.94 - 0.1134.
    FlatOptimizer optimizer{{.momentum = 0.9, .weight_decay = 0.1}, table_of({{1, {}}})};
    CHECK(after_steps(optimizer, {0.5F, 0.5F}) == Approx(0.8266));
}

TEST_CASE("Adam corrects the bias of its moments")
{
    // m = 0.05, v = 0.00025: 0.5 and 0.25 corrected, so p = 1 - 0.1 x 0.5 / 0.5 = 0.9. Then m = 0.045 - 0.05 = -0.005,
    // corrected by 1 - 0.81 to -0.0263158, and v again to 0.25: p = 0.9 + 0.1 x 0.0263158 / 0.5 = 0.9052632.
    FlatOptimizer optimizer{{.kind = spec::OptimizerKind::adam}, table_of({{1, {}}})};
    CHECK(after_steps(optimizer, {0.5F}) == Approx(0.9));
    optimizer.reset();
    CHECK(after_steps(optimizer, {0.5F, -0.5F}) == Approx(0.9052632));
}

TEST_CASE("Adam's weight decay is a part of the gradient")
{
    // d = 0 + 0.2 x 1; the first step is the rate, whatever d's size.
    FlatOptimizer optimizer{{.kind = spec::OptimizerKind::adam, .weight_decay = 0.2}, table_of({{1, {}}})};
    CHECK(after_steps(optimizer, {0.0F}) == Approx(0.9));
}

TEST_CASE("A reset optimizer remembers nothing")
{
    FlatOptimizer optimizer{{.momentum = 0.9}, table_of({{1, {}}})};
    const float first = after_steps(optimizer, {0.5F, 0.25F});
    optimizer.reset();
    CHECK(after_steps(optimizer, {0.5F, 0.25F}) == first);
}

TEST_CASE("Parameters without a gradient stay as they are")
{
    FlatOptimizer optimizer{{.weight_decay = 0.1}, table_of({{4, {}}})};
    std::vector<float> parameters{1, 1, 1, 1};
    std::vector<float> one{1};
    const std::vector<Gradient> gradients{{1, one}, {3, one}};
    optimizer.step(parameters, gradients, 0.5);
    CHECK(parameters == std::vector<float>{1, 1 - 0.5F * 1.1F, 1, 1 - 0.5F * 1.1F});
}

TEST_CASE("Tensors learn at rates of their own, by the optimizer's kind, and decay at one")
{
    // At a rate of 0.5, of SGD: 4 x 0.5 (1 + 0.1 / 4) = 2.05 and 0.25 x 0.5 (1 + 0.1 x 4) = 0.175 off. Of Adam's first
    // step, which is its rate: 0.5 and 0.125. One gradient goes over both tensors, another begins in the middle of one.
    const auto table = table_of({{2, {1, 4, 1}}, {3, {1, 0.25, 0.25}}});
    std::vector<float> ones(5, 1.0F);
    std::vector<float> parameters(5, 1.0F);
    FlatOptimizer sgd{{.weight_decay = 0.1}, table};
    sgd.step(parameters, std::vector<Gradient>{{0, std::span{ones}.first(3)}, {4, std::span{ones}.first(1)}}, 0.5);
    CHECK(parameters[0] == Approx(-1.05));
    CHECK(parameters[1] == Approx(-1.05));
    CHECK(parameters[2] == Approx(0.825));
    CHECK(parameters[3] == 1);
    CHECK(parameters[4] == Approx(0.825));

    parameters.assign(5, 1.0F);
    FlatOptimizer adam{{.kind = spec::OptimizerKind::adam}, table};
    adam.step(parameters, std::vector<Gradient>{{0, ones}}, 0.5);
    CHECK(parameters[0] == Approx(0.5));
    CHECK(parameters[4] == Approx(0.875));
}

TEST_CASE("The number of tensors changes no bit where all learn at one rate")
{
    std::vector<float> gradient(1000);
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = std::sin(static_cast<float>(i));
    for (const auto& rule : {spec::Optimizer{.weight_decay = 0.01}, spec::Optimizer{.momentum = 0.9},
                             spec::Optimizer{.momentum = 0.9, .nesterov = true},
                             spec::Optimizer{.kind = spec::OptimizerKind::adam, .weight_decay = 0.01},
                             spec::Optimizer{.kind = spec::OptimizerKind::adamw, .weight_decay = 0.01}}) {
        std::vector<float> of_one(1000, 1.0F);
        std::vector<float> of_three(1000, 1.0F);
        FlatOptimizer one{rule, table_of({{1000, {}}})};
        FlatOptimizer three{rule, table_of({{7, {}}, {500, {}}, {493, {}}})};
        for (int step = 0; step < 3; ++step) {
            one.step(of_one, std::vector<Gradient>{{0, gradient}}, 0.1);
            three.step(of_three, std::vector<Gradient>{{0, gradient}}, 0.1);
        }
        CHECK(of_one == of_three);
    }
}

TEST_CASE("Nesterov looks one step of its momentum ahead")
{
    // d = 0.6, b = 0.6, p = 1 - 0.1 (0.6 + 0.54) = 0.886; then d = 0.5 + 0.0886, b = 0.54 + 0.5886 = 1.1286,
    // p = 0.886 - 0.1 (0.5886 + 1.01574) = 0.725566.
    FlatOptimizer optimizer{{.momentum = 0.9, .weight_decay = 0.1, .nesterov = true}, table_of({{1, {}}})};
    CHECK(after_steps(optimizer, {0.5F, 0.5F}) == Approx(0.725566));
}

TEST_CASE("AdamW decays the parameter itself, and Adam's moments know nothing of it")
{
    // p = 1 (1 - 0.1 x 0.2) - 0.1 = 0.88; then 0.88 x 0.98 + 0.1 x 0.0263158 / 0.5 = 0.8676632.
    FlatOptimizer optimizer{{.kind = spec::OptimizerKind::adamw, .weight_decay = 0.2}, table_of({{1, {}}})};
    CHECK(after_steps(optimizer, {0.5F}) == Approx(0.88));
    optimizer.reset();
    CHECK(after_steps(optimizer, {0.5F, -0.5F}) == Approx(0.8676632));
}

TEST_CASE("A gradient is clipped by the norm of all of it")
{
    // (3, 4) has the norm 5: a limit of 1 leaves (0.6, 0.8), one of 5.1 all of it.
    std::vector<float> parameters{0, 0};
    std::vector<float> three{3};
    std::vector<float> four{4};
    FlatOptimizer clipped{{.gradient_clip = 1}, table_of({{1, {}}, {1, {}}})};
    clipped.step(parameters, std::vector<Gradient>{{0, three}, {1, four}}, 1);
    CHECK(parameters[0] == Approx(-0.6).epsilon(1e-6));
    CHECK(parameters[1] == Approx(-0.8).epsilon(1e-6));

    parameters = {0, 0};
    three = {3};
    four = {4};
    FlatOptimizer whole{{.gradient_clip = 5.1}, table_of({{1, {}}, {1, {}}})};
    whole.step(parameters, std::vector<Gradient>{{0, three}, {1, four}}, 1);
    CHECK(parameters == std::vector<float>{-3, -4});
    CHECK(clip_factor(0, 1) == 1);
}

namespace {

// Steps of 0.1 from (0, 0) on a gradient of w - (1, 2), and the first coordinate behind each.
std::vector<float> steps_towards(FlatOptimizer& optimizer, int steps)
{
    std::vector<float> w{0, 0};
    std::vector<float> firsts;
    for (int step = 0; step < steps; ++step) {
        std::vector<float> gradient{w[0] - 1, w[1] - 2};
        optimizer.step(w, std::vector<Gradient>{{0, gradient}}, 0.1);
        CHECK(w[1] == Approx(2 * w[0]));
        firsts.push_back(w[0]);
    }
    return firsts;
}

}  // namespace

TEST_CASE("A proximal term pulls towards where the training began, from the second step on")
{
    const std::vector<float> origin{0, 0};
    const auto table = table_of({{2, {}}});
    FlatOptimizer plain{{}, table};
    CHECK(steps_towards(plain, 3)[2] == Approx(0.271));

    FlatOptimizer proximal{{}, table};
    proximal.reset({.linear = {}, .proximal = 0.5, .origin = origin});
    const auto steps = steps_towards(proximal, 3);
    CHECK(steps[0] == Approx(0.1));
    CHECK(steps[1] == Approx(0.185));
    CHECK(steps[2] == Approx(0.25725));

    // Inside the gradient that momentum adds up: outside it would be 0.49575.
    FlatOptimizer with_momentum{{.momentum = 0.9}, table};
    with_momentum.reset({.linear = {}, .proximal = 0.5, .origin = origin});
    CHECK(steps_towards(with_momentum, 3)[2] == Approx(0.49125));
}

TEST_CASE("A linear term is added to each gradient behind its clipping, until the next reset")
{
    const std::vector<float> linear{1, 2};
    std::vector<float> parameters{0, 0};
    std::vector<float> gradient{3, 4};
    FlatOptimizer optimizer{{.gradient_clip = 1}, table_of({{2, {}}})};
    CHECK(optimizer.changes_gradients());
    optimizer.reset({.linear = linear});
    optimizer.step(parameters, std::vector<Gradient>{{0, gradient}}, 1);
    CHECK(parameters[0] == Approx(-1.6).epsilon(1e-6));
    CHECK(parameters[1] == Approx(-2.8).epsilon(1e-6));

    optimizer.reset();
    parameters = {0, 0};
    gradient = {0.3F, 0.4F};
    optimizer.step(parameters, std::vector<Gradient>{{0, gradient}}, 1);
    CHECK(parameters == std::vector<float>{-0.3F, -0.4F});
    CHECK_FALSE(FlatOptimizer{{}, table_of({{2, {}}})}.changes_gradients());
}

TEST_CASE("A pruned weight stays +0 by every optimizer, and counts for no gradient's norm")
{
    const std::vector<std::uint8_t> kept{1, 0, 1};
    const spec::Optimizer rule =
        GENERATE(spec::Optimizer{}, spec::Optimizer{.momentum = 0.9, .weight_decay = 0.1},
                 spec::Optimizer{.momentum = 0.9, .nesterov = true}, spec::Optimizer{.gradient_clip = 1},
                 spec::Optimizer{.kind = spec::OptimizerKind::adam, .weight_decay = 0.1},
                 spec::Optimizer{.kind = spec::OptimizerKind::adamw, .weight_decay = 0.1});
    std::vector<float> parameters{1, 0, 2};
    const auto origin = parameters;
    FlatOptimizer optimizer{rule, table_of({{3, {}}})};
    optimizer.reset({.linear = {}, .proximal = 0.5, .origin = origin, .kept = kept});
    CHECK(optimizer.changes_gradients());
    // The same of a model that never had the weight.
    std::vector<float> without{1, 2};
    const auto origin_without = without;
    FlatOptimizer smaller{rule, table_of({{2, {}}})};
    smaller.reset({.linear = {}, .proximal = 0.5, .origin = origin_without});
    for (const float pruned : {-3.0F, 5.0F, std::numeric_limits<float>::infinity(), -0.0F}) {
        std::vector<float> gradient{3, pruned, -4};
        optimizer.step(parameters, std::vector<Gradient>{{0, gradient}}, 0.1);
        std::vector<float> gradient_without{3, -4};
        smaller.step(without, std::vector<Gradient>{{0, gradient_without}}, 0.1);
        CHECK(std::bit_cast<std::uint32_t>(parameters[1]) == 0);
    }
    CHECK(parameters[0] == without[0]);
    CHECK(parameters[2] == without[1]);
    CHECK(parameters[0] != 1);
}
