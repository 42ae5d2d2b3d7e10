#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <thread>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/engine.hpp"
#include "common/learning/training.hpp"
#include "common/random/stream.hpp"
#include "tests/unit/learning/reference_net.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

namespace {

Engine& engine()
{
    static const auto opened = open_engine("torch");
    return *opened;
}

// All kinds of layers on 2 x 9 x 9 images of 4 classes: small enough to be computed naively, with strides, padding and
// a pooling that leaves a rest.
Model model_of_all_layers()
{
    using namespace spec;
    return build_model(
        {.name = "all",
         .layers = {Conv2d{5, 3, 1, 1}, Relu{}, MaxPool2d{2, 2}, Conv2d{6, 3, 1, 2}, Tanh{}, AvgPool2d{3, 1},
                    Conv2d{4, 2, 2, 0}, Relu{}, Flatten{}, Linear{7}, Tanh{}, Linear{4}},
         .torchscript = {}},
        {2, 9, 9, 4});
}

struct Data {
    std::vector<float> pixels;
    std::vector<std::int64_t> labels;
    [[nodiscard]] Batch batch() const { return {pixels, labels}; }
};

Data noise(const Shape& shape, std::size_t count, std::uint64_t seed)
{
    Stream stream{seed, Purpose::subset};
    Data data;
    data.pixels.resize(count * shape.channels * shape.height * shape.width);
    for (auto& pixel : data.pixels) pixel = static_cast<float>(stream.normal());
    data.labels.resize(count);
    for (auto& label : data.labels) label = static_cast<std::int64_t>(stream.below(shape.classes));
    return data;
}

// |a - b| / |b| over one slot, by Euclidean norms.
template <class A, class B>
double distance(const ParameterSlot& slot, const A& a, const B& b)
{
    double difference = 0;
    double norm = 0;
    for (std::size_t i = slot.offset; i < slot.offset + slot.size; ++i) {
        difference += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
        norm += std::pow(static_cast<double>(b[i]), 2);
    }
    return std::sqrt(difference / norm);
}

std::vector<float> parameters_of(const Replica& replica, const Model& model)
{
    std::vector<float> parameters(model.parameters.size);
    replica.read(parameters);
    return parameters;
}

// A folder of the test's own, gone afterwards.
class TemporaryFolder {
public:
    TemporaryFolder() : path{std::filesystem::temp_directory_path() / ("fedgram-torch-" + std::to_string(::getpid()))}
    {
        std::filesystem::create_directories(path);
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path path;
};

}  // namespace

TEST_CASE("Gradients agree with a naive network in double precision")
{
    const auto model = model_of_all_layers();
    const auto initial = initial_parameters(model, 3);
    const auto data = noise(model.shape, 5, 1);
    const auto expected =
        reference_step(model, std::vector<double>(initial.begin(), initial.end()), data.pixels, data.labels);

    // At a rate of 1, plain SGD leaves the gradient as the difference.
    const auto replica = engine().replica(model, {});
    replica->begin(initial, 1);
    const double loss = replica->step(data.batch(), 1);
    CHECK(loss == Approx(expected.loss).epsilon(1e-5));
    const auto after = parameters_of(*replica, model);
    std::vector<double> gradient(after.size());
    for (std::size_t i = 0; i < after.size(); ++i) gradient[i] = static_cast<double>(initial[i]) - after[i];
    for (const auto& slot : model.parameters.slots) {
        INFO(slot.name);
        CHECK(distance(slot, gradient, expected.gradient) < 1e-4);
    }
}

TEST_CASE("Ten steps of SGD with momentum and weight decay agree with double precision")
{
    const auto model = model_of_all_layers();
    const auto initial = initial_parameters(model, 4);
    constexpr double rate = 0.05;
    constexpr double momentum = 0.9;
    constexpr double decay = 0.01;
    const auto replica = engine().replica(model, {.momentum = momentum, .weight_decay = decay});
    replica->begin(initial, 1);

    std::vector<double> parameters(initial.begin(), initial.end());
    std::vector<double> buffer(parameters.size());
    for (std::uint64_t step = 0; step < 10; ++step) {
        const auto data = noise(model.shape, 3, step);
        const auto expected = reference_step(model, parameters, data.pixels, data.labels);
        CHECK(replica->step(data.batch(), rate) == Approx(expected.loss).epsilon(1e-4));
        for (std::size_t i = 0; i < parameters.size(); ++i) {
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
    const auto model = model_of_all_layers();
    const auto initial = initial_parameters(model, 5);
    constexpr double rate = 0.001;
    const auto replica = engine().replica(model, {.kind = spec::OptimizerKind::adam});
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

TEST_CASE("An evaluation agrees with double precision and changes nothing")
{
    const auto model = model_of_all_layers();
    const auto initial = initial_parameters(model, 6);
    const auto data = noise(model.shape, 40, 2);
    const auto expected =
        reference_step(model, std::vector<double>(initial.begin(), initial.end()), data.pixels, data.labels);
    std::uint64_t correct = 0;
    for (std::size_t i = 0; i < data.labels.size(); ++i) {
        const auto& logits = expected.logits[i];
        correct += std::max_element(logits.begin(), logits.end()) - logits.begin() == data.labels[i];
    }

    const auto replica = engine().replica(model, {});
    replica->begin(initial, 1);
    const auto score = replica->evaluate(data.batch());
    CHECK(score.samples == 40);
    CHECK(score.correct == correct);
    CHECK(score.loss_sum == Approx(40 * expected.loss).epsilon(1e-5));
    CHECK(parameters_of(*replica, model) == initial);
}

TEST_CASE("Equal logits count for the lowest class")
{
    const auto model = model_of_all_layers();
    const auto replica = engine().replica(model, {});
    replica->begin(std::vector<float>(model.parameters.size), 1);  // all logits are 0
    auto data = noise(model.shape, 4, 1);
    data.labels = {0, 1, 2, 3};
    const auto score = replica->evaluate(data.batch());
    CHECK(score.correct == 1);
    CHECK(score.loss_sum == Approx(4 * std::log(4.0)));
}

TEST_CASE("A training gives the same bits, whatever the replica or the process did before")
{
    const auto model = build_model({.name = "small-cnn", .layers = {}, .torchscript = {}}, {});
    const auto initial = initial_parameters(model, 1);
    const spec::Optimizer optimizer{.momentum = 0.9};
    const auto trained = [&](Replica& replica) {
        replica.begin(initial, 1);
        for (std::uint64_t step = 0; step < 5; ++step) (void)replica.step(noise(model.shape, 32, step).batch(), 0.02);
        return sha256(parameters_of(replica, model));
    };
    const auto replica = engine().replica(model, optimizer);
    const auto first = trained(*replica);
    CHECK(trained(*replica) == first);

    // Another model, other batch sizes, evaluations in between, another thread.
    const auto other = model_of_all_layers();
    const auto busy = engine().replica(other, {});
    busy->begin(initial_parameters(other, 1), 1);
    for (std::uint64_t step = 0; step < 20; ++step) (void)busy->step(noise(other.shape, 1 + step, step).batch(), 0.1);
    (void)replica->evaluate(noise(model.shape, 100, 9).batch());
    CHECK(trained(*replica) == first);

    std::string elsewhere;
    std::thread{[&] { elsewhere = trained(*engine().replica(model, optimizer)); }}.join();
    CHECK(elsewhere == first);
}

TEST_CASE("A training goes on from its state in another replica bit for bit")
{
    const auto model = build_model({.name = "small-cnn", .layers = {}, .torchscript = {}}, {});
    for (const auto& optimizer : {spec::Optimizer{.momentum = 0.9, .weight_decay = 1e-4},
                                  spec::Optimizer{.kind = spec::OptimizerKind::adam}, spec::Optimizer{}}) {
        const auto steps = [&](Replica& replica, std::uint64_t first, std::uint64_t last) {
            for (auto step = first; step < last; ++step) (void)replica.step(noise(model.shape, 32, step).batch(), 0.02);
        };
        const auto whole = engine().replica(model, optimizer);
        whole->begin(initial_parameters(model, 1), 1);
        steps(*whole, 0, 3);
        const auto state = whole->state();
        steps(*whole, 3, 6);

        const auto resumed = engine().replica(model, optimizer);
        resumed->restore(state);
        steps(*resumed, 3, 6);
        CHECK(sha256(parameters_of(*resumed, model)) == sha256(parameters_of(*whole, model)));

        CHECK_THROWS_AS(resumed->restore(std::span{state}.first(state.size() - 1)), DataError);
        CHECK_THROWS_AS(resumed->restore(std::vector<std::byte>(100)), DataError);
    }
}

TEST_CASE("Replicas trained at the same time don't disturb each other")
{
    const auto model = model_of_all_layers();
    const auto trained = [&](std::uint64_t seed) {
        const auto replica = engine().replica(model, {.momentum = 0.9});
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
    const auto replica = engine().replica(model, {.momentum = 0.9});
    replica->begin(initial_parameters(model, 1), 1);
    for (int step = 0; step < 200; ++step) (void)replica->step(data.batch(), 0.05);
    CHECK(replica->evaluate(data.batch()).correct == 64);
}

TEST_CASE("The engine says what computes")
{
    const auto info = engine().info();
    CHECK(info.name == "torch");
    CHECK_THAT(info.version, Contains("LibTorch "));
    CHECK_FALSE(info.blas.empty());
    CHECK_FALSE(info.cpu.empty());
    CHECK(info.cpu != "unknown");
}

TEST_CASE("A written model is described as the layer list that it came from, and computes the same")
{
    const TemporaryFolder folder;
    const auto path = folder.path / "model.pt";
    const auto model = model_of_all_layers();
    const auto parameters = initial_parameters(model, 8);
    engine().write_torchscript(model, parameters, path);
    CHECK(std::distance(std::filesystem::directory_iterator{folder.path}, {}) == 1);  // no temporary file is left

    const auto read = engine().describe(path, model.shape);
    CHECK(read.name == "model");
    CHECK(read.layers.empty());
    CHECK(read.torchscript == path.string());
    REQUIRE(read.parameters.slots.size() == model.parameters.slots.size());
    for (std::size_t i = 0; i < read.parameters.slots.size(); ++i) {
        CHECK(read.parameters.slots[i].name == model.parameters.slots[i].name);
        CHECK(read.parameters.slots[i].shape == model.parameters.slots[i].shape);
        CHECK(read.parameters.slots[i].offset == model.parameters.slots[i].offset);
    }
    CHECK(engine().stored_parameters(read) == parameters);

    // Counting while it runs gives what counting by shapes gives.
    CHECK(read.cost.forward_flops == model.cost.forward_flops);
    CHECK(read.cost.backward_flops == model.cost.backward_flops);
    CHECK(read.cost.forward_bytes == model.cost.forward_bytes);
    CHECK(read.cost.backward_bytes == model.cost.backward_bytes);

    const auto data = noise(model.shape, 16, 1);
    const auto from_layers = engine().replica(model, {.momentum = 0.9});
    const auto from_file = engine().replica(read, {.momentum = 0.9});
    from_layers->begin(parameters, 1);
    from_file->begin(parameters, 1);
    CHECK(from_file->evaluate(data.batch()).loss_sum == from_layers->evaluate(data.batch()).loss_sum);
    for (int step = 0; step < 3; ++step)
        CHECK(from_file->step(data.batch(), 0.05) == from_layers->step(data.batch(), 0.05));
    CHECK(parameters_of(*from_file, read) == parameters_of(*from_layers, model));

    // And what was trained from a file can be written again.
    const auto trained = parameters_of(*from_file, read);
    engine().write_torchscript(read, trained, folder.path / "trained.pt");
    CHECK(engine().stored_parameters(engine().describe(folder.path / "trained.pt", model.shape)) == trained);
}

TEST_CASE("Writing to where nothing can be written is one clear error and leaves nothing")
{
    const auto model = model_of_all_layers();
    const std::vector<float> parameters(model.parameters.size);
    CHECK_THROWS_AS(engine().write_torchscript(model, parameters, "/nonexistent/model.pt"), SystemError);
    CHECK_THROWS_WITH(engine().write_torchscript(model, parameters, "/nonexistent/model.pt"),
                      Contains("/nonexistent/model.pt: can't be written") && !Contains("\n"));
}

TEST_CASE("A file that is no TorchScript is one clear error, and its type crosses the module's border")
{
    const TemporaryFolder folder;
    const auto path = folder.path / "text.pt";
    std::ofstream{path} << "not a model";
    CHECK_THROWS_AS(engine().describe(path, {}), DataError);
    CHECK_THROWS_WITH(engine().describe(path, {}), Contains("text.pt: not a TorchScript file") && !Contains("\n"));
    CHECK_THROWS_WITH(engine().describe(folder.path / "absent.pt", {}), Contains("absent.pt: no such file"));
    CHECK_THROWS_AS(engine().describe(folder.path, {}), DataError);
}

TEST_CASE("A model of the wrong input or output is refused with the shapes")
{
    const TemporaryFolder folder;
    const auto path = folder.path / "model.pt";
    const auto model = model_of_all_layers();
    engine().write_torchscript(model, initial_parameters(model, 1), path);
    CHECK_THROWS_WITH(engine().describe(path, {2, 9, 9, 5}),
                      Contains("Float [2, 4]") && Contains("float32 [N,5]") && !Contains("\n"));
    CHECK_THROWS_WITH(engine().describe(path, {1, 28, 28, 4}),
                      Contains("forward fails") && Contains("[N,1,28,28]") && !Contains("\n"));
}

TEST_CASE("A model file that changes after it was described is refused")
{
    const TemporaryFolder folder;
    const auto path = folder.path / "model.pt";
    const auto model = model_of_all_layers();
    engine().write_torchscript(model, initial_parameters(model, 1), path);
    const auto read = engine().describe(path, model.shape);
    const auto other =
        build_model({.name = "other", .layers = {spec::Flatten{}, spec::Linear{4}}, .torchscript = {}}, model.shape);
    engine().write_torchscript(other, initial_parameters(other, 1), path);
    CHECK_THROWS_AS(engine().replica(read, {}), DataError);
}
