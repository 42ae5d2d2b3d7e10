#include "tests/bench/blas_yardstick.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "common/error/error.hpp"
#include "tests/bench/cpu_clock.hpp"

namespace fedgram::bench {

namespace {

constexpr double measuring_seconds = 0.3;

}  // namespace

BlasYardstick::BlasYardstick()
{
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    void* const library = dlopen("libblas.so.3", RTLD_NOW | RTLD_LOCAL);
    product_ = library ? reinterpret_cast<Product>(dlsym(library, "sgemm_")) : nullptr;
    if (!product_) throw SystemError{"libblas.so.3 can't be opened; install libopenblas0-pthread"};
}

double BlasYardstick::product_seconds(int m, int n, int k) const
{
    const auto floats = [](int rows, int columns) {
        return std::vector<float>(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns), 0.5F);
    };
    const auto a = floats(m, k);
    const auto b = floats(k, n);
    auto c = floats(m, n);
    const float one = 1;
    const float zero = 0;
    const auto multiply = [&] {
        product_("N", "N", &m, &n, &k, &one, a.data(), &m, b.data(), &k, &zero, c.data(), &m);
    };
    multiply();
    double seconds = 0;
    long times = 0;
    for (long chunk = 1; seconds < measuring_seconds; chunk *= 2, times += chunk / 2)
        seconds += cpu_seconds_of([&] {
            for (long i = 0; i < chunk; ++i) multiply();
        });
    return seconds / static_cast<double>(times);
}

double BlasYardstick::flops_per_second() const { return 2.0 * 1024 * 1024 * 1024 / product_seconds(1024, 1024, 1024); }

double BlasYardstick::forward_seconds(const learning::Model& model, int batch) const
{
    double seconds = 0;
    for (const auto* layer : learning::all_layers(model)) {
        const auto& shape = layer->output_shape;
        // Terms of one output.
        const auto depth = [&](std::int64_t outputs) {
            return static_cast<int>(layer->forward_flops / 2 / static_cast<std::uint64_t>(outputs));
        };
        if (const auto* conv = std::get_if<spec::Conv2d>(&layer->layer))
            seconds += conv->groups * product_seconds(static_cast<int>(shape[1] * shape[2]),
                                                      static_cast<int>(shape[0] / conv->groups),
                                                      depth(shape[0] * shape[1] * shape[2]));
        if (std::holds_alternative<spec::Linear>(layer->layer))
            seconds += product_seconds(batch, static_cast<int>(shape[0]), depth(shape[0])) / batch;
    }
    return seconds;
}

}  // namespace fedgram::bench
