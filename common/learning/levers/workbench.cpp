#include "common/learning/levers/workbench.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/levers/viewed_network.hpp"
#include "common/learning/model/flops.hpp"
#include "common/learning/model/kernels.hpp"
#include "common/learning/native/native_engine.hpp"
#include "common/learning/native/network.hpp"
#include "common/learning/training/epoch_batches.hpp"
#include "common/learning/training/stored_batch.hpp"
#include "common/random/stream.hpp"

namespace fedgram::learning {

namespace {

// No federation has a node of this number: levers shuffle by streams of their own.
constexpr std::uint32_t node_of_levers = 0xFFFFFFFF;

constexpr std::size_t batch_of_outputs = 64;

const native::Kernels& best_kernels() { return native::kernels(native::usable_instruction_sets().back()); }

// The teacher's logits for the samples of one batch.
void gather(const TeacherLogits& teacher, std::span<const std::uint32_t> places, std::size_t classes,
            std::vector<float>& to)
{
    to.resize(places.size() * classes);
    for (std::size_t i = 0; i < places.size(); ++i)
        std::copy_n(teacher.values.begin() + static_cast<std::ptrdiff_t>(places[i] * classes), classes,
                    to.begin() + static_cast<std::ptrdiff_t>(i * classes));
}

}  // namespace

Workbench::Workbench(WorkbenchSetting setting) : setting_{std::move(setting)} {}

spec::Optimizer Workbench::optimizer(const spec::FineTuning& rule) const
{
    auto optimizer = setting_.optimizer;
    optimizer.learning_rate = rule.learning_rate.value_or(optimizer.learning_rate);
    return optimizer;
}

std::uint64_t Workbench::steps(const spec::FineTuning& rule) const
{
    return rule.epochs *
           EpochBatches{setting_.indices.size(), rule.batch_size.value_or(setting_.batch_size), setting_.last_batch}
               .steps();
}

energy::Work Workbench::tune(const Model& model, std::vector<float>& parameters, const spec::FineTuning& rule,
                             const Tuning& how)
{
    const auto optimizer = this->optimizer(rule);
    const std::size_t count = setting_.indices.size();
    const EpochBatches batches{count, rule.batch_size.value_or(setting_.batch_size), setting_.last_batch};
    std::vector<std::uint8_t> labels;
    auto data = setting_.train;
    if (how.features) {
        for (const auto index : setting_.indices) labels.push_back(setting_.train.labels[index]);
        data = {.pixels = {}, .labels = labels, .values = *how.features};
    }
    StoredBatch batch{data, pixels_per_sample(model.shape),
                      how.features ? spec::Normalization{} : setting_.normalization};

    Stream stream{setting_.seed, Purpose::local_shuffle, ++tunings_, node_of_levers};
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    std::vector<std::uint32_t> indices;
    std::vector<float> logits;
    ViewedNetwork network{model, parameters, optimizer, how.view, stream.bits(), how.activations};
    std::uint64_t steps = 0;
    for (std::uint32_t epoch = 0; epoch < rule.epochs; ++epoch) {
        stream.shuffle(std::span{order});
        for (std::size_t first = 0, size = batches.at(0); size > 0; first += size, size = batches.at(first)) {
            const auto places = std::span{order}.subspan(first, size);
            indices.assign(places.begin(), places.end());
            if (!how.features)
                for (auto& index : indices) index = setting_.indices[index];
            if (how.before_step) how.before_step(steps, network.parameters());
            if (how.teacher == nullptr) {
                network.step(batch.of(indices), optimizer.learning_rate);
            } else {
                gather(*how.teacher, places, model.shape.classes, logits);
                const native::SoftTargets soft{logits, how.teacher->temperature, how.teacher->alpha};
                network.step(batch.of(indices), optimizer.learning_rate, &soft);
            }
            ++steps;
        }
    }
    const auto weights = network.weights();
    parameters.assign(weights.begin(), weights.end());
    if (!std::ranges::all_of(parameters, [](float value) { return std::isfinite(value); }))
        throw DataError{"its training has diverged: a weight is no finite number; use a lower learning_rate"};
    return training_work(model, optimizer, batches.samples_in(steps), steps);
}

Evaluation Workbench::evaluate(const Model& model, std::span<const float> parameters) const
{
    std::vector<std::unique_ptr<Replica>> replicas;
    replicas.push_back(native::make_engine(native::usable_instruction_sets().back())->replica(model, {}));
    replicas.front()->begin(parameters, setting_.seed);
    return learning::evaluate(replicas, model, setting_.test, setting_.normalization);
}

double Workbench::accuracy(const Model& model, const std::function<Score(const Batch& batch)>& score) const
{
    StoredBatch batch{setting_.test, pixels_per_sample(model.shape), setting_.normalization};
    const std::size_t samples = setting_.test.labels.size();
    std::uint64_t correct = 0;
    std::vector<std::uint32_t> indices;
    for (std::size_t first = 0; first < samples; first += indices.size()) {
        indices.resize(std::min(batch_of_outputs, samples - first));
        std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
        correct += score(batch.of(indices)).correct;
    }
    return static_cast<double>(correct) / static_cast<double>(samples);
}

std::vector<float> Workbench::outputs(const Model& model, std::span<const float> parameters, std::size_t samples) const
{
    const auto& shape = model.layers.back().output_shape;
    const auto size = static_cast<std::size_t>(
        std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, [](auto a, auto b) { return a * b; }));
    native::Network network{model, best_kernels()};
    network.take(parameters);
    StoredBatch batch{setting_.train, pixels_per_sample(model.shape), setting_.normalization};
    samples = std::min(samples, setting_.indices.size());
    std::vector<float> values(samples * size);
    for (std::size_t first = 0; first < samples; first += batch_of_outputs) {
        const std::size_t count = std::min(batch_of_outputs, samples - first);
        network.outputs(batch.of(setting_.indices.subspan(first, count)),
                        std::span{values}.subspan(first * size, count * size));
    }
    return values;
}

std::vector<float> Workbench::inputs(const Model& model, std::size_t samples) const
{
    const auto pixels = pixels_per_sample(model.shape);
    StoredBatch stored{setting_.train, pixels, setting_.normalization};
    samples = std::min(samples, setting_.indices.size());
    const auto batch = stored.of(setting_.indices.first(samples));
    std::vector<float> values(samples * pixels);
    for (std::size_t i = 0; i < samples; ++i) batch.write_image(i, values.data() + i * pixels);
    return values;
}

energy::Work Workbench::passes(const Model& model, std::uint64_t samples) const
{
    const auto batches = (samples + setting_.batch_size - 1) / setting_.batch_size;
    energy::Work work;
    work.samples = samples;
    work.steps = batches;
    work.flops = samples * model.cost.forward_flops;
    work.memory_bytes = samples * model.cost.forward_bytes + batches * model.parameters.bytes();
    work.kernels = batches * forward_kernels(model.cost.kernels);
    return work;
}

}  // namespace fedgram::learning
