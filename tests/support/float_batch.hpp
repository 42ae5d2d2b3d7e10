#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/learning/engine/engine.hpp"

namespace fedgram::test {

/// A batch of any floats.
struct FloatBatch final : learning::Images {
    std::vector<float> pixels;  ///< of all images
    std::vector<std::int64_t> labels;

    [[nodiscard]] learning::Batch batch() const { return {*this, labels}; }

    void write(std::size_t index, float* to) const override
    {
        const std::size_t size = pixels.size() / labels.size();
        std::copy_n(pixels.data() + index * size, size, to);
    }
};

}  // namespace fedgram::test
