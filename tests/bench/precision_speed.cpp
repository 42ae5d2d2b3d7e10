// How many samples a second of CPU time the native engine trains on one core in bfloat16 and in float32, in turn from
// the same start on the same samples of Fashion-MNIST; and how well each model does in the end.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "common/error/exit_code.hpp"
#include "common/learning/open_engine.hpp"
#include "common/learning/training/training.hpp"
#include "datasets/sharing/data_source.hpp"
#include "tests/bench/cpu_clock.hpp"

namespace {

using namespace fedgram;

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// A training, and its CPU seconds a sample in each turn.
struct Contender {
    spec::Optimizer optimizer;
    std::vector<std::unique_ptr<learning::Replica>> replicas{};
    std::vector<double> seconds{};
};

void measure(const std::string& name, std::uint32_t batch, std::uint32_t samples, std::uint32_t turns)
{
    const auto model = learning::build_model({.name = name, .layers = {}, .torchscript = {}}, {});
    const auto engine = learning::open_engine("native");
    // It must really learn: where ReLUs die, a gradient has more zeros, and the native engine leaves those out.
    Contender contenders[] = {
        {{.learning_rate = 0.01, .momentum = 0.9}},
        {{.learning_rate = 0.01, .momentum = 0.9, .precision = spec::Precision::bf16}},
    };
    for (auto& contender : contenders) {
        contender.replicas.push_back(engine->replica(model, contender.optimizer));
        contender.replicas[0]->begin(learning::initial_parameters(model, 1), 1);
    }
    const auto dataset = datasets::DataSource{}.get({.dataset = "fashion-mnist"});
    const learning::Samples data{dataset.train.pixels, dataset.train.labels};
    const spec::Normalization normalization{.mean = {0.286}, .standard_deviation = {0.353}};
    std::vector<std::uint32_t> share(samples);
    for (std::uint32_t turn = 0; turn <= turns; ++turn)
        for (auto& contender : contenders) {
            std::iota(share.begin(), share.end(), turn * samples % (60'000 - samples));
            const double seconds = bench::cpu_seconds_of([&] {
                (void)learning::train_locally(*contender.replicas[0], model, data, share, normalization, 1, batch,
                                              contender.optimizer, {}, [] { return true; });
            });
            if (turn > 0) contender.seconds.push_back(seconds / samples);  // the first one is cold
        }

    std::vector<double> ratios;
    for (std::size_t i = 0; i < turns; ++i) ratios.push_back(contenders[0].seconds[i] / contenders[1].seconds[i]);
    std::sort(ratios.begin(), ratios.end());
    const learning::Samples test{dataset.test.pixels, dataset.test.labels};
    std::printf("%s, batch %u: samples per CPU second float32 %.0f, bf16 %.0f; ratio %.2f (quartiles %.2f to %.2f)",
                name.c_str(), batch, 1 / median(contenders[0].seconds), 1 / median(contenders[1].seconds),
                median(ratios), ratios[ratios.size() / 4], ratios[ratios.size() * 3 / 4]);
    for (auto& contender : contenders)
        std::printf("%s %.4f",
                    contender.optimizer.precision == spec::Precision::float32 ? "; accuracy float32" : ", bf16",
                    learning::evaluate(contender.replicas, model, test, normalization).accuracy);
    std::printf("\n");
}

}  // namespace

int main(int argc, char** argv)
{
    std::string model = "small-cnn";
    std::uint32_t batch = 32;
    std::uint32_t samples = 640;
    std::uint32_t turns = 21;
    CLI::App app{"Samples a second of training in bfloat16 on one core, beside float32", "fedgram-precision-speed"};
    app.add_option("--model", model, "built-in model")->capture_default_str();
    app.add_option("--batch", batch, "batch size")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--samples", samples, "samples of a turn")->check(CLI::Range(1U, 30'000U))->capture_default_str();
    app.add_option("--turns", turns, "how often each is measured, in turn")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return fedgram::exit_code_of("fedgram-precision-speed", [&] { measure(model, batch, samples, turns); });
}
