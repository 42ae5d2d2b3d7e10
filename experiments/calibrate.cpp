#include "experiments/calibrate.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <memory>
#include <numeric>
#include <span>

#include <nlohmann/json.hpp>

#include "common/carbon/number_text.hpp"
#include "common/energy/device_profile.hpp"
#include "common/error/error.hpp"
#include "common/learning/engine.hpp"
#include "common/learning/make_model.hpp"
#include "common/learning/training.hpp"
#include "common/random/stream.hpp"
#include "experiments/builtin_model.hpp"
#include "experiments/files.hpp"

namespace fedgram::experiments {

namespace {

constexpr std::uint32_t small_batch = 8;
constexpr std::uint32_t large_batch = 128;
constexpr std::uint32_t samples = 2'048;

// Random images: only their shape costs anything.
struct Images {
    std::vector<std::uint8_t> pixels;
    std::vector<std::uint8_t> labels;
    std::vector<std::uint32_t> indices;
};

Images random_images()
{
    Stream random{1, Purpose::subset};
    Images images;
    images.pixels.resize(std::size_t{samples} * 28 * 28);
    images.labels.resize(samples);
    images.indices.resize(samples);
    for (auto& pixel : images.pixels) pixel = static_cast<std::uint8_t>(random.below(256));
    for (auto& label : images.labels) label = static_cast<std::uint8_t>(random.below(10));
    std::iota(images.indices.begin(), images.indices.end(), 0U);
    return images;
}

class Trainer {
public:
    explicit Trainer(const std::string& model)
        : model_{builtin_model(model)},
          engine_{learning::open_engine("torch")},
          replica_{engine_->replica(model_, optimizer_)},
          images_{random_images()}
    {
        replica_->begin(learning::starting_parameters(model_, 1, [this]() -> learning::Engine& { return *engine_; }),
                        1);
    }

    [[nodiscard]] TimedWork train(std::uint32_t batch)
    {
        const auto start = std::chrono::steady_clock::now();
        const auto result = learning::train_locally(*replica_, model_, {images_.pixels, images_.labels},
                                                    images_.indices, {.mean = 0.286, .standard_deviation = 0.353}, 1,
                                                    batch, optimizer_, {}, [] { return true; });
        const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
        return {result.work, time.count()};
    }

    [[nodiscard]] std::string engine() const
    {
        const auto info = engine_->info();
        return info.version + ", " + info.cpu;
    }

private:
    spec::Optimizer optimizer_{.learning_rate = 0.01, .momentum = 0.9};
    learning::Model model_;
    std::unique_ptr<learning::Engine> engine_;
    std::unique_ptr<learning::Replica> replica_;
    Images images_;
};

struct Series {
    std::vector<double> rates;      // FLOP/s
    std::vector<double> overheads;  // s a step
    double traffic = 0;             // bytes a second of the roofline's memory count, at the most
};

Series measure(Trainer& trainer, std::uint32_t repetitions)
{
    static_cast<void>(trainer.train(large_batch));  // the first steps are slow
    Series series;
    for (std::uint32_t i = 0; i < repetitions; ++i) {
        const auto small = trainer.train(small_batch);
        const auto large = trainer.train(large_batch);
        const auto [rate, overhead] = solve_throughput(small, large);
        series.rates.push_back(rate);
        series.overheads.push_back(overhead);
        // Small batches move the most memory for each FLOP.
        series.traffic = std::max(series.traffic, static_cast<double>(small.work.memory_bytes) /
                                                      static_cast<double>(small.work.flops) * rate);
    }
    return series;
}

energy::Figure measured(std::vector<double> values, double unit, const std::string& source)
{
    std::ranges::sort(values);
    return {values[values.size() / 2] / unit, values.front() / unit, values.back() / unit, energy::Standing::measured,
            source};
}

energy::Figure stated(double value, const std::string& source)
{
    return {value, std::nullopt, std::nullopt, energy::Standing::assumed, source};
}

energy::DeviceProfile profile_of(const CalibrateOptions& options, const Series& series, const std::string& engine)
{
    const auto how = "fedgram calibrate: " + options.model + " on one core, " + engine + ", batches of " +
                     std::to_string(small_batch) + " and " + std::to_string(large_batch) + ", median of " +
                     std::to_string(options.repetitions) + "; band: the least and the most";
    energy::DeviceProfile profile;
    profile.id = options.id;
    profile.name = options.name.empty() ? options.id : options.name;
    profile.device_class = energy::DeviceClass::edge;
    profile.boundary = options.boundary;
    profile.idle_w = stated(options.idle_w, "stated to fedgram calibrate");
    profile.train_w = stated(options.train_w, "stated to fedgram calibrate");
    profile.network_w = stated(options.idle_w, "as idle");
    profile.sustained_gflops = measured(series.rates, 1e9, how);
    profile.memory_gb_s = {series.traffic / 1e9, std::nullopt, std::nullopt, energy::Standing::measured,
                           how + "; the traffic that training reached, so that FLOPs stay the bound"};
    profile.step_overhead_s = measured(series.overheads, 1, how);
    return profile;
}

}  // namespace

Throughput solve_throughput(const TimedWork& small_batches, const TimedWork& large_batches)
{
    // By Cramer's rule.
    const auto flops = [](const TimedWork& timed) { return static_cast<double>(timed.work.flops); };
    const auto steps = [](const TimedWork& timed) { return static_cast<double>(timed.work.steps); };
    const double determinant =
        flops(small_batches) * steps(large_batches) - flops(large_batches) * steps(small_batches);
    const double seconds_per_flop =
        (small_batches.seconds * steps(large_batches) - large_batches.seconds * steps(small_batches)) / determinant;
    const double overhead =
        (flops(small_batches) * large_batches.seconds - flops(large_batches) * small_batches.seconds) / determinant;
    if (overhead < 0 || seconds_per_flop <= 0) return {flops(large_batches) / large_batches.seconds, 0};
    return {1 / seconds_per_flop, overhead};
}

int calibrate(const CalibrateOptions& options)
{
    Trainer trainer{options.model};
    const auto profile = profile_of(options, measure(trainer, options.repetitions), trainer.engine());
    const auto text = energy::to_json(profile).dump(2) + "\n";
    // What is written is what `--edge-device` will read.
    static_cast<void>(energy::parse_device_profile(nlohmann::ordered_json::parse(text), "the profile"));
    if (options.out.empty())
        std::cout << text;
    else
        write_file(options.out, text);
    std::cerr << options.model << " on one core: " << carbon::significant(profile.sustained_gflops.value)
              << " GFLOP/s and " << carbon::significant(profile.step_overhead_s.value * 1e3) << " ms a step\n";
    return 0;
}

}  // namespace fedgram::experiments
