#include "common/learning/torch/libtorch_flops.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include <torch/csrc/profiler/util.h>

namespace fedgram::learning::torch_engine {

namespace {

// Sizes and options by the names under which the profiler saves them.
using Saved = std::unordered_map<std::string, c10::IValue>;

constexpr std::array<std::string_view, 2> convolutions{"aten::convolution", "aten::_convolution"};
constexpr std::array<std::string_view, 2> products{"aten::mm", "aten::bmm"};
constexpr std::array<std::string_view, 2> added_products{"aten::addmm", "aten::baddbmm"};

bool contains(const std::array<std::string_view, 2>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

// Of one dimension: as of an image of height 1.
std::vector<std::int64_t> with_height(std::vector<std::int64_t> values, std::size_t at, std::size_t size,
                                      std::int64_t value)
{
    if (values.size() < size) values.insert(values.begin() + static_cast<std::ptrdiff_t>(at), value);
    return values;
}

std::optional<std::uint64_t> convolution_flops(const OperatorCall& call)
{
    const auto& weight = call.operand(1).tensor;
    const auto& from = call.value("transposed")->toBool() ? call.results().front() : call.operand(0).tensor;
    if (weight.dim() > 4 || from.dim() != weight.dim()) return std::nullopt;
    const auto option = [&](const char* name, std::int64_t of_height) {
        auto values = call.value(name)->toIntVector();
        if (values.size() == 1 && weight.dim() == 4) values.push_back(values.front());  // one number for both
        return c10::IValue{with_height(std::move(values), 0, 2, of_height)};
    };
    return torch::profiler::impl::computeFlops("aten::conv2d",
                                               Saved{{"input_size", with_height(from.sizes().vec(), 2, 4, 1)},
                                                     {"weight_size", with_height(weight.sizes().vec(), 2, 4, 1)},
                                                     {"stride", option("stride", 1)},
                                                     {"padding", option("padding", 0)},
                                                     {"dilation", option("dilation", 1)},
                                                     {"groups", *call.value("groups")}});
}

}  // namespace

bool has_libtorch_flops(std::string_view name)
{
    return contains(convolutions, name) || contains(products, name) || contains(added_products, name);
}

std::optional<std::uint64_t> libtorch_flops(const OperatorCall& call)
{
    if (call.results().empty()) return std::nullopt;
    if (contains(convolutions, call.name())) return convolution_flops(call);
    const std::size_t left = contains(added_products, call.name()) ? 1 : 0;
    return torch::profiler::impl::computeFlops(call.name(),
                                               Saved{{"mat1_size", call.operand(left).tensor.sizes().vec()},
                                                     {"mat2_size", call.operand(left + 1).tensor.sizes().vec()}});
}

}  // namespace fedgram::learning::torch_engine
