// How fast an engine trains and evaluates a built-in model on one core, on random data: samples a CPU second as one
// JSON line, with the rate of the BLAS's matrix products as a yardstick. tests/bench/plain_loop.cpp is another.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "common/error/exit_code.hpp"
#include "common/learning/open_engine.hpp"
#include "common/learning/training/training.hpp"
#include "datasets/sharing/data_source.hpp"
#include "tests/bench/blas_yardstick.hpp"
#include "tests/bench/cpu_clock.hpp"

namespace {

using namespace fedgram;
using bench::cpu_seconds_of;

// Linear layers multiply by so many samples at once in both the evaluation and its yardstick.
constexpr int evaluation_batch = 64;

void measure(const std::string& engine_name, const std::string& name, std::uint32_t batch, std::uint32_t samples)
{
    const auto model = learning::build_model({.name = name, .layers = {}, .torchscript = {}}, {});
    // It must really learn: where ReLUs die, a gradient has more zeros, and the native engine leaves those out.
    const spec::Optimizer optimizer{.learning_rate = 0.01, .momentum = 0.9};
    const auto engine = learning::open_engine(engine_name);
    std::vector<std::unique_ptr<learning::Replica>> replicas;
    replicas.push_back(engine->replica(model, optimizer));
    replicas[0]->begin(learning::initial_parameters(model, 1), 1);

    const auto dataset = datasets::DataSource{}.get({.dataset = "fashion-mnist"});
    std::vector<std::uint32_t> indices(samples);
    std::iota(indices.begin(), indices.end(), 0U);

    const learning::Samples data{dataset.train.pixels, dataset.train.labels};
    const learning::Samples seen{dataset.train.pixels.first(std::size_t{samples} * 784),
                                 dataset.train.labels.first(samples)};
    const spec::Normalization normalization{.mean = {0.286}, .standard_deviation = {0.353}};
    const auto train = [&](std::span<const std::uint32_t> share) {
        (void)learning::train_locally(*replicas[0], model, data, share, normalization, 1, batch, optimizer, {},
                                      [] { return true; });
    };
    train(
        std::span{indices}.first(std::min<std::size_t>(samples, 10 * std::size_t{batch})));  // the first steps are slow
    const double train_seconds = cpu_seconds_of([&] { train(indices); });
    learning::Evaluation evaluation;
    const double evaluate_seconds =
        cpu_seconds_of([&] { evaluation = learning::evaluate(replicas, model, seen, normalization); });
    const bench::BlasYardstick blas;
    const double step_flops = static_cast<double>(model.cost.forward_flops + model.cost.backward_flops);
    const nlohmann::ordered_json figures{
        {"model", name},
        {"batch", batch},
        {"engine", engine->info().version},
        {"cpu", engine->info().cpu},
        {"accuracy", evaluation.accuracy},
        {"train_samples_per_cpu_second", samples / train_seconds},
        {"evaluate_samples_per_cpu_second", samples / evaluate_seconds},
        {"train_flops_per_cpu_second", samples / train_seconds * step_flops},
        {"sgemm_flops_per_cpu_second", blas.flops_per_second()},
        {"evaluation_over_forward_sgemm", evaluate_seconds / samples / blas.forward_seconds(model, evaluation_batch)}};
    std::printf("%s\n", figures.dump().c_str());
}

}  // namespace

int main(int argc, char** argv)
{
    std::string engine = "native";
    std::string model = "small-cnn";
    std::uint32_t batch = 32;
    std::uint32_t samples = 6'000;
    CLI::App app{"Samples a second of Fedgram's engine on one core, as JSON", "fedgram-engine-speed"};
    app.add_option("--engine", engine, "native or torch")->capture_default_str();
    app.add_option("--model", model, "built-in model")->capture_default_str();
    app.add_option("--batch", batch, "batch size")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--samples", samples, "samples to train and evaluate")
        ->check(CLI::Range(1U, 60'000U))
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return fedgram::exit_code_of("fedgram-engine-speed", [&] { measure(engine, model, batch, samples); });
}
