#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/engine/engine.hpp"
#include "common/learning/int8/codes.hpp"
#include "common/learning/int8/instruction_set.hpp"
#include "common/learning/int8/kernels.hpp"
#include "common/learning/int8/plan.hpp"
#include "common/learning/quantization/quantized_model.hpp"

namespace fedgram::learning {

/// Runs a quantized model in integers. A logit's bits depend on neither the instruction set nor the other samples of a
/// batch. Nothing is allocated once it has seen its largest batch. One thread uses it at a time.
class Int8Network {
public:
    /// By `set`, which must be usable. Throws SpecError for a kind of layer that it can't run in integers, and for what
    /// isn't a model: layers that don't fit each other, scales out of range, sums that may not fit into 32 bits.
    Int8Network(const QuantizedModel& model, int8::InstructionSet set);

    /// Logits, [sample][class], of finite images, [sample][channel][row][column].
    void logits(std::span<const float> images, std::span<float> logits);
    /// The score of a batch, its losses by those logits.
    [[nodiscard]] Score evaluate(const Batch& batch);

private:
    void reserve(std::size_t samples);
    void take_image(const float* image, std::uint8_t* codes);
    template <class ImageOf>
    void run(std::size_t samples, const ImageOf& image_of);
    [[nodiscard]] std::uint8_t code(std::size_t sample, std::size_t label) const;
    void add_score(std::size_t sample, std::int64_t label, Score& score) const;

    /// Where a sample's codes are, by their place in the plan.
    [[nodiscard]] std::uint8_t* at(std::size_t place, std::size_t sample);
    void run(const int8::Step& step, std::size_t sample, std::size_t samples);

    const int8::Kernels& kernels_;
    int8::Plan plan_;
    std::vector<int8::Aligned<std::uint8_t>> codes_;  // by their place in the plan
    std::size_t capacity_ = 0;
    std::vector<float> image_;
    std::vector<std::uint8_t> planes_;  // one image's codes, channel by channel
    std::array<double, 256> falls_{};   // exp(-output scale x difference of codes)
};

}  // namespace fedgram::learning
