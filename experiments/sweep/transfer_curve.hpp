#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::experiments {

/// What a model of one width came to with one learning rate.
struct TransferPoint {
    std::string parametrization;  ///< of the model: "mup" or "standard"
    double width = 1;
    double learning_rate = 0;
    double accuracy = 0;  ///< at the end, on validation samples; the mean over the seeds
    double joules = 0;    ///< of one training, in the mean over the seeds
};

/// A way to a trained wide model: all rates are tried at one width, and the best one trains the widest.
struct TuningWay {
    std::string parametrization;
    double tuned_at = 1;       ///< width
    double learning_rate = 0;  ///< the best there; of equal ones the smallest
    double accuracy = 0;       ///< of the widest model with that rate
    double joules = 0;         ///< of the trials, and of the wide training where it isn't one of them
};

/// A way for each parametrization and width, in the order of the points. Each width has a point for each rate.
[[nodiscard]] std::vector<TuningWay> tuning_ways(std::span<const TransferPoint> points);

/// Accuracy by width and rate, and what the ways cost.
[[nodiscard]] std::string transfer_text(std::span<const TransferPoint> points);
[[nodiscard]] nlohmann::ordered_json transfer_json(std::span<const TransferPoint> points);

}  // namespace fedgram::experiments
