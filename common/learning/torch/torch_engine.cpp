#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/csrc/api/include/torch/version.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include "common/error/error.hpp"
#include "common/learning/engine/blas.hpp"
#include "common/learning/engine/engine.hpp"
#include "common/learning/torch/built_in_batch.hpp"
#include "common/learning/torch/cost_counter.hpp"
#include "common/learning/torch/device_replica.hpp"
#include "common/learning/torch/library_call.hpp"
#include "common/learning/torch/max_pool.hpp"
#include "common/learning/torch/script_module.hpp"
#include "common/learning/torch/torch_replica.hpp"

namespace fedgram::learning::torch_engine {

namespace {

// The instruction set that ATen's kernels use, from its own report: "  - CPU capability usage: AVX2".
std::string cpu_capability()
{
    std::istringstream report{at::show_config()};
    const std::string key = "CPU capability usage: ";
    std::string line;
    while (std::getline(report, line))
        if (const auto found = line.find(key); found != std::string::npos) return line.substr(found + key.size());
    return "unknown";
}

std::string loaded_blas()
{
    std::ifstream maps{"/proc/self/maps"};
    return blas_in_maps(maps);
}

std::string wanted(const Shape& shape)
{
    return "; it must map float32 [N," + std::to_string(shape.channels) + "," + std::to_string(shape.height) + "," +
           std::to_string(shape.width) + "] to float32 [N," + std::to_string(shape.classes) + "]";
}

void check_output(const c10::IValue& output, std::int64_t samples, const std::string& where, const Shape& shape)
{
    if (!output.isTensor()) throw DataError{where + ": its forward returns " + output.tagKind() + wanted(shape)};
    const auto& logits = output.toTensor();
    if (logits.sizes() != c10::IntArrayRef{samples, shape.classes} || logits.scalar_type() != torch::kFloat32) {
        std::ostringstream found;
        found << c10::toString(logits.scalar_type()) << " " << logits.sizes() << " for a batch of " << samples;
        throw DataError{where + ": its forward gives " + found.str() + wanted(shape)};
    }
}

torch::Tensor black_images(std::int64_t samples, const Shape& shape)
{
    return torch::zeros({samples, shape.channels, shape.height, shape.width});
}

// What each operator costs while it trains, after checking that it maps [N,C,H,W] to [N,classes] then and, with another
// N, in an evaluation.
std::vector<OperatorCost> checked_costs(torch::jit::Module& module, const std::string& where, const Shape& shape)
{
    const auto explained = [&](const std::string& reason) {
        return where + ": its forward fails: " + reason + wanted(shape);
    };
    std::int64_t samples = 2;  // one alone would hide a model that drops the batch dimension
    c10::IValue output;
    module.train();
    auto costs = or_throw<DataError>(
        [&] { return cost_of_forward(module, black_images(samples, shape), samples, output); }, explained);
    check_output(output, samples, where, shape);

    ++samples;
    module.eval();
    output = or_throw<DataError>([&] { return module.forward({black_images(samples, shape)}); }, explained);
    check_output(output, samples, where, shape);
    return costs;
}

std::vector<OperatorCost> costs_of(torch::jit::Module& module, const std::string& where, const Shape& shape)
{
    try {
        return checked_costs(module, where, shape);
    } catch (DataError& failure) {
        if (const auto samples = built_in_batch(module, shape))
            failure.add_way_out("a batch of " + std::to_string(*samples) +
                                " is built into it: write x.flatten(1) or x.view(x.size(0), -1) instead of a fixed "
                                "batch size, or use torch.jit.script");
        throw;
    }
}

// A model file as it was read, with what it costs.
struct Described {
    ParameterTable parameters;
    ItemizedCost cost;
};

Described read_model(const std::filesystem::path& torchscript, const Shape& shape)
{
    const std::string where = torchscript.string();
    at::set_num_threads(1);
    const torch::jit::GraphOptimizerEnabledGuard as_written{false};
    auto module = load_module(torchscript);
    const auto tensors = federated_tensors(module, where);
    if (std::none_of(tensors.begin(), tensors.end(), [](const auto& each) { return each.tensor.requires_grad(); }))
        throw DataError{where + ": has no parameter that can be trained; save it without torch.jit.freeze"};

    Described result;
    result.parameters = table_of(tensors);
    result.cost = {result.parameters.size, costs_of(module, where, shape)};
    return result;
}

class TorchEngine final : public Engine {
public:
    [[nodiscard]] EngineInfo info() const override
    {
        return {"torch", "LibTorch " TORCH_VERSION, loaded_blas(), cpu_capability()};
    }

    [[nodiscard]] std::unique_ptr<Replica> replica(const Model& model, const spec::Optimizer& optimizer) override
    {
        return std::make_unique<TorchReplica>(model, optimizer);
    }

    [[nodiscard]] std::unique_ptr<Replica> device_replica(const Model& model, const spec::Optimizer& optimizer,
                                                          const std::string& device) override
    {
        if (device == "cuda")
            if (const auto missing = missing_for_cuda(); !missing.empty()) throw SystemError{missing};
        return std::make_unique<DeviceReplica>(model, optimizer, torch::Device{device});
    }

    [[nodiscard]] std::string missing_for_cuda() const override
    {
        if (at::hasCUDA()) return {};
        return "LibTorch " TORCH_VERSION
               " finds no GPU: it is built without CUDA, or the driver isn't there; build with "
               "a LibTorch that has CUDA, given by CMAKE_PREFIX_PATH, and see that nvidia-smi shows the GPU";
    }

    [[nodiscard]] Model describe(const std::filesystem::path& torchscript, Shape shape) override
    {
        const std::string where = torchscript.string();
        auto described = read_model(torchscript, shape);
        const auto cost = described.cost.sum();
        if (!cost)
            throw DataError{where + ": what it costs is unknown, for want of a rule for " + described.cost.unknown() +
                            "; build the model of convolutions, matrix products, recurrent and element-wise operators "
                            "(`fedgram models " +
                            where + "` shows them one by one)"};
        Model model;
        model.name = torchscript.stem().string();
        model.shape = shape;
        model.torchscript = where;
        model.parameters = std::move(described.parameters);
        model.cost = *cost;
        return model;
    }

    [[nodiscard]] ItemizedCost itemize(const std::filesystem::path& torchscript, Shape shape) override
    {
        return read_model(torchscript, shape).cost;
    }

    [[nodiscard]] std::vector<float> stored_parameters(const Model& model) override
    {
        std::vector<float> parameters(model.parameters.size);
        read_values(federated_tensors(load_module(model.torchscript), model.torchscript), parameters);
        return parameters;
    }

    void write_torchscript(const Model& model, std::span<const float> parameters,
                           const std::filesystem::path& path) override
    {
        auto module = make_module(model);
        set_values(federated_tensors(module, model.name), parameters);
        module.eval();
        const std::filesystem::path unfinished = path.string() + ".tmp";
        or_throw<SystemError>(
            [&] {
                module.save(unfinished.string());
                std::filesystem::rename(unfinished, path);
            },
            [&](const std::string& reason) {
                std::error_code ignored;
                std::filesystem::remove(unfinished, ignored);
                return path.string() + ": can't be written: " + reason;
            });
    }
};

}  // namespace

}  // namespace fedgram::learning::torch_engine

/// What open_engine() calls.
extern "C" fedgram::learning::Engine* fedgram_make_engine()
{
    const std::string blas = fedgram::learning::torch_engine::loaded_blas();
    if (fedgram::learning::is_reference_blas(blas))
        std::fprintf(stderr,
                     "warning: LibTorch computes with the reference BLAS (%s), which trains 2 to 10 times slower; "
                     "install libopenblas0-pthread\n",
                     blas.c_str());
    fedgram::learning::torch_engine::install_max_pool();
    return new fedgram::learning::torch_engine::TorchEngine;
}
