#include "common/learning/int8/int8_network.hpp"

#include <algorithm>
#include <cassert>

#include "common/random/portable_math.hpp"

namespace fedgram::learning {

namespace {

using namespace int8;

// A batch goes through in parts of this many samples, whose codes stay in the cache.
constexpr std::size_t largest_part = 64;

}  // namespace

Int8Network::Int8Network(const QuantizedModel& model, InstructionSet set)
    : kernels_{int8::kernels(set)}, plan_{plan_of(model, kernels_)}
{
    const auto& image = plan_.codes.front().layout;
    image_.resize(image.channels * image.height * image.width);
    planes_.resize(image_.size());
    const auto scale = static_cast<double>(plan_.codes.back().quantizer.scale);
    for (std::size_t difference = 0; difference < falls_.size(); ++difference)
        falls_[difference] = portable::exp(-scale * static_cast<double>(difference));
}

void Int8Network::reserve(std::size_t samples)
{
    if (samples <= capacity_) return;
    codes_.resize(plan_.codes.size());
    for (std::size_t i = 0; i < codes_.size(); ++i) {
        const auto& planned = plan_.codes[i];
        codes_[i].assign((planned.whole_batch ? samples : 1) * planned.layout.sample_stride() + slack,
                         static_cast<std::uint8_t>(planned.quantizer.zero_point));  // a border keeps it
    }
    capacity_ = samples;
}

std::uint8_t* Int8Network::at(std::size_t place, std::size_t sample)
{
    const auto& planned = plan_.codes[place];
    return codes_[place].data() + (planned.whole_batch ? sample * planned.layout.sample_stride() : 0);
}

void Int8Network::run(const Step& step, std::size_t sample, std::size_t samples)
{
    step.stage->run({at(step.in, sample), at(step.shortcut, sample)}, at(step.out, sample), samples);
}

void Int8Network::take_image(const float* image, std::uint8_t* codes)
{
    const auto& layout = plan_.codes.front().layout;
    const auto& quantizer = plan_.codes.front().quantizer;
    const bool lies_alike = layout.channels == 1 && layout.border == 0;
    std::uint8_t* const planes = lies_alike ? codes : planes_.data();
    kernels_.quantize(image, planes_.size(), quantizer.scale, quantizer.zero_point, planes);
    if (lies_alike) return;
    for (std::size_t channel = 0; channel < layout.channels; ++channel)
        for (std::size_t y = 0; y < layout.height; ++y) {
            const std::uint8_t* const from = planes_.data() + (channel * layout.height + y) * layout.width;
            std::uint8_t* const to = codes + layout.corner() + y * layout.row_stride() + channel;
            if (layout.channels == 1)
                std::copy_n(from, layout.width, to);
            else
                for (std::size_t x = 0; x < layout.width; ++x) to[x * layout.channels] = from[x];
        }
}

template <class ImageOf>
void Int8Network::run(std::size_t samples, const ImageOf& image_of)
{
    reserve(samples);
    for (std::size_t sample = 0; sample < samples; ++sample) {
        take_image(image_of(sample), at(0, sample));
        for (std::size_t i = 0; i < plan_.batch_step; ++i) run(plan_.steps[i], sample, 1);
    }
    for (std::size_t i = plan_.batch_step; i < plan_.steps.size(); ++i) run(plan_.steps[i], 0, samples);
}

std::uint8_t Int8Network::code(std::size_t sample, std::size_t label) const
{
    const auto& layout = plan_.codes.back().layout;
    const std::size_t plane = layout.height * layout.width;
    return codes_.back()[sample * layout.sample_stride() + label % plane * layout.channels + label / plane];
}

void Int8Network::logits(std::span<const float> images, std::span<float> logits)
{
    const std::size_t samples = images.size() / planes_.size();
    const std::size_t classes = plan_.codes.back().layout.sample_stride();
    const auto& output = plan_.codes.back().quantizer;
    assert(images.size() == samples * planes_.size() && logits.size() == samples * classes);
    for (std::size_t first = 0; first < samples; first += largest_part) {
        const std::size_t count = std::min(largest_part, samples - first);
        run(count, [&](std::size_t sample) { return images.data() + (first + sample) * planes_.size(); });
        for (std::size_t sample = 0; sample < count; ++sample)
            for (std::size_t label = 0; label < classes; ++label)
                logits[(first + sample) * classes + label] =
                    output.scale * static_cast<float>(code(sample, label) - output.zero_point);
    }
}

void Int8Network::add_score(std::size_t sample, std::int64_t label, Score& score) const
{
    const std::size_t classes = plan_.codes.back().layout.sample_stride();
    const auto scale = static_cast<double>(plan_.codes.back().quantizer.scale);
    const auto target = static_cast<std::size_t>(label);
    std::size_t largest = 0;
    for (std::size_t i = 1; i < classes; ++i)
        if (code(sample, i) > code(sample, largest)) largest = i;
    const std::uint8_t highest = code(sample, largest);
    double sum = 0;
    for (std::size_t i = 0; i < classes; ++i) sum += falls_[highest - code(sample, i)];
    score.loss_sum += portable::log(sum) + scale * (highest - code(sample, target));
    score.correct += largest == target ? 1 : 0;
    ++score.samples;
}

Score Int8Network::evaluate(const Batch& batch)
{
    Score score;
    for (std::size_t first = 0; first < batch.labels.size(); first += largest_part) {
        const auto part = batch.part(first, std::min(largest_part, batch.labels.size() - first));
        run(part.labels.size(), [&](std::size_t sample) {
            part.write_image(sample, image_.data());
            return image_.data();
        });
        for (std::size_t sample = 0; sample < part.labels.size(); ++sample)
            add_score(sample, part.labels[sample], score);
    }
    return score;
}

}  // namespace fedgram::learning
