#include "common/learning/int8/addition_stage.hpp"

namespace fedgram::learning::int8 {

AdditionStage::AdditionStage(const Kernels& kernels, const Addition& addition, const Layouts& layouts)
    : kernels_{kernels}, addition_{addition}, layouts_{layouts}
{
}

void AdditionStage::run(const StageInput& in, std::uint8_t* out, std::size_t samples) const
{
    const auto row_of = [](const CodeLayout& layout, std::size_t sample, std::size_t row) {
        return sample * layout.sample_stride() + layout.corner() + row * layout.row_stride();
    };
    for (std::size_t sample = 0; sample < samples; ++sample)
        for (std::size_t row = 0; row < layouts_.out.height; ++row)
            kernels_.add(addition_, in.codes + row_of(layouts_.layers, sample, row),
                         in.shortcut + row_of(layouts_.shortcut, sample, row),
                         layouts_.out.width * layouts_.out.channels, out + row_of(layouts_.out, sample, row));
}

}  // namespace fedgram::learning::int8
