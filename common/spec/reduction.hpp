#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/spec/layer.hpp"

namespace fedgram::spec {

/// Training that a lever does behind its change, or with it: passes over the training set with the training's own
/// optimizer. What is absent is the training's.
struct FineTuning {
    std::uint32_t epochs = 1;  ///< 0: none
    std::optional<double> learning_rate{};
    std::optional<std::uint32_t> batch_size{};
};

/// What weights compete with for a place: those of their own tensor, or all.
enum class PruningScope { layer, global };

/// When weights go: all at once; in rounds with training between them; in rounds that each start from the first
/// parameters anew (a lottery ticket, Frankle and Carbin 2019, arXiv:1803.03635); or step by step while it trains (Zhu
/// and Gupta 2017, arXiv:1710.01878).
enum class PruningCourse { one_shot, iterative, lottery, gradual };

/// Weights of the smallest magnitude become 0 and stay it (Han et al. 2015, arXiv:1506.02626).
struct Prune {
    double sparsity = 0.9;  ///< share of all weights that are 0 at the end, in [0, 1)
    PruningScope scope = PruningScope::global;
    PruningCourse course = PruningCourse::one_shot;
    std::uint32_t rounds = 5;         ///< iterative, lottery: how often it prunes and trains
    std::uint32_t every_steps = 100;  ///< gradual: between two masks
    FineTuning tuning{};              ///< of each round
};

enum class FilterNorm { l1, l2 };

/// Whole filters of convolutions and features of hidden linear layers go, those of the smallest norm (Li et al. 2017,
/// arXiv:1608.08710). The layers get smaller.
struct PruneFilters {
    double fraction = 0.5;  ///< of each layer's, in [0, 1)
    FilterNorm norm = FilterNorm::l1;
    FineTuning tuning{};
};

/// Weights share the values of a codebook for each tensor, and are stored as codes with Huffman's code (deep
/// compression, Han et al. 2016, arXiv:1510.00149).
struct ShareWeights {
    std::uint32_t convolution_bits = 8;
    std::uint32_t linear_bits = 5;
    std::uint32_t index_bits = 5;  ///< of the distance to the last weight that isn't 0
    FineTuning tuning{};           ///< of the codebooks' values
};

enum class QuantizedType { int8, fp16, bf16 };
enum class QuantizerScope { tensor, channel };
enum class Calibration { min_max, percentile, entropy };

/// Weights, and for int8 activations too, in fewer bits. fp16 and bf16 are how weights are stored: the model still
/// computes in float32.
struct Quantize {
    QuantizedType type = QuantizedType::int8;
    QuantizerScope weights = QuantizerScope::channel;
    Calibration calibration = Calibration::min_max;
    double percentile = 99.99;  ///< of that calibration, in (50, 100]
    std::uint32_t calibration_samples = 500;
    FineTuning tuning{.epochs = 0};  ///< above 0: it trains through quantized weights (straight-through)
};

/// What a layer becomes: a linear one its truncated singular value decomposition, a convolution Tucker-2; or a
/// convolution a depthwise one and one of 1 x 1 (MobileNet's, Howard et al. 2017, arXiv:1704.04861).
enum class FactorForm { low_rank, separable };

/// How far one layer is factorized: a linear layer's rank, both of a convolution's, or, without any, the least that
/// keep this share of the squares of its singular values.
struct LayerRank {
    std::string layer;  ///< "fc1"
    std::vector<std::uint32_t> ranks{};
    double kept_energy = 1;
    FactorForm form = FactorForm::low_rank;  ///< separable: without ranks
};

/// Linear layers by their truncated singular value decomposition, convolutions by Tucker-2 (Kim et al. 2016,
/// arXiv:1511.06530).
struct Factorize {
    std::vector<LayerRank> layers;
    FineTuning tuning{};
};

/// A smaller model learns from what this one says of the training set (Hinton et al. 2015, arXiv:1503.02531).
struct Distill {
    ModelSpec student{};
    double temperature = 4;  ///< above 0
    double alpha = 0.9;      ///< the soft targets' share of the loss, in [0, 1]
    FineTuning tuning{.epochs = 5};
};

/// The last layers learn on, the others stay as they are.
struct FineTune {
    std::string frozen_to;      ///< the last layer that stays; empty: none stays
    bool feature_store = true;  ///< what the frozen layers give is computed once for each sample, and kept
    FineTuning tuning{};
};

/// The order is that of `lever_words`.
using Lever = std::variant<Prune, PruneFilters, ShareWeights, Quantize, Factorize, Distill, FineTune>;

/// A training's final model made smaller by some levers, one after the other.
struct Reduction {
    std::string label;
    std::string training;  ///< label of the one that it begins with
    std::vector<Lever> levers;
};

/// "prune", "quantize".
[[nodiscard]] std::string_view name(const Lever& lever);
/// What tells it from others: "prune 90 %", "int8 per channel".
[[nodiscard]] std::string words(const Lever& lever);

}  // namespace fedgram::spec
