#include "common/learning/native/layer_outputs.hpp"

#include "common/learning/native/network.hpp"

namespace fedgram::learning::native {

std::vector<LayerOutput> layer_outputs(const Model& model, std::span<const float> parameters, const Batch& batch)
{
    std::vector<LayerOutput> outputs;
    // A network that ends at the layer: in the whole one its outputs are gone, once activation and pooling are computed
    // along with it.
    auto beginning = model;
    beginning.layers.clear();
    for (const auto& layer : model.layers) {
        beginning.layers.push_back(layer);
        if (layer.parameters == 0) continue;
        Network network{beginning, kernels(usable_instruction_sets().back())};
        network.take(parameters);
        outputs.push_back({layer.name, network.mean_output_magnitude(batch)});
    }
    return outputs;
}

}  // namespace fedgram::learning::native
