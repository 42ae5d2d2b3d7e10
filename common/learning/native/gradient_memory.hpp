#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "common/learning/native/activations.hpp"

namespace fedgram::learning::native {

/// The memory of the activations' gradients. On a batch's way back few of them are needed at once, so they share a few
/// buffers, which stay in the cache. Those that are held for one part share buffers of the same layout alone, whose
/// borders stay zero.
class GradientMemory {
public:
    /// Gives the activations a buffer, for the steps backward from `first` to `last`. Called in the order of `first`.
    void add(Activations& activations, std::size_t first, std::size_t last);
    /// Makes room for so many samples.
    void reserve(std::size_t samples);

private:
    struct User {
        Activations* activations;
        std::size_t buffer;
    };
    struct Buffer {
        std::size_t last = 0;                         // step of its last user
        std::optional<ImageLayout> layout_of_part{};  // of all users
        std::size_t floats = 0;
        std::span<float> memory{};
    };

    std::vector<User> users_;
    std::vector<Buffer> buffers_;
    AlignedFloats memory_;
};

}  // namespace fedgram::learning::native
