#include "common/learning/torch/batch_tensors.hpp"

#include <algorithm>
#include <cmath>

namespace fedgram::learning::torch_engine {

std::string failure_text(const std::string& where, std::size_t count, const std::string& reason)
{
    auto text = where + ": the model fails on a batch of " + std::to_string(count) + ": " + reason;
    if (reason.find("more than 1 value per channel") != std::string::npos)
        text += "; one sample has no variance: last_batch \"merge\" or \"drop\" leaves no such batch";
    return text;
}

torch::Tensor pixels_of(const Batch& batch, const Shape& shape)
{
    const auto count = static_cast<std::int64_t>(batch.labels.size());
    const auto pixels = torch::empty({count, shape.channels, shape.height, shape.width});
    const std::size_t size = std::size_t{shape.channels} * shape.height * shape.width;
    for (std::size_t sample = 0; sample < batch.labels.size(); ++sample)
        batch.write_image(sample, pixels.data_ptr<float>() + sample * size);
    return pixels;
}

torch::Tensor labels_of(const Batch& batch)
{
    return torch::from_blob(const_cast<std::int64_t*>(batch.labels.data()),
                            {static_cast<std::int64_t>(batch.labels.size())}, torch::kInt64);
}

Score score_of(const torch::Tensor& logits, std::span<const std::int64_t> labels)
{
    const auto rows = logits.contiguous();
    const auto classes = static_cast<std::size_t>(rows.size(1));
    Score score;
    score.samples = labels.size();
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::span row{rows.data_ptr<float>() + i * classes, classes};
        const auto best = std::max_element(row.begin(), row.end());  // the first of equals
        double sum = 0;
        for (const float logit : row) sum += std::exp(static_cast<double>(logit) - *best);
        const auto label = static_cast<std::size_t>(labels[i]);
        score.loss_sum += std::log(sum) + *best - row[label];
        score.correct += static_cast<std::size_t>(best - row.begin()) == label;
    }
    return score;
}

}  // namespace fedgram::learning::torch_engine
