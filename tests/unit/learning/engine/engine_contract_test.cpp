#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <thread>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"
#include "tests/unit/learning/engine/engine_cases.hpp"
#include "tests/unit/learning/engine/reference_net.hpp"

// What every engine keeps to. Each program that links this says which engines it tests.

using namespace fedgram;
using namespace fedgram::learning;

namespace {

Engine& any_engine()
{
    const auto engines = engines_under_test();
    const auto index = GENERATE_COPY(range(std::size_t{0}, engines.size()));
    const auto info = engines[index]->info();
    UNSCOPED_INFO(info.name << " by " << info.cpu);
    return *engines[index];
}

// Drawn, and what starts at a constant moved off it.
std::vector<float> uneven_parameters(const Model& model, std::uint64_t seed)
{
    auto parameters = initial_parameters(model, seed);
    Stream stream{seed, Purpose::subset, 1};
    for (const auto& slot : model.parameters.slots)
        if (slot.fan_in == 0)
            for (std::size_t i = slot.offset; i < slot.offset + slot.size; ++i)
                parameters[i] += 0.3F * static_cast<float>(stream.uniform());
    return parameters;
}

Model any_model()
{
    auto models = models_of_newer_layers();
    models.push_back(model_of_all_layers());
    const auto index = GENERATE_COPY(range(std::size_t{0}, models.size()));
    UNSCOPED_INFO(models[index].name);
    return models[index];
}

}  // namespace

TEST_CASE("Gradients agree with a naive network in double precision")
{
    auto& engine = any_engine();
    const auto model = any_model();
    const auto initial = uneven_parameters(model, 3);
    const auto data = noise(model.shape, 5, 1);
    const auto expected =
        reference_step(model, std::vector<double>(initial.begin(), initial.end()), data.pixels, data.labels);

    // At a rate of 1, plain SGD leaves the gradient as the difference.
    const auto replica = engine.replica(model, {});
    replica->begin(initial, 1);
    const double loss = replica->step(data.batch(), 1);
    CHECK(loss == Approx(expected.loss).epsilon(1e-5));
    const auto after = parameters_of(*replica, model);
    std::vector<double> gradient(after.size());
    for (std::size_t i = 0; i < after.size(); ++i) gradient[i] = static_cast<double>(initial[i]) - after[i];
    for (const auto& slot : model.parameters.slots) {
        INFO(slot.name);
        if (slot.is_trained)
            CHECK(distance(slot, gradient, expected.gradient) < 1e-4);
        else
            CHECK(distance(slot, after, expected.tracked) < 1e-5);
    }
}

TEST_CASE("Ten steps of SGD with momentum and weight decay agree with double precision")
{
    auto& engine = any_engine();
    const auto model = any_model();
    const auto initial = uneven_parameters(model, 4);
    constexpr double rate = 0.01;
    constexpr double momentum = 0.9;
    constexpr double decay = 0.01;
    const auto replica = engine.replica(model, {.momentum = momentum, .weight_decay = decay});
    replica->begin(initial, 1);

    std::vector<double> parameters(initial.begin(), initial.end());
    std::vector<double> buffer(parameters.size());
    for (std::uint64_t step = 0; step < 10; ++step) {
        const auto data = noise(model.shape, 3, step);
        const auto expected = reference_step(model, parameters, data.pixels, data.labels);
        CHECK(replica->step(data.batch(), rate) == Approx(expected.loss).epsilon(1e-4));
        parameters = expected.tracked;
        for (std::size_t i = 0; i < model.parameters.trained_size(); ++i) {
            buffer[i] = momentum * buffer[i] + expected.gradient[i] + decay * parameters[i];
            parameters[i] -= rate * buffer[i];
        }
    }
    const auto after = parameters_of(*replica, model);
    for (const auto& slot : model.parameters.slots) {
        INFO(slot.name);
        CHECK(distance(slot, after, parameters) < 1e-4);
    }
}

TEST_CASE("Ten steps of Adam agree with double precision")
{
    auto& engine = any_engine();
    const auto model = model_of_all_layers();
    const auto initial = initial_parameters(model, 5);
    constexpr double rate = 0.001;
    const auto replica = engine.replica(model, {.kind = spec::OptimizerKind::adam});
    replica->begin(initial, 1);

    std::vector<double> parameters(initial.begin(), initial.end());
    std::vector<double> first(parameters.size());
    std::vector<double> second(parameters.size());
    for (int step = 1; step <= 10; ++step) {
        const auto data = noise(model.shape, 3, static_cast<std::uint64_t>(step));
        const auto gradient = reference_step(model, parameters, data.pixels, data.labels).gradient;
        (void)replica->step(data.batch(), rate);
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            first[i] = 0.9 * first[i] + 0.1 * gradient[i];
            second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
            parameters[i] -= rate * (first[i] / (1 - std::pow(0.9, step))) /
                             (std::sqrt(second[i] / (1 - std::pow(0.999, step))) + 1e-8);
        }
    }
    const auto after = parameters_of(*replica, model);
    for (const auto& slot : model.parameters.slots) {
        INFO(slot.name);
        CHECK(distance(slot, after, parameters) < 1e-4);
    }
}

TEST_CASE("Pruned parameters stay +0, and the others are trained")
{
    auto& engine = any_engine();
    const auto model = model_of_all_layers();
    auto initial = initial_parameters(model, 4);
    std::vector<std::uint8_t> kept(initial.size());
    for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = i % 3 == 0 ? 1 : 0;
    for (std::size_t i = 0; i < kept.size(); ++i)
        if (kept[i] == 0) initial[i] = 0;
    const auto replica = engine.replica(model, {.momentum = 0.9, .weight_decay = 0.01});
    replica->begin(initial, 1, {.kept = kept});
    for (std::uint64_t step = 0; step < 3; ++step) (void)replica->step(noise(model.shape, 3, step).batch(), 0.05);
    const auto after = parameters_of(*replica, model);
    std::size_t changed = 0;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (kept[i] == 0) CHECK(std::bit_cast<std::uint32_t>(after[i]) == 0);
        changed += after[i] != initial[i] ? 1 : 0;
    }
    CHECK(changed > kept.size() / 4);
}

TEST_CASE("Steps whose gradients are clipped and corrected agree with double precision")
{
    auto& engine = any_engine();
    const auto model = model_of_all_layers();
    const auto initial = initial_parameters(model, 4);
    std::vector<float> linear(initial.size());
    for (std::size_t i = 0; i < linear.size(); ++i) linear[i] = 1e-3F * static_cast<float>(i % 7);
    constexpr double rate = 0.05;
    constexpr double limit = 0.2;
    constexpr double proximal = 0.5;
    const auto replica = engine.replica(model, {.gradient_clip = limit});
    replica->begin(initial, 1, {.linear = linear, .proximal = proximal, .origin = initial});

    std::vector<double> parameters(initial.begin(), initial.end());
    for (std::uint64_t step = 0; step < 5; ++step) {
        const auto data = noise(model.shape, 3, step);
        const auto gradient = reference_step(model, parameters, data.pixels, data.labels).gradient;
        (void)replica->step(data.batch(), rate);
        double squares = 0;
        for (const double each : gradient) squares += each * each;
        const double kept = std::min(1.0, limit / std::sqrt(squares));
        REQUIRE(kept < 1);
        for (std::size_t i = 0; i < parameters.size(); ++i)
            parameters[i] -=
                rate * (kept * gradient[i] + linear[i] + proximal * (parameters[i] - static_cast<double>(initial[i])));
    }
    const auto after = parameters_of(*replica, model);
    for (const auto& slot : model.parameters.slots) {
        INFO(slot.name);
        CHECK(distance(slot, after, parameters) < 1e-4);
    }
}

TEST_CASE("As wide as its base, a model by muP trains to the same bits as the standard one")
{
    auto& engine = any_engine();
    const auto model = model_of_all_layers();
    auto layers = std::vector<spec::Layer>{};
    for (const auto& layer : model.layers) layers.push_back(layer.layer);
    const auto mup =
        build_model({.name = "all", .layers = layers, .torchscript = {}, .parametrization = spec::Parametrization::mup},
                    model.shape);
    for (const auto& optimizer : {spec::Optimizer{.momentum = 0.9, .weight_decay = 0.01},
                                  spec::Optimizer{.kind = spec::OptimizerKind::adam, .weight_decay = 0.01}}) {
        const auto trained = [&](const Model& either) {
            const auto replica = engine.replica(either, optimizer);
            replica->begin(initial_parameters(either, 4), 1);
            for (std::uint64_t step = 0; step < 5; ++step)
                (void)replica->step(noise(either.shape, 8, step).batch(), 0.05);
            return parameters_of(*replica, either);
        };
        CHECK(trained(mup) == trained(model));
    }
}

TEST_CASE("Four times as wide, training agrees with muP as its package has it, a readout that divides by 4")
{
    auto& engine = any_engine();
    const auto model = wide_model();
    const auto optimizer = GENERATE(spec::Optimizer{.momentum = 0.9, .weight_decay = 0.01},
                                    spec::Optimizer{.kind = spec::OptimizerKind::adam});
    const bool is_adam = optimizer.kind == spec::OptimizerKind::adam;
    constexpr double rate = 0.01;
    const auto initial = initial_parameters(model, 5);
    const auto replica = engine.replica(model, optimizer);
    replica->begin(initial, 1);

    // For each tensor: what its rates are multiplied by, and by what its values are divided on their way forward.
    struct Rule {
        double sgd;
        double adam;
        double divisor;
    };
    const std::vector<Rule> rules{{4, 1, 1}, {4, 1, 1}, {1, 0.25, 1}, {4, 1, 1}, {4, 1, 4}, {1, 1, 1}};
    REQUIRE(rules.size() == model.parameters.slots.size());
    std::vector<Rule> rule_of(initial.size());
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const auto& slot = model.parameters.slots[i];
        std::fill_n(rule_of.begin() + static_cast<std::ptrdiff_t>(slot.offset), slot.size, rules[i]);
    }

    std::vector<double> parameters(initial.begin(), initial.end());
    for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i] *= rule_of[i].divisor;
    std::vector<double> first(parameters.size());
    std::vector<double> second(parameters.size());
    auto effective = parameters;
    for (int step = 1; step <= 10; ++step) {
        for (std::size_t i = 0; i < parameters.size(); ++i) effective[i] = parameters[i] / rule_of[i].divisor;
        const auto data = noise(model.shape, 4, static_cast<std::uint64_t>(step));
        const auto expected = reference_step(model, effective, data.pixels, data.labels);
        CHECK(replica->step(data.batch(), rate) == Approx(expected.loss).epsilon(1e-4));
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const auto& rule = rule_of[i];
            const double factor = is_adam ? rule.adam : rule.sgd;
            const double d = expected.gradient[i] / rule.divisor + optimizer.weight_decay / factor * parameters[i];
            if (is_adam) {
                first[i] = 0.9 * first[i] + 0.1 * d;
                second[i] = 0.999 * second[i] + 0.001 * d * d;
                parameters[i] -= factor * rate * (first[i] / (1 - std::pow(0.9, step))) /
                                 (std::sqrt(second[i] / (1 - std::pow(0.999, step))) + 1e-8);
            } else {
                first[i] = 0.9 * first[i] + d;
                parameters[i] -= factor * rate * first[i];
            }
        }
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) effective[i] = parameters[i] / rule_of[i].divisor;
    const auto after = parameters_of(*replica, model);
    for (const auto& slot : model.parameters.slots) {
        INFO(slot.name);
        CHECK(distance(slot, after, effective) < 1e-4);
    }
}

TEST_CASE("An evaluation agrees with double precision and changes nothing")
{
    auto& engine = any_engine();
    const auto model = any_model();
    const auto initial = uneven_parameters(model, 6);
    const auto data = noise(model.shape, 15, 2);
    const auto expected = reference_step(model, std::vector<double>(initial.begin(), initial.end()), data.pixels,
                                         data.labels, ReferenceMode::evaluation);
    std::uint64_t correct = 0;
    for (std::size_t i = 0; i < data.labels.size(); ++i) {
        const auto& logits = expected.logits[i];
        correct += std::max_element(logits.begin(), logits.end()) - logits.begin() == data.labels[i];
    }

    const auto replica = engine.replica(model, {});
    replica->begin(initial, 1);
    const auto score = replica->evaluate(data.batch());
    CHECK(score.samples == 15);
    CHECK(score.correct == correct);
    CHECK(score.loss_sum == Approx(15 * expected.loss).epsilon(1e-5));
    CHECK(parameters_of(*replica, model) == initial);
}

TEST_CASE("Equal logits count for the lowest class")
{
    auto& engine = any_engine();
    const auto model = model_of_all_layers();
    const auto replica = engine.replica(model, {});
    replica->begin(std::vector<float>(model.parameters.size), 1);  // all logits are 0
    auto data = noise(model.shape, 4, 1);
    data.labels = {0, 1, 2, 3};
    const auto score = replica->evaluate(data.batch());
    CHECK(score.correct == 1);
    CHECK(score.loss_sum == Approx(4 * std::log(4.0)));
}

TEST_CASE("A training gives the same bits, whatever the replica or the process did before")
{
    auto& engine = any_engine();
    const auto model = build_model({.name = "small-cnn", .layers = {}, .torchscript = {}}, {});
    const auto initial = initial_parameters(model, 1);
    const spec::Optimizer optimizer{.momentum = 0.9};
    const auto trained = [&](Replica& replica) {
        replica.begin(initial, 1);
        for (std::uint64_t step = 0; step < 5; ++step) (void)replica.step(noise(model.shape, 32, step).batch(), 0.02);
        return sha256(parameters_of(replica, model));
    };
    const auto replica = engine.replica(model, optimizer);
    const auto first = trained(*replica);
    CHECK(trained(*replica) == first);

    // Another model, other batch sizes, evaluations in between, another thread.
    const auto other = model_of_all_layers();
    const auto busy = engine.replica(other, {});
    busy->begin(initial_parameters(other, 1), 1);
    for (std::uint64_t step = 0; step < 20; ++step) (void)busy->step(noise(other.shape, 1 + step, step).batch(), 0.1);
    (void)replica->evaluate(noise(model.shape, 100, 9).batch());
    CHECK(trained(*replica) == first);

    std::string elsewhere;
    std::thread{[&] { elsewhere = trained(*engine.replica(model, optimizer)); }}.join();
    CHECK(elsewhere == first);
}

TEST_CASE("Dropout draws anew each step, by the training's seed alone, and not at all in an evaluation")
{
    auto& engine = any_engine();
    const auto model = model_with_dropout();
    const auto initial = initial_parameters(model, 2);
    const auto replica = engine.replica(model, {});
    const auto data = noise(model.shape, 16, 1);
    const auto losses = [&](std::uint64_t seed) {
        replica->begin(initial, seed);
        std::array<double, 3> of_steps{};
        for (auto& loss : of_steps) loss = replica->step(data.batch(), 0);
        return of_steps;
    };
    const auto first = losses(1);
    CHECK(first[0] != first[1]);
    CHECK(first[1] != first[2]);
    CHECK(losses(1) == first);
    CHECK(losses(2)[0] != first[0]);

    const auto expected = reference_step(model, std::vector<double>(initial.begin(), initial.end()), data.pixels,
                                         data.labels, ReferenceMode::evaluation);
    CHECK(replica->evaluate(data.batch()).loss_sum == Approx(16 * expected.loss).epsilon(1e-5));

    replica->begin(initial, 3);
    (void)replica->step(data.batch(), 0.1);
    const auto state = replica->state();
    (void)replica->step(data.batch(), 0.1);
    const auto resumed = engine.replica(model, {});
    resumed->restore(state);
    (void)resumed->step(data.batch(), 0.1);
    CHECK(parameters_of(*resumed, model) == parameters_of(*replica, model));
}

TEST_CASE("Dropout hands on as much as goes in, on average over many steps")
{
    // One value in, of weight 1 and no bias: the mean logit over many draws is the value itself.
    auto& engine = any_engine();
    const auto model = build_model(
        {.name = "mean", .layers = {spec::Flatten{}, spec::Dropout{0.2}, spec::Linear{2}}, .torchscript = {}},
        {1, 1, 1, 2});
    const auto replica = engine.replica(model, {});
    replica->begin(std::vector<float>{1, 0, 0, 0}, 5);  // logits x and 0
    test::FloatBatch data;
    data.pixels.assign(1'000, 1);
    data.labels.assign(1'000, 0);
    // The loss is log(1 + e^-x): log 2 where dropped, else with x = 1.25.
    double loss = 0;
    for (int step = 0; step < 20; ++step) loss += replica->step(data.batch(), 0) / 20;
    CHECK(loss == Approx(0.2 * std::log(2) + 0.8 * std::log1p(std::exp(-1.25))).epsilon(0.01));
}

TEST_CASE("A batch of one value for each channel has no variance to normalize by, and is refused")
{
    auto& engine = any_engine();
    const auto model = build_model(
        {.name = "one",
         .layers = {spec::GlobalAvgPool2d{}, spec::Conv2d{4, 1}, spec::BatchNorm{}, spec::Flatten{}, spec::Linear{4}},
         .torchscript = {}},
        {2, 5, 5, 4});
    const auto replica = engine.replica(model, {});
    replica->begin(initial_parameters(model, 1), 1);
    CHECK_THROWS_AS(replica->step(noise(model.shape, 1, 1).batch(), 0.1), DataError);
    CHECK_THROWS_WITH(replica->step(noise(model.shape, 1, 1).batch(), 0.1),
                      Catch::Matchers::Contains("\"last_batch\": \"drop\""));
    CHECK(std::isfinite(replica->step(noise(model.shape, 2, 1).batch(), 0.1)));
    CHECK(replica->evaluate(noise(model.shape, 1, 1).batch()).samples == 1);
}

TEST_CASE("A training goes on from its state in another replica bit for bit")
{
    auto& engine = any_engine();
    const auto model = build_model({.name = "small-cnn", .layers = {}, .torchscript = {}}, {});
    for (const auto& optimizer : {spec::Optimizer{.momentum = 0.9, .weight_decay = 1e-4},
                                  spec::Optimizer{.kind = spec::OptimizerKind::adam}, spec::Optimizer{}}) {
        const auto steps = [&](Replica& replica, std::uint64_t first, std::uint64_t last) {
            for (auto step = first; step < last; ++step) (void)replica.step(noise(model.shape, 32, step).batch(), 0.02);
        };
        const auto whole = engine.replica(model, optimizer);
        whole->begin(initial_parameters(model, 1), 1);
        steps(*whole, 0, 3);
        const auto state = whole->state();
        steps(*whole, 3, 6);

        const auto resumed = engine.replica(model, optimizer);
        resumed->restore(state);
        steps(*resumed, 3, 6);
        CHECK(sha256(parameters_of(*resumed, model)) == sha256(parameters_of(*whole, model)));

        CHECK_THROWS_AS(resumed->restore(std::span{state}.first(state.size() - 1)), DataError);
        CHECK_THROWS_AS(resumed->restore(std::vector<std::byte>(100)), DataError);
    }
}

TEST_CASE("Replicas trained at the same time don't disturb each other")
{
    auto& engine = any_engine();
    const auto model = model_of_all_layers();
    const auto trained = [&](std::uint64_t seed) {
        const auto replica = engine.replica(model, {.momentum = 0.9});
        replica->begin(initial_parameters(model, seed), seed);
        for (std::uint64_t step = 0; step < 30; ++step)
            (void)replica->step(noise(model.shape, 8, seed + step).batch(), 0.05);
        return parameters_of(*replica, model);
    };
    const auto alone = std::array{trained(1), trained(2)};
    std::array<std::vector<float>, 2> together;
    {
        std::jthread one{[&] { together[0] = trained(1); }};
        std::jthread two{[&] { together[1] = trained(2); }};
    }
    CHECK(together == alone);
}

TEST_CASE("Training learns")
{
    auto& engine = any_engine();
    // Four noisy prototypes, one a class.
    const auto model = model_of_all_layers();
    const auto prototypes = noise(model.shape, 4, 11);
    auto data = noise(model.shape, 64, 12);
    const std::size_t size = data.pixels.size() / 64;
    for (std::size_t i = 0; i < 64; ++i) {
        data.labels[i] = static_cast<std::int64_t>(i % 4);
        for (std::size_t j = 0; j < size; ++j)
            data.pixels[i * size + j] = prototypes.pixels[i % 4 * size + j] + 0.2F * data.pixels[i * size + j];
    }
    const auto replica = engine.replica(model, {.momentum = 0.9});
    replica->begin(initial_parameters(model, 1), 1);
    for (int step = 0; step < 200; ++step) (void)replica->step(data.batch(), 0.05);
    CHECK(replica->evaluate(data.batch()).correct == 64);
}
