#pragma once

#include "common/learning/int8/codes.hpp"
#include "common/learning/int8/kernels.hpp"
#include "common/learning/int8/stage.hpp"

namespace fedgram::learning::int8 {

enum class Pooling { largest, mean };

/// Pooling on codes. The largest code stands for the largest real, and the mean code for the mean. A mean is exact, and
/// rounded to the nearest code, halves to even.
class PoolingStage final : public Stage {
public:
    struct Window {
        std::size_t height = 1;
        std::size_t width = 1;
        std::size_t stride = 1;
    };

    /// Borrows `kernels`. No output of max-pooling is outside `range`, which a ReLU behind it narrows.
    PoolingStage(const Kernels& kernels, Pooling kind, Window window, const CodeRange& range, const CodeLayout& in,
                 const CodeLayout& out);

    void run(const StageInput& in, std::uint8_t* out, std::size_t samples) const override;

private:
    void largest(const std::uint8_t* window, std::uint8_t* out) const;

    const Kernels& kernels_;
    Pooling kind_;
    Window window_;
    CodeRange range_;
    CodeLayout in_;
    CodeLayout out_;
};

}  // namespace fedgram::learning::int8
