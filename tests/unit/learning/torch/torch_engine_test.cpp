#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/open_engine.hpp"
#include "tests/unit/learning/engine/engine_cases.hpp"

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

std::vector<Engine*> learning::engines_under_test() { return {&engine()}; }

TEST_CASE("The engine says what computes")
{
    const auto info = engine().info();
    CHECK(info.name == "torch");
    CHECK_THAT(info.version, Contains("LibTorch "));
    CHECK_FALSE(info.blas.empty());
    CHECK_FALSE(info.cpu.empty());
    CHECK(info.cpu != "unknown");
}

TEST_CASE("A replica on a device learns as the engine's own does, by each optimizer, by muP too")
{
    const auto model = GENERATE(model_of_all_layers(), wide_model());
    const auto parameters = initial_parameters(model, 8);
    const auto data = noise(model.shape, 16, 1);
    for (const auto& optimizer : {spec::Optimizer{}, spec::Optimizer{.momentum = 0.9, .weight_decay = 0.01},
                                  spec::Optimizer{.momentum = 0.9, .weight_decay = 0.01, .nesterov = true},
                                  spec::Optimizer{.gradient_clip = 0.1},
                                  spec::Optimizer{.kind = spec::OptimizerKind::adam, .weight_decay = 0.01},
                                  spec::Optimizer{.kind = spec::OptimizerKind::adamw, .weight_decay = 0.5}}) {
        CAPTURE(static_cast<int>(optimizer.kind), optimizer.momentum);
        const auto ours = engine().replica(model, optimizer);
        const auto on_device = engine().device_replica(model, optimizer, "cpu");
        ours->begin(parameters, 1);
        on_device->begin(parameters, 1);
        for (int step = 0; step < 5; ++step)
            CHECK(on_device->step(data.batch(), 0.01) == Approx(ours->step(data.batch(), 0.01)).epsilon(1e-5));
        const auto expected = parameters_of(*ours, model);
        const auto found = parameters_of(*on_device, model);
        for (std::size_t i = 0; i < found.size(); ++i) REQUIRE(found[i] == Approx(expected[i]).margin(2e-5));
        CHECK(on_device->evaluate(data.batch()).loss_sum ==
              Approx(ours->evaluate(data.batch()).loss_sum).epsilon(1e-4));
    }
}

TEST_CASE("A replica on a device goes on from its state, bit for bit where nothing is random")
{
    const auto model = model_of_all_layers();
    const auto data = noise(model.shape, 16, 1);
    const spec::Optimizer adam{.kind = spec::OptimizerKind::adam};
    const auto whole = engine().device_replica(model, adam, "cpu");
    whole->begin(initial_parameters(model, 8), 1);
    whole->step(data.batch(), 0.01);
    const auto resumed = engine().device_replica(model, adam, "cpu");
    resumed->restore(whole->state());
    for (int step = 0; step < 2; ++step) CHECK(resumed->step(data.batch(), 0.01) == whole->step(data.batch(), 0.01));
    CHECK(parameters_of(*resumed, model) == parameters_of(*whole, model));
}

TEST_CASE("Without a GPU, CUDA is refused with what is missing")
{
    const auto missing = engine().missing_for_cuda();
    if (missing.empty()) return;  // a machine with a GPU trains on it
    CHECK_THAT(missing, Contains("CMAKE_PREFIX_PATH"));
    CHECK_THROWS_WITH(engine().device_replica(model_of_all_layers(), {}, "cuda"), missing);
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
    CHECK(read.cost.kernels.forward == model.cost.kernels.forward);
    CHECK(read.cost.kernels.backward == model.cost.kernels.backward);

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
    const TemporaryFolder folder;
    const auto file = folder.path / "missing" / "model.pt";
    CHECK_THROWS_AS(engine().write_torchscript(model, parameters, file), SystemError);
    CHECK_THROWS_WITH(engine().write_torchscript(model, parameters, file),
                      Contains(file.string() + ": can't be written") && !Contains("\n"));
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
                      Contains("forward fails: Given groups=1, weight of size [") &&
                          Contains("to have 2 channels, but got 1") && Contains("[N,1,28,28]") && !Contains("\n"));
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
