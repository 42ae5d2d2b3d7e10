#include <catch2/catch.hpp>

#include "common/learning/model/batch_norm_folding.hpp"
#include "common/random/stream.hpp"
#include "tests/unit/learning/engine/engine_cases.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

// Normalizations as a training leaves them: each channel's own, of deviations that keep what goes through from fading.
std::vector<float> trained_looking(const Model& model)
{
    auto parameters = initial_parameters(model, 1);
    Stream stream{1, Purpose::synthetic_data};
    const auto between = [&](double low, double high) { return low + (high - low) * stream.uniform(); };
    for (const auto& slot : model.parameters.slots) {
        if (slot.fan_in > 0) continue;
        const bool is_spread = slot.constant == 1;  // gamma and variance
        for (std::size_t i = slot.offset; i < slot.offset + slot.size; ++i)
            parameters[i] = static_cast<float>(slot.is_trained ? is_spread ? between(-1.5, 1.5) : between(-0.5, 0.5)
                                               : is_spread ? between(0.02, 0.2)
                                                               : between(-0.2, 0.2));
    }
    return parameters;
}

}  // namespace

TEST_CASE("A model whose batch normalizations are folded says the same of each image, in every engine")
{
    for (const std::string name : {"resnet-8", "ds-cnn", "mobilenet-v1-025"}) {
        const spec::ModelSpec spec{.name = name};
        const auto model = build_model(spec, {});
        const auto parameters = trained_looking(model);
        const auto without = folded(spec, model, parameters);
        CHECK(without.model.cost.forward_flops == model.cost.forward_flops);
        CHECK(without.model.parameters.size < model.parameters.size);
        const auto data = noise(model.shape, 4, 2);
        for (auto* engine : engines_under_test()) {
            INFO(name << " by " << engine->info().cpu);
            const auto before = engine->replica(model, {});
            const auto after = engine->replica(without.model, {});
            before->begin(parameters, 1);
            after->begin(without.parameters, 1);
            for (std::size_t i = 0; i < 4; ++i) {
                const auto image = data.batch().part(i, 1);
                CHECK(after->evaluate(image).loss_sum == Approx(before->evaluate(image).loss_sum).epsilon(2e-5));
            }
        }
    }
}
