// How fast Fedgram's engine trains and evaluates a built-in model, on one core and random data: samples a second as
// one JSON line. tests/bench/plain_loop.cpp is what it compares with.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include "common/error/exit_code.hpp"
#include "common/learning/engine.hpp"
#include "common/learning/training.hpp"
#include "common/random/stream.hpp"

namespace {

using namespace fedgram;

double seconds_of(const std::function<void()>& body)
{
    const auto start = std::chrono::steady_clock::now();
    body();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void measure(const std::string& name, std::uint32_t batch, std::uint32_t samples)
{
    const auto model = learning::build_model({.name = name, .layers = {}, .torchscript = {}}, {});
    const spec::Optimizer optimizer{.learning_rate = 0.03, .momentum = 0.9};
    const auto engine = learning::open_engine("torch");
    std::vector<std::unique_ptr<learning::Replica>> replicas;
    replicas.push_back(engine->replica(model, optimizer));
    replicas[0]->begin(learning::initial_parameters(model, 1), 1);

    Stream stream{1, Purpose::subset};
    std::vector<std::uint8_t> pixels(std::size_t{samples} * 784);
    std::vector<std::uint8_t> labels(samples);
    for (auto& pixel : pixels) pixel = static_cast<std::uint8_t>(stream.below(256));
    for (auto& label : labels) label = static_cast<std::uint8_t>(stream.below(10));
    std::vector<std::uint32_t> indices(samples);
    std::iota(indices.begin(), indices.end(), 0U);

    const learning::Samples data{pixels, labels};
    const spec::Normalization normalization{.mean = 0.286, .standard_deviation = 0.353};
    const auto train = [&](std::span<const std::uint32_t> share) {
        (void)learning::train_locally(*replicas[0], model, data, share, normalization, 1, batch, optimizer, {},
                                      [] { return true; });
    };
    train(
        std::span{indices}.first(std::min<std::size_t>(samples, 10 * std::size_t{batch})));  // the first steps are slow
    const double train_seconds = seconds_of([&] { train(indices); });
    const double evaluate_seconds = seconds_of([&] { (void)learning::evaluate(replicas, model, data, normalization); });
    std::printf(
        "{\"model\": \"%s\", \"batch\": %u, \"train_samples_per_second\": %.0f, "
        "\"evaluate_samples_per_second\": %.0f, \"engine\": \"%s\", \"blas\": \"%s\", \"cpu\": \"%s\"}\n",
        name.c_str(), batch, samples / train_seconds, samples / evaluate_seconds, engine->info().version.c_str(),
        engine->info().blas.c_str(), engine->info().cpu.c_str());
}

}  // namespace

int main(int argc, char** argv)
{
    std::string model = "small-cnn";
    std::uint32_t batch = 32;
    std::uint32_t samples = 6'000;
    CLI::App app{"Samples a second of Fedgram's engine on one core, as JSON", "fedgram-engine-speed"};
    app.add_option("--model", model, "built-in model")->capture_default_str();
    app.add_option("--batch", batch, "batch size")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--samples", samples, "samples to train and evaluate")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return fedgram::exit_code_of("fedgram-engine-speed", [&] { measure(model, batch, samples); });
}
