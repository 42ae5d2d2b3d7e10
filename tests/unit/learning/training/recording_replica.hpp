#pragma once

#include <vector>

#include "common/learning/engine/engine.hpp"

namespace fedgram::learning {

/// Writes down what it is asked to learn, of images of one pixel. The loss of its n-th step is n; it calls a sample's
/// class 1 when its pixel is above 0.5, at a loss of the pixel's value.
class RecordingReplica final : public Replica {
public:
    void begin(std::span<const float>, std::uint64_t, const GradientCorrection&) override {}

    double step(const Batch& batch, double learning_rate) override
    {
        batches.emplace_back(batch.labels.begin(), batch.labels.end());
        for (std::size_t i = 0; i < batch.labels.size(); ++i) pixels.push_back(pixel(batch, i));
        rates.push_back(learning_rate);
        return static_cast<double>(batches.size());
    }

    Score evaluate(const Batch& batch) override
    {
        evaluated.push_back(batch.labels.size());
        Score score;
        score.samples = batch.labels.size();
        for (std::size_t i = 0; i < batch.labels.size(); ++i) {
            score.loss_sum += pixel(batch, i);
            score.correct += (pixel(batch, i) > 0.5F ? 1 : 0) == batch.labels[i];
        }
        return score;
    }

    void read(std::span<float>) const override {}
    [[nodiscard]] std::vector<std::byte> state() const override { return {}; }
    void restore(std::span<const std::byte>) override {}

    std::vector<std::vector<std::int64_t>> batches;  ///< the labels of each step
    std::vector<float> pixels;
    std::vector<double> rates;
    std::vector<std::size_t> evaluated;  ///< samples of each call

private:
    static float pixel(const Batch& batch, std::size_t sample)
    {
        float value;
        batch.write_image(sample, &value);
        return value;
    }
};

}  // namespace fedgram::learning
