#include "common/learning/native/layer_outputs.hpp"

#include "common/learning/model/beginning.hpp"
#include "common/learning/native/network.hpp"

namespace fedgram::learning::native {

std::vector<LayerOutput> layer_outputs(const Model& model, std::span<const float> parameters, const Batch& batch)
{
    std::vector<LayerOutput> outputs;
    // A network that ends at the layer: in the whole one its outputs are gone, once activation and pooling are computed
    // along with it.
    for (const auto& layer : model.layers) {
        if (layer.parameters == 0) continue;
        Network network{beginning(model, layer), kernels(usable_instruction_sets().back())};
        network.take(parameters);
        outputs.push_back({layer.name, network.mean_output_magnitude(batch)});
    }
    return outputs;
}

}  // namespace fedgram::learning::native
