#include "common/learning/model/beginning.hpp"

#include <cassert>

namespace fedgram::learning {

namespace {

// Adds the layers up to `last` and says whether it is among them; if it isn't, nothing is added.
bool add_up_to(const LayerInfo& last, const std::vector<LayerInfo>& layers, std::vector<LayerInfo>& row)
{
    const auto before = row.size();
    for (const auto& layer : layers) {
        if (add_up_to(last, layer.body, row) || add_up_to(last, layer.shortcut, row)) return true;
        row.push_back(layer);
        if (&layer == &last) return true;
    }
    row.resize(before);
    return false;
}

}  // namespace

Model beginning(const Model& model, const LayerInfo& last)
{
    Model part;
    part.name = model.name;
    part.shape = model.shape;
    [[maybe_unused]] const bool is_there = add_up_to(last, model.layers, part.layers);
    assert(is_there);
    for (const auto* layer : all_layers(part)) {
        part.cost +=
            {layer->forward_flops, layer->backward_flops, layer->forward_bytes, layer->backward_bytes, layer->kernels};
        part.parameters.size += layer->parameters;
    }
    return part;
}

}  // namespace fedgram::learning
