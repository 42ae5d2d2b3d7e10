#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/learning/engine/engine.hpp"
#include "common/learning/int8/codes.hpp"
#include "common/learning/int8/instruction_set.hpp"
#include "common/learning/int8/kernels.hpp"
#include "common/learning/int8/stage.hpp"
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
    class Builder;

    void reserve(std::size_t samples);
    void take_image(const float* image, std::uint8_t* codes);
    template <class ImageOf>
    void run(std::size_t samples, const ImageOf& image_of);
    [[nodiscard]] std::uint8_t code(std::size_t sample, std::size_t label) const;
    void add_score(std::size_t sample, std::int64_t label, Score& score) const;

    const int8::Kernels& kernels_;
    Quantizer input_;
    Quantizer output_;
    std::vector<std::unique_ptr<int8::Stage>> stages_;
    std::vector<int8::CodeLayout> layouts_;  // before the first stage and behind each
    std::vector<std::uint8_t> zeros_;        // the code of 0 in each
    // Stages before the first linear layer run image by image, whose codes stay in the nearest cache; from there on all
    // samples run at once.
    std::size_t batch_stage_ = SIZE_MAX;
    std::vector<int8::Aligned<std::uint8_t>> codes_;  // one image each, or, from batch_stage_ on, as many as reserved
    std::size_t capacity_ = 0;
    std::vector<float> image_;
    std::vector<std::uint8_t> planes_;  // one image's codes, channel by channel
    std::array<double, 256> falls_{};   // exp(-output scale x difference of codes)
};

}  // namespace fedgram::learning
