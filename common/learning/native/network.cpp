#include "common/learning/native/network.hpp"

#include <algorithm>
#include <cmath>

#include "common/random/portable_math.hpp"

namespace fedgram::learning::native {

namespace {

// Of all activations of an evaluation.
constexpr std::size_t evaluation_floats = 1'048'576;

double sum_of_magnitudes(const float* values, std::size_t count)
{
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += std::abs(values[i]);
    return sum;
}

double mean_magnitude(const ImageActivations& images, std::size_t samples)
{
    const std::size_t row = images.width * images.channels;
    double sum = 0;
    for (std::size_t sample = 0; sample < samples; ++sample)
        for (std::size_t y = 0; y < images.height; ++y)
            sum += sum_of_magnitudes(
                images.values.data() + sample * images.sample_stride + images.corner + y * images.row_stride, row);
    return sum / static_cast<double>(samples * images.height * row);
}

double mean_magnitude(const FeatureActivations& features, std::size_t samples)
{
    double sum = 0;
    for (std::size_t feature = 0; feature < features.features; ++feature)
        sum += sum_of_magnitudes(features.values.data() + feature * padded(samples), samples);
    return sum / static_cast<double>(features.features * samples);
}

}  // namespace

void Network::take(std::span<const float> parameters)
{
    for (const auto& stage : stages_) stage->take(parameters);
}

std::size_t Network::evaluation_part() const
{
    std::size_t floats = 0;
    for (const auto& each : activations_)
        floats += std::visit([](const auto& activations) { return activations.floats_of_sample(); }, each);
    return std::clamp<std::size_t>(evaluation_floats / floats, 8, 64);
}

void Network::track(std::span<float> parameters) const
{
    for (const auto& stage : stages_) stage->track(parameters);
}

void Network::draw_by(std::uint64_t seed, std::uint64_t step)
{
    for (const auto& stage : stages_) stage->draw_by(seed, step);
}

void Network::reserve(std::size_t samples)
{
    if (samples <= capacity_) return;
    std::size_t floats = 0;
    for (const auto& each : activations_)
        floats += std::visit([&](const auto& activations) { return padded(activations.floats(samples)); }, each);
    values_ = {};
    values_.resize(floats);
    float* at = values_.data();
    const auto give = [&](auto& activations) {
        activations.values = {at, activations.floats(samples)};
        at += padded(activations.floats(samples));
    };
    for (auto& each : activations_) std::visit(give, each);
    gradients_.reserve(samples);
    for (const auto& stage : stages_) stage->reserve(samples);
    largest_.resize(padded(samples));
    sums_.resize(padded(samples));
    logs_.resize(samples);
    capacity_ = samples;
}

void Network::take_images(const Batch& batch)
{
    reserve(batch.labels.size());
    auto& input = std::get<ImageActivations>(activations_.front());
    const std::size_t pixels = input.height * input.width;
    const bool as_they_are = input.channels == 1 && input.sample_stride == pixels;
    for (std::size_t sample = 0; sample < batch.labels.size(); ++sample) {
        float* const to = input.values.data() + sample * input.sample_stride + input.corner;
        batch.write_image(sample, as_they_are ? to : image_.data());
        if (as_they_are) continue;
        for (std::size_t row = 0; row < input.height; ++row) {
            const float* const from = image_.data() + row * input.width;
            if (input.channels == 1)
                std::copy_n(from, input.width, to + row * input.row_stride);
            else
                kernels_.transpose(from, input.channels, input.width, pixels, to + row * input.row_stride,
                                   input.channels);
        }
    }
}

template <class F>
void Network::for_each_part(std::size_t samples, const F& f) const
{
    for (std::size_t first = 0; first < samples; first += part_size_)
        f(Part{first, std::min(part_size_, samples - first)});
}

void Network::forward(std::size_t samples)
{
    bool is_observed = false;  // the stage at hand, by those before it
    for (std::size_t begin = 0; begin < stages_.size();) {
        if (!by_parts(begin)) {
            stages_[begin++]->forward(samples);
            continue;
        }
        if (by_parts(begin)->observes() && !is_observed) {
            by_parts(begin)->observe({0, samples});
            by_parts(begin)->settle(samples);
        }
        // All up to one that must see the whole batch first, which looks at what they give.
        std::size_t end = begin + 1;
        while (by_parts(end) && !by_parts(end)->observes()) ++end;
        for (std::size_t stage = begin; stage < end; ++stage) by_parts(stage)->begin_forward(samples);
        auto* const observer = by_parts(end);
        for_each_part(samples, [&](Part part) {
            for (std::size_t stage = begin; stage < end; ++stage) by_parts(stage)->forward_part(part);
            if (observer) observer->observe(part);
        });
        if (observer) observer->settle(samples);
        is_observed = observer != nullptr;
        begin = end;
    }
}

void Network::evaluate(std::size_t samples)
{
    for (std::size_t begin = 0; begin < stages_.size();) {
        if (!by_parts(begin)) {
            stages_[begin++]->evaluate(samples);
            continue;
        }
        std::size_t end = begin + 1;
        while (by_parts(end)) ++end;
        for_each_part(samples, [&](Part part) {
            for (std::size_t stage = begin; stage < end; ++stage) by_parts(stage)->evaluate_part(part);
        });
        begin = end;
    }
}

void Network::backward(std::size_t samples, std::span<float> gradient)
{
    bool is_observed = false;
    for (std::size_t end = stages_.size(); end > 0;) {
        if (!by_parts(end - 1)) {
            stages_[--end]->backward(samples, gradient);
            continue;
        }
        if (by_parts(end - 1)->observes() && !is_observed) {
            by_parts(end - 1)->observe_gradient({0, samples});
            by_parts(end - 1)->settle_gradient(samples, gradient);
        }
        std::size_t begin = end - 1;
        while (begin > 0 && by_parts(begin - 1) && !by_parts(begin - 1)->observes()) --begin;
        for (std::size_t stage = begin; stage < end; ++stage) by_parts(stage)->begin_backward();
        auto* const observer = begin > 0 ? by_parts(begin - 1) : nullptr;
        for_each_part(samples, [&](Part part) {
            // What the last of them gave is wanted no more.
            for (std::size_t stage = observer ? begin - 1 : begin; stage + 1 < end; ++stage)
                if (by_parts(stage)->gives_again()) by_parts(stage)->forward_part(part);
            for (std::size_t stage = end; stage-- > begin;) by_parts(stage)->backward_part(part);
            if (observer) observer->observe_gradient(part);
        });
        for (std::size_t stage = begin; stage < end; ++stage) by_parts(stage)->finish_backward(gradient);
        if (observer) observer->settle_gradient(samples, gradient);
        is_observed = observer != nullptr;
        end = begin;
    }
}

Score Network::evaluate(const Batch& batch)
{
    take_images(batch);
    evaluate(batch.labels.size());
    const auto& logits = std::get<FeatureActivations>(activations_.back());
    const std::size_t columns = padded(batch.labels.size());
    kernels_.softmax(logits.values.data(), logits.features, columns, columns, 1, largest_.data(), sums_.data(),
                     nullptr);
    Score score;
    score.samples = batch.labels.size();
    portable::log(std::span{sums_}.first(score.samples), logs_);
    for (std::size_t sample = 0; sample < score.samples; ++sample) {
        const auto label = static_cast<std::size_t>(batch.labels[sample]);
        const float of_label = logits.values[label * columns + sample];
        score.loss_sum += logs_[sample] + (static_cast<double>(largest_[sample]) - of_label);
        bool first = of_label == largest_[sample];  // ties go to the lowest class
        for (std::size_t row = 0; row < label; ++row) first = first && logits.values[row * columns + sample] < of_label;
        score.correct += first;
    }
    return score;
}

double Network::mean_output_magnitude(const Batch& batch)
{
    const std::size_t samples = batch.labels.size();
    take_images(batch);
    forward(samples);
    return std::visit([&](const auto& outputs) { return mean_magnitude(outputs, samples); }, activations_.back());
}

void Network::outputs(const Batch& batch, std::span<float> to)
{
    const std::size_t samples = batch.labels.size();
    take_images(batch);
    evaluate(samples);
    if (const auto* features = std::get_if<FeatureActivations>(&activations_.back())) {
        const std::size_t columns = padded(samples);
        if (features->rows != nullptr)
            std::copy_n(features->rows, samples * features->features, to.begin());
        else
            for (std::size_t sample = 0; sample < samples; ++sample)
                for (std::size_t i = 0; i < features->features; ++i)
                    to[sample * features->features + i] = features->values[i * columns + sample];
        return;
    }
    const auto& image = std::get<ImageActivations>(activations_.back());
    const std::size_t pixels = image.height * image.width;
    for (std::size_t sample = 0; sample < samples; ++sample)
        for (std::size_t row = 0; row < image.height; ++row)
            for (std::size_t column = 0; column < image.width; ++column)
                for (std::size_t channel = 0; channel < image.channels; ++channel)
                    to[(sample * image.channels + channel) * pixels + row * image.width + column] =
                        image.values[sample * image.sample_stride + image.corner + row * image.row_stride +
                                     column * image.channels + channel];
}

double Network::cross_entropy(const Batch& batch, float share)
{
    const std::size_t samples = batch.labels.size();
    auto& logits = std::get<FeatureActivations>(activations_.back());
    const std::size_t columns = padded(samples);
    kernels_.softmax(logits.values.data(), logits.features, columns, columns, share, largest_.data(), sums_.data(),
                     logits.gradients.data());
    portable::log(std::span{sums_}.first(samples), logs_);
    double loss_sum = 0;
    for (std::size_t sample = 0; sample < samples; ++sample) {
        const auto label = static_cast<std::size_t>(batch.labels[sample]);
        logits.gradients[label * columns + sample] -= share;
        loss_sum += logs_[sample] + (static_cast<double>(largest_[sample]) - logits.values[label * columns + sample]);
    }
    return loss_sum;
}

double Network::add_soft_targets(std::size_t samples, const SoftTargets& soft, float share)
{
    auto& logits = std::get<FeatureActivations>(activations_.back());
    const std::size_t columns = padded(samples);
    const std::size_t size = logits.features * columns;
    soft_.resize(std::max(soft_.size(), 3 * size));
    float* const scaled = soft_.data();
    float* const own = scaled + size;
    float* const teacher = own + size;
    const auto sharpness = static_cast<float>(1 / soft.temperature);

    std::fill_n(scaled, size, 0.0F);
    for (std::size_t sample = 0; sample < samples; ++sample)
        for (std::size_t i = 0; i < logits.features; ++i)
            scaled[i * columns + sample] = soft.logits[sample * logits.features + i] * sharpness;
    kernels_.softmax(scaled, logits.features, columns, columns, 1, largest_.data(), sums_.data(), teacher);
    for (std::size_t i = 0; i < size; ++i) scaled[i] = logits.values[i] * sharpness;
    kernels_.softmax(scaled, logits.features, columns, columns, 1, largest_.data(), sums_.data(), own);

    portable::log(std::span{sums_}.first(samples), logs_);
    const auto factor = static_cast<float>(soft.alpha * soft.temperature) * share;
    double loss_sum = 0;
    for (std::size_t i = 0; i < logits.features; ++i)
        for (std::size_t sample = 0; sample < samples; ++sample) {
            const std::size_t at = i * columns + sample;
            logits.gradients[at] += factor * (own[at] - teacher[at]);
            loss_sum += teacher[at] * (logs_[sample] + (static_cast<double>(largest_[sample]) - scaled[at]));
        }
    return soft.alpha * soft.temperature * soft.temperature * loss_sum;
}

void Network::backward_loss(std::size_t samples, std::span<float> gradient)
{
    auto& logits = std::get<FeatureActivations>(activations_.back());
    const std::size_t columns = padded(samples);
    for (std::size_t row = 0; row < logits.features; ++row)
        std::fill_n(logits.gradients.data() + row * columns + samples, columns - samples, 0.0F);
    backward(samples, gradient);
}

double Network::gradient(const Batch& batch, std::span<float> gradient)
{
    const std::size_t samples = batch.labels.size();
    take_images(batch);
    forward(samples);
    const double loss_sum = cross_entropy(batch, 1.0F / static_cast<float>(samples));
    backward_loss(samples, gradient);
    return loss_sum / static_cast<double>(samples);
}

double Network::gradient(const Batch& batch, const SoftTargets& soft, std::span<float> gradient)
{
    const std::size_t samples = batch.labels.size();
    take_images(batch);
    forward(samples);
    const float share = 1.0F / static_cast<float>(samples);
    const double hard = (1 - soft.alpha) * cross_entropy(batch, static_cast<float>(1 - soft.alpha) * share);
    const double loss_sum = hard + add_soft_targets(samples, soft, share);
    backward_loss(samples, gradient);
    return loss_sum / static_cast<double>(samples);
}

}  // namespace fedgram::learning::native
