#pragma once

#include "common/learning/int8/codes.hpp"
#include "common/learning/int8/kernels.hpp"
#include "common/learning/int8/stage.hpp"

namespace fedgram::learning::int8 {

/// Adds what a residual's layers and its shortcut give, code by code, and the ReLU behind it.
class AdditionStage final : public Stage {
public:
    /// The layouts are those of the layers' codes, the shortcut's and the sums'. They differ in their borders alone.
    struct Layouts {
        CodeLayout layers{};
        CodeLayout shortcut{};
        CodeLayout out{};
    };

    /// Borrows `kernels`.
    AdditionStage(const Kernels& kernels, const Addition& addition, const Layouts& layouts);

    void run(const StageInput& in, std::uint8_t* out, std::size_t samples) const override;

private:
    const Kernels& kernels_;
    Addition addition_;
    Layouts layouts_;
};

}  // namespace fedgram::learning::int8
