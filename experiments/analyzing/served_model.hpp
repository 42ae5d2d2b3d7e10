#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "common/energy/devices/memory_fit.hpp"
#include "common/energy/pricing/batch_service.hpp"
#include "common/spec/experiment.hpp"
#include "experiments/analysis/configuration.hpp"

namespace fedgram::experiments {

/// One form of a model, and what its answers take.
struct ServedVariant {
    analysis::Variant variant;  ///< `memory`: of its weights
    energy::BatchDemand demand;
    std::string peak_operator{};  ///< where its activations are most; empty where that isn't known

    /// Of one instance with room for a batch of so many.
    [[nodiscard]] energy::MemoryNeed memory(std::uint32_t batch) const;
};

struct ServedModel {
    std::string name;  ///< "small-cnn", "federated-iid of results/mine"
    std::vector<ServedVariant> variants;
    std::vector<std::string> unable{};  ///< in words: which forms some device has no rate for
};

/// 0, 1, ... of all its variants, as a search names them.
[[nodiscard]] std::vector<std::size_t> places_of_variants(const ServedModel& model);

/// The final model of a run's training, as it was trained and by each of its reductions. What is float32 is computed in
/// each of `numbers`, which are none of int8; their accuracy is known of float32 alone, since nobody evaluated the
/// others. `training` is a label of `experiment`, the run's. Throws DataError where that hasn't ended with a model,
/// SpecError for a TorchScript model.
[[nodiscard]] ServedModel model_of_run(const std::filesystem::path& run, const spec::Experiment& experiment,
                                       const std::string& training, const std::vector<energy::Arithmetic>& numbers);

/// The files of its variants, in their order, as fedgram-serve reads them.
[[nodiscard]] std::vector<std::filesystem::path> files_of_variants(const std::filesystem::path& run,
                                                                   const std::string& training,
                                                                   const ServedModel& model);

/// A built-in model for 28 x 28 grey pixels and 10 classes, or a network that isn't trained here, by its costs alone,
/// in each of `numbers`. Throws SpecError for an unknown name (lists the known ones).
[[nodiscard]] ServedModel model_by_costs(const std::string& name, const std::vector<energy::Arithmetic>& numbers);

/// The names that `model_by_costs` takes.
[[nodiscard]] std::vector<std::string> names_with_costs();

/// Why the accuracy of none of its forms is known, and the way out; empty where some is.
[[nodiscard]] std::string why_no_accuracy(const ServedModel& model);

}  // namespace fedgram::experiments
