#include "client/serving/served_network.hpp"

#include <algorithm>

namespace fedgram::client {

namespace {

/// Images that lie here and there.
class ScatteredImages final : public learning::Images {
public:
    explicit ScatteredImages(std::span<const std::span<const float>> images) : images_{images} {}

    void write(std::size_t index, float* to) const override { std::ranges::copy(images_[index], to); }

private:
    std::span<const std::span<const float>> images_;
};

}  // namespace

ServedNetwork::ServedNetwork(const ServedModel& model) : pixels_{model.pixels()}, classes_{model.model.shape.classes}
{
    if (model.int8) {
        const auto set = learning::int8::usable_instruction_sets().back();
        int8_ = std::make_unique<learning::Int8Network>(*model.int8, set);
        return;
    }
    namespace native = learning::native;
    native_.emplace(model.model, native::kernels(native::usable_instruction_sets().back()));
    native_->take(model.parameters);
    part_ = native_->evaluation_part();
    labels_.resize(part_);
}

void ServedNetwork::logits(std::span<const std::span<const float>> images, std::span<float> logits)
{
    if (int8_) {
        together_.resize(images.size() * pixels_);
        auto to = together_.begin();
        for (const auto image : images) to = std::ranges::copy(image, to).out;
        int8_->logits(together_, logits);
        return;
    }
    for (std::size_t first = 0; first < images.size(); first += part_) {
        const auto count = std::min(part_, images.size() - first);
        const ScatteredImages part{images.subspan(first, count)};
        // Nobody looks at the labels: they say how many images there are.
        native_->outputs({part, std::span{labels_}.first(count)}, logits.subspan(first * classes_, count * classes_));
    }
}

}  // namespace fedgram::client
