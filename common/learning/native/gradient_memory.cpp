#include "common/learning/native/gradient_memory.hpp"

#include <algorithm>

namespace fedgram::learning::native {

void GradientMemory::add(Activations& activations, std::size_t first, std::size_t last)
{
    auto free = std::ranges::find_if(buffers_, [&](const Buffer& buffer) { return buffer.last < first; });
    if (free == buffers_.end()) free = buffers_.insert(free, Buffer{});
    free->last = last;
    users_.push_back({&activations, static_cast<std::size_t>(free - buffers_.begin())});
}

void GradientMemory::reserve(std::size_t samples)
{
    const auto floats_of = [&](const Activations& activations) {
        return std::visit([&](const auto& each) { return each.floats(samples); }, activations);
    };
    for (const auto& user : users_) {
        auto& floats = buffers_[user.buffer].floats;
        floats.resize(std::max(floats.size(), floats_of(*user.activations)));
    }
    for (const auto& user : users_)
        std::visit([&](auto& each) { each.gradients = buffers_[user.buffer].floats; }, *user.activations);
}

}  // namespace fedgram::learning::native
