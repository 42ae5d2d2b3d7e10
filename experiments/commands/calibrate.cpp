#include "experiments/commands/calibrate.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <iostream>
#include <memory>
#include <numeric>
#include <span>
#include <thread>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/meters/discover.hpp"
#include "common/energy/meters/host.hpp"
#include "common/energy/meters/meter_sampler.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/learning/engine/make_model.hpp"
#include "common/learning/open_engine.hpp"
#include "common/learning/training/training.hpp"
#include "common/random/stream.hpp"
#include "common/text/number_text.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/lookup/builtin_model.hpp"
#include "experiments/lookup/machine_power.hpp"

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
                                                    images_.indices, {.mean = {0.286}, .standard_deviation = {0.353}},
                                                    1, batch, optimizer_, {}, [] { return true; });
        const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
        return {result.value().work, time.count()};
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
    std::vector<double> rates;    // FLOP/s
    std::vector<double> kernels;  // s of a kernel that has nothing to do
    double traffic = 0;           // bytes a second of the roofline's memory count, at the most
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
        series.kernels.push_back(overhead * static_cast<double>(small.work.steps) /
                                 static_cast<double>(small.work.kernels));
        // Small batches move the most memory for each FLOP.
        series.traffic = std::max(series.traffic, static_cast<double>(small.work.memory_bytes) /
                                                      static_cast<double>(small.work.flops) * rate);
    }
    return series;
}

energy::Figure measured(std::vector<double> values, double unit, const std::string& source)
{
    std::ranges::sort(values);
    return {values[values.size() / 2] / unit, values.front() / unit, values.back() / unit,
            energy::EvidenceLevel::measured, source};
}

/// Idle watts are steady: a few of a counter's longest periods are enough.
constexpr std::chrono::seconds idle_time{5};

/// Refuses, before anything is trained, a profile that would have no watts.
void check_power_source(const CalibrateOptions& options)
{
    const auto refuse = [](const std::string& option, double value, const std::string& expected) {
        throw SpecError{option + ": " + text::shortest(value) + " is not valid; use " + expected};
    };
    if (options.train_w && !(*options.train_w > 0 && std::isfinite(*options.train_w)))
        refuse("--train-w", *options.train_w, "watts above 0");
    if (options.idle_w && !(*options.idle_w >= 0 && std::isfinite(*options.idle_w)))
        refuse("--idle-w", *options.idle_w, "watts of at least 0");
    if (options.train_w && options.idle_w) return;
    if (options.train_w || options.idle_w)
        throw SpecError{std::string{options.train_w ? "--train-w without --idle-w" : "--idle-w without --train-w"} +
                        ": state both, or neither to have them measured"};
    const auto found = energy::discover_machine(options.sys);
    if (found.meters.empty()) throw SpecError{no_power_text(found.unavailable, std::nullopt)};
}

/// Runs `work` while the machine's meters measure.
MeteredSpan metered(const std::filesystem::path& sys, const std::function<void()>& work)
{
    using Clock = std::chrono::steady_clock;
    const auto begin = Clock::now();
    energy::MeterSampler sampler{energy::discover_machine(sys).meters, energy::sampling_period};
    work();
    sampler.stop();
    const std::chrono::duration<double> length = Clock::now() - begin;
    return {sampler.readings(), Seconds{length.count()}};
}

struct Calibration {
    Series series;
    MachinePower power;
};

Calibration calibration(Trainer& trainer, const CalibrateOptions& options)
{
    if (options.train_w && options.idle_w)
        return {measure(trainer, options.repetitions),
                stated_power(*options.idle_w, *options.train_w, options.boundary)};
    const auto idle = metered(options.sys, [] { std::this_thread::sleep_for(idle_time); });
    Series series;
    const auto training = metered(options.sys, [&] { series = measure(trainer, options.repetitions); });
    const auto power = metered_power(idle, training, energy::usable_cores());
    if (!power) throw SpecError{no_power_text({}, training)};
    return {series, *power};
}

energy::DeviceProfile profile_of(const CalibrateOptions& options, const Calibration& calibrated,
                                 const std::string& engine)
{
    const auto how = "fedgram calibrate: " + options.model + " on one core, " + engine + ", batches of " +
                     std::to_string(small_batch) + " and " + std::to_string(large_batch) + ", median of " +
                     std::to_string(options.repetitions) + "; band: the least and the most";
    const auto& [series, power] = calibrated;
    energy::DeviceProfile profile;
    profile.id = options.id;
    profile.name = options.name.empty() ? options.id : options.name;
    profile.device_class = energy::DeviceClass::edge;
    profile.boundary = power.boundary;
    profile.idle_w = power.idle_w;
    const auto assumed = [](double value, const std::string& reason) {
        return energy::Figure{value, std::nullopt, std::nullopt, energy::EvidenceLevel::assumed, reason};
    };
    profile.active_idle_w = assumed(power.idle_w.value, "as idle: a core that trains doesn't wait for another");
    profile.small_kernels_w = power.train_w;
    profile.full_w = power.train_w;
    profile.network_w = assumed(power.idle_w.value, "as idle");
    profile.sustained_gflops = measured(series.rates, 1e9, how);
    profile.memory_gb_s = {series.traffic / 1e9, std::nullopt, std::nullopt, energy::EvidenceLevel::measured,
                           how + "; the traffic that training reached, so that FLOPs stay the bound"};
    profile.kernel_s = measured(series.kernels, 1, how);
    const auto none = assumed(0, "the core is its own host: what a launch takes is in kernel_s");
    profile.eager_launch_s = profile.graph_launch_s = profile.step_overhead_s = none;
    profile.loading_s = assumed(0, "in sustained_gflops, which was measured with the samples' preparation");
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
    if (!options.training.empty() && options.by_logs.run.empty() && options.serving.run.empty())
        throw SpecError{"--training: \"" + options.training + "\" is of no run; name that by --run or --serving"};
    if (!options.by_logs.logs.empty()) {
        auto by_logs = options.by_logs;
        by_logs.training = options.training;
        return calibrate_by_logs(by_logs, options.id, options.name, options.out);
    }
    if (!options.serving.run.empty()) {
        auto serving = options.serving;
        serving.training = options.training;
        return calibrate_serving(serving, options.id, options.name, options.out);
    }
    check_power_source(options);
    Trainer trainer{options.model};
    const auto profile = profile_of(options, calibration(trainer, options), trainer.engine());
    const auto text = energy::to_json(profile).dump(2) + "\n";
    // What is written is what `--edge-device` will read.
    static_cast<void>(energy::parse_device_profile(nlohmann::ordered_json::parse(text), "the profile"));
    if (options.out.empty())
        std::cout << text;
    else
        files::write_file(options.out, text);
    std::cerr << options.model << " on one core: " << text::significant(profile.sustained_gflops.value)
              << " GFLOP/s and " << text::significant(profile.kernel_s.value * 1e6) << " us a kernel\n";
    return 0;
}

namespace {

void add_serving_options(const Subcommand& sub, CalibrateServingOptions& options)
{
    const auto serving = sub.option("--serving", &options.run,
                                    "Measure the models of this run in fedgram-serve here, and write a serving record "
                                    "for `fedgram analyze --device`")
                             .type_name("RUN");
    for (const auto* of_others : {"--model", "--train-w", "--idle-w", "--repetitions", "--log"})
        serving.excludes(sub.named(of_others));
    sub.option("--seconds-per-measurement", &options.seconds_per_measurement,
               "Of one that is stable at once, of some 20 for each form of the model")
        .between(0.1, 3600.0)
        .needs(serving)
        .shows_default();
    sub.option("--core-w", &options.core_power, "Watts of a busy core of this machine (default: no watts)")
        .needs(serving)
        .type_name("W|LOW:LIKELY:HIGH");
}

void add_log_options(const Subcommand& sub, CalibrateLogOptions& options)
{
    const auto log = sub.option("--log", &options.logs,
                                "Power log of work that is known: nvidia-smi, tegrastats, CodeCarbon, Zeus, turbostat, "
                                "perf stat or a CSV; may be given again")
                         .type_name("FILE")
                         .repeatable();
    for (const auto* of_a_training : {"--model", "--train-w", "--idle-w", "--repetitions"})
        log.excludes(sub.named(of_a_training));
    const auto of_log = [&](const std::string& name, auto* target, const std::string& what) {
        return sub.option(name, target, what).needs(log);
    };
    of_log("--work", &options.works, "The work meanwhile (JSON), one for each --log").type_name("FILE").repeatable();
    of_log("--run", &options.run, "The run whose training was the work").type_name("RUN");
    of_log("--base", &options.base, "The profile that gives what a log can't: an id or a path").type_name("DEVICE");
    of_log("--pace", &options.paces, "What sets the pace, one for each --log (default: by the watts)")
        .one_of({"host", "device"})
        .repeatable();
    of_log("--idle-log", &options.idle_log, "Log of the device with nothing open").type_name("FILE");
    of_log("--active-idle-log", &options.active_idle_log, "Log with the runtime open and nothing to do")
        .type_name("FILE");
    of_log("--offset", &options.offset_s, "How far the logs' clock is ahead of the work's").type_name("SECONDS");
    of_log("--gpu", &options.gpu, "The device to read, where a log holds several: index, UUID or name");
    of_log("--label", &options.label, "Only rows of this Zeus window, or CodeCarbon project or run");
    of_log("--columns", &options.columns, "What nvidia-smi was asked for, where the log has no heading").comma_list();
    of_log("--time-column", &options.time_column, "Column of the times, of any CSV");
    of_log("--watts-column", &options.watts_column, "Column of the watts");
    of_log("--joules-column", &options.joules_column, "Column of the joules since the row before");
    of_log("--utc-offset", &options.utc_offset_h, "How far the logs' local time is ahead of UTC").type_name("HOURS");
    of_log("--interval", &options.interval_s, "Time between two lines, where they bear none").type_name("SECONDS");
}

}  // namespace

void add_calibrate(CommandSet& commands)
{
    const auto options = std::make_shared<CalibrateOptions>();
    const auto sub =
        commands.add("calibrate",
                     "Make a device profile: of one core of this machine, or from power logs of any device; or a "
                     "record of how it serves",
                     "  fedgram calibrate --id my-board --out my-board.json      watts by this machine's meter\n"
                     "  fedgram calibrate --id my-board --train-w 6.5 --idle-w 2.7 --out my-board.json\n"
                     "  fedgram calibrate --id my-gpu --base a40 --log gpu.csv --work work.json --out my-gpu.json\n"
                     "  fedgram table results/mine --edge-device my-board.json\n"
                     "  fedgram calibrate --id my-pc --serving results/mine --out my-pc.json\n"
                     "  fedgram analyze results/mine --device my-pc.json --max-p99-ms 10",
                     calibrate, options);
    sub.option("--model", &options->model, "A built-in model").shows_default();
    sub.option("--id", &options->id, "Id of the profile").required();
    sub.option("--name", &options->name, "Its name for people (default: the id)");
    const auto stated = sub.option("--train-w", &options->train_w,
                                   "Watts of the machine while it trains one node (default: measured, where a meter "
                                   "works)");
    sub.option("--idle-w", &options->idle_w, "Watts while it waits (default: measured)");
    sub.option("--boundary", &options->boundary, "What stated watts enclose")
        .needs(stated)
        .one_of({"chip", "module", "board", "wall"})
        .shows_default();
    sub.option("--repetitions", &options->repetitions, "Trainings of each batch size").between(1, 1000).shows_default();
    sub.option("--out", &options->out, "File of the profile (default: standard output)").type_name("FILE");
    add_log_options(sub, options->by_logs);
    add_serving_options(sub, options->serving);
    sub.option("--training", &options->training,
               "Label of a run's training (default: of --run the only one, of --serving the first)");
}

}  // namespace fedgram::experiments
