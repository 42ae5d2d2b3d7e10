#include "common/learning/coordinates/coordinate_check.hpp"

#include <algorithm>
#include <cmath>

#include "common/learning/model/model_width.hpp"
#include "common/learning/native/layer_outputs.hpp"
#include "common/learning/native/native_engine.hpp"
#include "common/learning/training/stored_batch.hpp"
#include "common/random/stream.hpp"

namespace fedgram::learning {

namespace {

// Of a model's 10^5 outputs for so many samples, the mean is known to a per cent.
constexpr std::size_t looked_at = 64;

/// By how much a value has changed, either way; infinite where it isn't finite.
double change(double growth)
{
    const double change = std::abs(std::log(growth));
    return std::isfinite(change) ? change : HUGE_VAL;
}

class Batches {
public:
    Batches(const CoordinateTrial& trial, const Samples& data, std::span<const std::uint32_t> indices,
            const spec::Normalization& normalization)
        : order_{indices.begin(), indices.end()},
          size_{std::min<std::size_t>(trial.batch_size, order_.size())},
          batch_{data, pixels_per_sample(trial.shape), normalization}
    {
        Stream{trial.seed, Purpose::local_shuffle, 1}.shuffle(std::span{order_});
    }

    /// A new epoch goes through them in the same order.
    [[nodiscard]] Batch of_step(std::uint32_t step)
    {
        return batch_.of(std::span{order_}.subspan(step % (order_.size() / size_) * size_, size_));
    }
    [[nodiscard]] Batch to_look_at() { return batch_.of(std::span{order_}.first(std::min(looked_at, order_.size()))); }

private:
    std::vector<std::uint32_t> order_;
    std::size_t size_;
    StoredBatch batch_;
};

}  // namespace

std::vector<LayerCoordinates> coordinates(const CoordinateTrial& trial, spec::Parametrization parametrization,
                                          const Samples& data, std::span<const std::uint32_t> indices,
                                          const spec::Normalization& normalization)
{
    const auto engine = native::make_engine(native::usable_instruction_sets().back());
    Batches batches{trial, data, indices, normalization};
    std::vector<LayerCoordinates> result;
    for (std::size_t place = 0; place < trial.widths.size(); ++place) {
        const auto model = build_model({.name = {},
                                        .layers = at_width(trial.layers, trial.widths[place]),
                                        .torchscript = {},
                                        .parametrization = parametrization},
                                       trial.shape);
        const auto add = [&](std::uint32_t step, const std::vector<native::LayerOutput>& outputs) {
            result.resize(outputs.size());
            for (std::size_t i = 0; i < outputs.size(); ++i) {
                result[i].layer = outputs[i].layer;
                result[i].by_steps.resize(trial.steps + 1, std::vector<double>(trial.widths.size()));
                result[i].by_steps[step][place] += outputs[i].mean_magnitude / trial.seeds;
            }
        };
        const auto replica = engine->replica(model, trial.optimizer);
        for (std::uint64_t seed = trial.seed; seed < trial.seed + trial.seeds; ++seed) {
            auto parameters = initial_parameters(model, seed);
            replica->begin(parameters, seed);
            for (std::uint32_t step = 0; step <= trial.steps; ++step) {
                if (step > 0)
                    static_cast<void>(replica->step(batches.of_step(step - 1), trial.optimizer.learning_rate));
                replica->read(parameters);
                add(step, native::layer_outputs(model, parameters, batches.to_look_at()));
            }
        }
    }
    return result;
}

double growth(std::span<const double> by_width) { return by_width.back() / by_width.front(); }

bool LargestChange::is_flat() const { return change(growth) <= std::log(2.0); }

LargestChange largest_change(const std::vector<LayerCoordinates>& layers)
{
    LargestChange largest;
    for (const auto& layer : layers) {
        double sum = 0;
        for (std::size_t steps = 1; steps < layer.by_steps.size(); ++steps)
            sum += std::log(learning::growth(layer.by_steps[steps]));
        const double mean = std::exp(sum / static_cast<double>(layer.by_steps.size() - 1));
        if (largest.layer.empty() || change(mean) > change(largest.growth)) largest = {layer.layer, mean};
    }
    return largest;
}

}  // namespace fedgram::learning
