// The native engine's kernels by Google Benchmark: one batch of 32 through each built-in model, forward alone and with
// the gradient, for each instruction set that this CPU has. FLOPs are the model's, as the ledger counts them; the last
// line is the BLAS's rate. Takes Google Benchmark's options, --benchmark_format=json among them.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "common/learning/model/builtin_models.hpp"
#include "common/learning/native/network.hpp"
#include "common/random/stream.hpp"
#include "tests/bench/blas_yardstick.hpp"
#include "tests/support/float_batch.hpp"

namespace {

using namespace fedgram;
using learning::Model;
using learning::native::InstructionSet;
using learning::native::Network;

constexpr std::size_t batch_size = 32;

struct Workpiece {
    Workpiece(const Model& model, InstructionSet set)
        : network{model, learning::native::kernels(set)},
          parameters{learning::initial_parameters(model, 1)},
          gradient(parameters.size())
    {
        Stream stream{1, Purpose::subset};
        data.pixels.resize(batch_size * model.shape.channels * model.shape.height * model.shape.width);
        data.labels.resize(batch_size);
        for (auto& pixel : data.pixels) pixel = static_cast<float>(stream.normal());
        for (auto& label : data.labels) label = static_cast<std::int64_t>(stream.below(model.shape.classes));
        network.take(parameters);
    }

    Network network;
    std::vector<float> parameters;
    std::vector<float> gradient;
    test::FloatBatch data;
};

void count(benchmark::State& state, std::uint64_t flops_of_sample)
{
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch_size));
    state.counters["FLOP/s"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * batch_size * static_cast<double>(flops_of_sample),
                           benchmark::Counter::kIsRate);
}

void forward(benchmark::State& state, const Model& model, InstructionSet set)
{
    Workpiece piece{model, set};
    for (auto _ : state) benchmark::DoNotOptimize(piece.network.evaluate(piece.data.batch()));
    count(state, model.cost.forward_flops);
}

void gradient(benchmark::State& state, const Model& model, InstructionSet set)
{
    Workpiece piece{model, set};
    for (auto _ : state) benchmark::DoNotOptimize(piece.network.gradient(piece.data.batch(), piece.gradient));
    count(state, model.cost.forward_flops + model.cost.backward_flops);
}

void sgemm(benchmark::State& state)
{
    double rate = 0;
    for (auto _ : state) rate = bench::BlasYardstick{}.flops_per_second();
    state.counters["FLOP/s"] = rate;
}

}  // namespace

int main(int argc, char** argv)
{
    for (const auto set : learning::native::usable_instruction_sets())
        for (const auto& name : learning::builtin_model_names()) {
            const auto model = learning::build_model({.name = name, .layers = {}, .torchscript = {}}, {});
            const auto where = name + "/" + std::string{learning::native::name(set)};
            benchmark::RegisterBenchmark(("forward/" + where).c_str(), forward, model, set);
            benchmark::RegisterBenchmark(("gradient/" + where).c_str(), gradient, model, set);
        }
    benchmark::RegisterBenchmark("sgemm/1024x1024x1024", sgemm)->Iterations(1);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
}
