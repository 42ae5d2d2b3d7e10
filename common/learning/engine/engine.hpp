#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/learning/engine/gradient_correction.hpp"
#include "common/learning/model/model.hpp"
#include "common/learning/model/operator_cost.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::learning {

/// Preprocessed images that become floats when an engine wants one, in the engine's own memory.
class Images {
public:
    virtual ~Images() = default;

    /// Writes image `index`: channels x height x width floats, row-major.
    virtual void write(std::size_t index, float* to) const = 0;
};

/// A label for each sample, and the samples' images: those of `images` from number `first_image` on.
struct Batch {
    const Images& images;
    std::span<const std::int64_t> labels;
    std::size_t first_image = 0;

    void write_image(std::size_t sample, float* to) const { images.write(first_image + sample, to); }
    [[nodiscard]] Batch part(std::size_t first, std::size_t count) const
    {
        return {images, labels.subspan(first, count), first_image + first};
    }
};

struct Score {
    double loss_sum = 0;        ///< cross-entropy in nats, summed over samples
    std::uint64_t correct = 0;  ///< argmax equals the label; ties go to the lowest class
    std::uint64_t samples = 0;
};

/// One copy of a model in an engine. One thread uses it at a time, and computes on that thread alone.
class Replica {
public:
    virtual ~Replica() = default;

    /// Takes these parameters, sets the optimizer's state to zero, and seeds the model's own randomness. The gradients
    /// of the steps to come are so corrected; the correction's values are borrowed until the next `begin`.
    virtual void begin(std::span<const float> parameters, std::uint64_t seed, const GradientCorrection& correction) = 0;
    void begin(std::span<const float> parameters, std::uint64_t seed) { begin(parameters, seed, {}); }
    /// One optimizer step on the mean cross-entropy of the batch; returns that loss.
    virtual double step(const Batch& batch, double learning_rate) = 0;
    /// Changes nothing.
    virtual Score evaluate(const Batch& batch) = 0;
    /// The parameters as they are now.
    virtual void read(std::span<float> parameters) const = 0;
    /// All that the next steps depend on: parameters, what else the model holds, the optimizer's state, randomness.
    [[nodiscard]] virtual std::vector<std::byte> state() const = 0;
    /// Goes on, bit for bit, from the `state` of a replica of the same model and optimizer. Throws DataError for
    /// anything else.
    virtual void restore(std::span<const std::byte> state) = 0;
};

/// What computed the numbers. It goes into summary.json, since the same bits are promised for the same engine only.
struct EngineInfo {
    std::string name;     ///< "native", "torch"
    std::string version;  ///< "Fedgram 0.1.0", "LibTorch 1.13.1"
    std::string blas;     ///< path of the BLAS in use, or "none"
    std::string cpu;      ///< the instruction set that it chose
};

class Engine {
public:
    virtual ~Engine() = default;

    [[nodiscard]] virtual EngineInfo info() const = 0;
    /// Throws SpecError for a model that it can't run.
    [[nodiscard]] virtual std::unique_ptr<Replica> replica(const Model& model, const spec::Optimizer& optimizer) = 0;
    /// A replica that lives and trains on a device: "cuda", or "cpu" by the same road, for tests. Unlike `replica`, its
    /// bits are the device's own. Throws SpecError where the engine knows no devices, SystemError where this one isn't
    /// here.
    [[nodiscard]] virtual std::unique_ptr<Replica> device_replica(const Model& model, const spec::Optimizer& optimizer,
                                                                  const std::string& device);
    /// Why the engine can't train on "cuda" here, and the way out; empty where it can.
    [[nodiscard]] virtual std::string missing_for_cuda() const;
    /// Reads a TorchScript file: its parameter table, and its cost counted from one forward pass. Throws DataError
    /// for what is no TorchScript or doesn't map [N,C,H,W] to [N,classes], and for an operator whose cost isn't known.
    [[nodiscard]] virtual Model describe(const std::filesystem::path& torchscript, Shape shape) = 0;
    /// What a TorchScript file costs, operator by operator. Unlike `describe` it takes one that isn't known.
    [[nodiscard]] virtual ItemizedCost itemize(const std::filesystem::path& torchscript, Shape shape) = 0;
    /// The values stored in the model's TorchScript file. Only for models from `describe`.
    [[nodiscard]] virtual std::vector<float> stored_parameters(const Model& model) = 0;
    /// Writes a TorchScript file that `torch.jit.load` opens, by a temporary name and a rename.
    virtual void write_torchscript(const Model& model, std::span<const float> parameters,
                                   const std::filesystem::path& path) = 0;
};

}  // namespace fedgram::learning
