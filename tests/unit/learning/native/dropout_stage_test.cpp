#include "common/learning/native/dropout_stage.hpp"

#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using namespace fedgram::learning::native;

TEST_CASE("A dropout keeps a value where its 16 bits of the stream are not below the probability")
{
    // Rows of 21 values, which fill no register, and an end to each that is no multiple of four.
    constexpr std::size_t channels = 3;
    constexpr std::size_t samples = 4;
    const ImageActivations shape{channels, 5, 7, 0};
    std::vector<float> in(shape.floats(samples), 2);
    std::vector<float> out(in.size());
    for (const auto set : usable_instruction_sets())
        for (const double probability : {0.0, 0.25, 0.999}) {
            Activations before{shape};
            Activations behind{shape};
            std::get<ImageActivations>(before).values = in;
            std::get<ImageActivations>(behind).values = out;
            DropoutStage stage{kernels(set), probability, 3, before, behind, true};
            stage.draw_by(11, 5);
            stage.begin_forward(samples);
            stage.forward_part({0, 2});
            stage.forward_part({2, 2});

            Stream stream{11, Purpose::dropout, 5, 3};
            const auto dropped = static_cast<unsigned>(std::lround(probability * 65'536));
            const float kept = 2 * (65'536.0F / static_cast<float>(65'536 - dropped));
            std::vector<float> expected(samples * shape.sample_stride);
            std::uint64_t bits = 0;
            for (std::size_t i = 0; i < expected.size(); ++i) {
                bits = i % 4 == 0 ? stream.bits() : bits >> 16;
                expected[i] = (bits & 0xFFFF) < dropped ? 0 : kept;
            }
            INFO(name(set) << ", " << probability);
            CHECK(std::vector<float>(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(expected.size())) ==
                  expected);
        }
}
