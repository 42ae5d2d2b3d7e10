#pragma once

#include <cstdint>
#include <vector>

#include "common/learning/native/activations.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

enum class Pooling { largest, mean };

/// Max- or average-pooling that no convolution could include: windows may overlap.
class PoolingStage final : public Stage {
public:
    /// Borrows the activations. Only `out` may have a border.
    PoolingStage(Pooling kind, std::size_t kernel, std::size_t stride, ImageActivations& in, ImageActivations& out,
                 bool input_gradient);

    void reserve(std::size_t samples) override;
    void take(std::span<const float>) override {}
    void forward(std::size_t samples) override;
    void backward(std::size_t samples, std::span<float> gradient) override;

private:
    void largest_of_window(const float* window, std::size_t out_at, std::uint32_t* winner);
    void mean_of_window(const float* window, std::size_t out_at);
    [[nodiscard]] std::size_t window_at(std::size_t sample, std::size_t row, std::size_t column) const;
    [[nodiscard]] std::size_t out_at(std::size_t sample, std::size_t row, std::size_t column) const;

    Pooling kind_;
    std::size_t kernel_;
    std::size_t stride_;
    ImageActivations& in_;
    ImageActivations& out_;
    bool input_gradient_;
    std::vector<std::uint32_t> winners_;  // [sample][pixel][channel]: how far behind the window's corner
};

}  // namespace fedgram::learning::native
