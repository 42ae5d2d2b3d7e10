#include "common/learning/torch/built_in_batch.hpp"

#include <algorithm>
#include <exception>
#include <set>

#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/inliner.h>

namespace fedgram::learning::torch_engine {

namespace {

constexpr std::int64_t most = 256;  // trying a larger batch could take all of a machine's memory

// Numbers in lists, such as the sizes of a view.
void add_listed(const torch::jit::Block& block, std::set<std::int64_t>& numbers)
{
    for (const auto* node : block.nodes()) {
        if (node->kind() == torch::jit::prim::ListConstruct)
            for (const auto* input : node->inputs())
                if (const auto value = torch::jit::toIValue(input); value && value->isInt())
                    numbers.insert(value->toInt());
        for (const auto* inner : node->blocks()) add_listed(*inner, numbers);
    }
}

bool works_on(torch::jit::Module& module, std::int64_t samples, const Shape& shape)
{
    const torch::NoGradGuard no_grad;
    try {
        const auto output = module.forward({torch::zeros({samples, shape.channels, shape.height, shape.width})});
        return output.isTensor() && output.toTensor().sizes() == c10::IntArrayRef{samples, shape.classes};
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace

std::optional<std::int64_t> built_in_batch(torch::jit::Module& module, const Shape& shape)
{
    const auto graph = module.get_method("forward").graph()->copy();
    torch::jit::Inline(*graph);
    std::set<std::int64_t> numbers;
    add_listed(*graph->block(), numbers);
    const auto found = std::find_if(numbers.lower_bound(1), numbers.upper_bound(most), [&](std::int64_t samples) {
        return works_on(module, samples, shape) && !works_on(module, samples + 1, shape);
    });
    return found == numbers.upper_bound(most) ? std::nullopt : std::optional{*found};
}

}  // namespace fedgram::learning::torch_engine
