#include "common/learning/native/gradient_memory.hpp"

#include <algorithm>
#include <utility>

namespace fedgram::learning::native {

namespace {

std::optional<ImageLayout> layout_of_part(const Activations& activations)
{
    const auto* const images = std::get_if<ImageActivations>(&activations);
    if (!images || images->gradient_layout.kept == 0) return std::nullopt;
    return images->gradient_layout;
}

std::size_t gradient_floats(const ImageActivations& images, std::size_t samples)
{
    return images.gradient_layout.floats(samples);
}
std::size_t gradient_floats(const FeatureActivations& features, std::size_t samples)
{
    return features.floats(samples);
}

}  // namespace

void GradientMemory::add(Activations& activations, std::size_t first, std::size_t last)
{
    const auto layout = layout_of_part(activations);
    auto free = std::ranges::find_if(
        buffers_, [&](const Buffer& buffer) { return buffer.last < first && buffer.layout_of_part == layout; });
    if (free == buffers_.end()) free = buffers_.insert(free, Buffer{.layout_of_part = layout});
    free->last = last;
    users_.push_back({&activations, static_cast<std::size_t>(free - buffers_.begin())});
}

void GradientMemory::reserve(std::size_t samples)
{
    const auto floats_of = [&](const Activations& activations) {
        return std::visit([&](const auto& each) { return gradient_floats(each, samples); }, activations);
    };
    for (const auto& user : users_) {
        auto& floats = buffers_[user.buffer].floats;
        floats = std::max(floats, padded(floats_of(*user.activations)));
    }
    std::size_t floats = 0;
    for (const auto& buffer : buffers_) floats += buffer.floats;
    memory_ = {};
    memory_.resize(floats);
    float* at = memory_.data();
    for (auto& buffer : buffers_) buffer.memory = {std::exchange(at, at + buffer.floats), buffer.floats};
    for (const auto& user : users_)
        std::visit([&](auto& each) { each.gradients = buffers_[user.buffer].memory; }, *user.activations);
}

}  // namespace fedgram::learning::native
