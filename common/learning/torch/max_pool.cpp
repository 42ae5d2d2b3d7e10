#include "common/learning/torch/max_pool.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/CPUFunctions.h>
#include <torch/csrc/api/include/torch/version.h>
#include <torch/library.h>

namespace fedgram::learning::torch_engine {

namespace {

using Indices = std::tuple<at::Tensor, at::Tensor>;

// One row of outputs: the first largest value of each window, or a NaN where there is one, as LibTorch's kernel gives.
// The window's places are the outer loop and selections take the place of branches, so that the inner loop is vector
// instructions; inlined with constants for 2 x 2. `place` is where in its window the value stands.
[[gnu::always_inline]] inline void pool_row(const float* in, std::int64_t width, float* __restrict out,
                                            std::int32_t* __restrict place, std::int64_t out_width, std::int64_t kernel,
                                            std::int64_t stride)
{
    std::fill_n(out, out_width, -std::numeric_limits<float>::infinity());
    std::fill_n(place, out_width, 0);
    for (std::int64_t i = 0; i < kernel; ++i)
        for (std::int64_t j = 0; j < kernel; ++j) {
            const auto here = static_cast<std::int32_t>(i * width + j);
            const float* __restrict values = in + here;
            for (std::int64_t x = 0; x < out_width; ++x) {
                const float value = values[x * stride];
                const bool larger = (value > out[x]) | (value != value);  // a NaN stays
                out[x] = larger ? value : out[x];
                place[x] = larger ? here : place[x];
            }
        }
}

Indices pool(const at::Tensor& input, std::int64_t kernel, std::int64_t stride)
{
    const std::int64_t height = input.size(2);
    const std::int64_t width = input.size(3);
    const std::int64_t out_height = (height - kernel) / stride + 1;
    const std::int64_t out_width = (width - kernel) / stride + 1;
    auto output = at::empty({input.size(0), input.size(1), out_height, out_width}, input.options());
    auto indices = at::empty(output.sizes(), input.options().dtype(at::kLong));
    const float* in = input.data_ptr<float>();
    float* out = output.data_ptr<float>();
    auto* index = indices.data_ptr<std::int64_t>();
    std::vector<std::int32_t> place(static_cast<std::size_t>(out_width));
    for (std::int64_t plane = 0; plane < input.size(0) * input.size(1); ++plane, in += height * width)
        for (std::int64_t y = 0; y < out_height; ++y, out += out_width, index += out_width) {
            const std::int64_t corner = y * stride * width;
            if (kernel == 2 && stride == 2)
                pool_row(in + corner, width, out, place.data(), out_width, 2, 2);
            else
                pool_row(in + corner, width, out, place.data(), out_width, kernel, stride);
            for (std::int64_t x = 0; x < out_width; ++x)
                index[x] = corner + x * stride + place[static_cast<std::size_t>(x)];
        }
    return {std::move(output), std::move(indices)};
}

bool all_are(at::IntArrayRef values, std::int64_t value)
{
    for (const auto each : values)
        if (each != value) return false;
    return true;
}

Indices max_pool2d_with_indices(const at::Tensor& input, at::IntArrayRef kernel, at::IntArrayRef stride,
                                at::IntArrayRef padding, at::IntArrayRef dilation, bool ceil_mode)
{
    const bool ours = input.dim() == 4 && input.scalar_type() == at::kFloat && input.is_contiguous() &&
                      !kernel.empty() && all_are(kernel, kernel[0]) && !stride.empty() && all_are(stride, stride[0]) &&
                      all_are(padding, 0) && all_are(dilation, 1) && !ceil_mode && kernel[0] > 0 && stride[0] > 0 &&
                      input.size(2) >= kernel[0] && input.size(3) >= kernel[0];
    return ours ? pool(input, kernel[0], stride[0])
                : at::cpu::max_pool2d_with_indices(input, kernel, stride, padding, dilation, ceil_mode);
}

#if TORCH_VERSION_MAJOR >= 2
namespace warnings = c10::WarningUtils;
struct Silence final : c10::WarningHandler {
    void process(const c10::Warning&) override {}
};
#else
namespace warnings = c10::Warning;
struct Silence final : c10::WarningHandler {
    void process(const c10::SourceLocation&, const std::string&, bool) override {}
};
#endif

}  // namespace

void install_max_pool()
{
    // LibTorch warns when a kernel replaces another; this one does so on purpose.
    Silence silence;
    const warnings::WarningHandlerGuard guard{&silence};
    static torch::Library library{torch::Library::IMPL, "aten", c10::DispatchKey::CPU, __FILE__, __LINE__};
    library.impl("max_pool2d_with_indices", max_pool2d_with_indices);
}

}  // namespace fedgram::learning::torch_engine
