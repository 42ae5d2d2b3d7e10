#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace fedgram::spec {

// The words of a spec, in the order of the enumerations and variants in experiment.hpp, layer.hpp and those beside
// them.
inline const std::vector<std::string_view> engine_words{"native", "torch"};
inline constexpr std::size_t native_engine = 0;
inline constexpr std::size_t torch_engine = 1;
inline const std::vector<std::string_view> optimizer_words{"sgd", "adam", "adamw"};
inline const std::vector<std::string_view> precision_words{"float32", "bf16"};
inline const std::vector<std::string_view> rate_schedule_words{"constant", "step", "cosine", "linear"};
inline const std::vector<std::string_view> partition_words{"iid",          "dirichlet", "shards",  "quantity_skew",
                                                           "iid_fraction", "draws",     "natural", "classes"};
inline const std::vector<std::string_view> feature_skew_words{"none", "noise", "rotation"};
inline const std::vector<std::string_view> data_format_words{
    "idx", "npy", "npz", "csv", "images", "cifar10", "cifar100", "cifar100-coarse", "leaf"};
inline const std::vector<std::string_view> channel_axis_words{"first", "last"};
inline const std::vector<std::string_view> aggregation_words{"mean", "clipped-mean", "median", "trimmed-mean"};
inline const std::vector<std::string_view> strategy_words{"fedavg",  "fedavgm",  "fedadagrad", "fedadam", "fedyogi",
                                                          "fedprox", "scaffold", "fednova",    "feddyn",  "q-fedavg"};
inline const std::vector<std::string_view> server_form_words{"paper",       "damped", "flower",
                                                             "flower-1.12", "keras",  "torch"};
inline const std::vector<std::string_view> selection_words{
    "uniform",          "by-samples", "power-of-choice",  "oort",
    "lowest-intensity", "alpha-fair", "wait-for-cleaner", "grams-cap"};
inline const std::vector<std::string_view> candidate_loss_words{"all", "mini-batch", "last-known"};
inline const std::vector<std::string_view> beyond_cap_words{"skip", "stop"};
inline const std::vector<std::string_view> sparsifier_words{"none", "top-k", "random-k"};
inline const std::vector<std::string_view> quantizer_words{"none", "fp16", "bf16", "int8", "int4", "qsgd", "sign"};
inline const std::vector<std::string_view> node_sampling_words{"poisson", "fixed"};
inline const std::vector<std::string_view> privacy_accountant_words{"rdp", "gaussian"};
inline const std::vector<std::string_view> presum_words{"off", "local", "all"};
inline const std::vector<std::string_view> last_batch_words{"keep", "drop", "merge"};
inline const std::vector<std::string_view> training_words{"centralized", "federated"};
inline const std::vector<std::string_view> layer_words{
    "conv2d",     "linear",  "relu",       "tanh",       "max_pool2d",
    "avg_pool2d", "flatten", "batch_norm", "group_norm", "global_avg_pool2d",
    "dropout",    "relu6",   "residual"};
inline const std::vector<std::string_view> lever_words{"prune",     "prune-filters", "share-weights", "quantize",
                                                       "factorize", "distill",       "fine-tune"};
inline const std::vector<std::string_view> pruning_scope_words{"layer", "global"};
inline const std::vector<std::string_view> pruning_course_words{"one-shot", "iterative", "lottery", "gradual"};
inline const std::vector<std::string_view> filter_norm_words{"l1", "l2"};
inline constexpr std::string_view separable_word = "separable";  // in place of a layer's ranks
inline const std::vector<std::string_view> quantized_type_words{"int8", "fp16", "bf16"};
inline const std::vector<std::string_view> quantizer_scope_words{"tensor", "channel"};
inline const std::vector<std::string_view> calibration_words{"min-max", "percentile", "entropy"};
inline const std::vector<std::string_view> parametrization_words{"standard", "mup"};

}  // namespace fedgram::spec
