#pragma once

#include "common/learning/int8/codes.hpp"
#include "common/learning/int8/stage.hpp"

namespace fedgram::learning::int8 {

enum class Pooling { largest, mean };

/// Pooling on codes. The largest code stands for the largest real, and the mean code for the mean. A mean is rounded to
/// the nearest code, halves to even: sum / n as whole numbers, plus 1 where the remainder is above n / 2, or is n / 2
/// and the quotient odd.
class PoolingStage final : public Stage {
public:
    struct Window {
        std::size_t kernel = 1;
        std::size_t stride = 1;
    };

    /// No output of max-pooling is below `lowest`: the zero point, where a ReLU follows.
    PoolingStage(Pooling kind, Window window, std::uint8_t lowest, const CodeLayout& in, const CodeLayout& out);

    void run(const std::uint8_t* in, std::uint8_t* out, std::size_t samples) const override;

private:
    void pool(const std::uint8_t* window, std::uint8_t* out) const;

    Pooling kind_;
    Window window_;
    std::uint8_t lowest_;
    CodeLayout in_;
    CodeLayout out_;
};

}  // namespace fedgram::learning::int8
