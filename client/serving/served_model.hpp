#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "common/learning/model/model.hpp"
#include "common/learning/native/aligned_floats.hpp"
#include "common/learning/quantization/quantized_model.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::client {

/// A trained model as it is served. All instances share it.
struct ServedModel {
    learning::Model model;
    learning::native::AlignedFloats parameters{};    ///< what it computes with in float32; empty in int8
    std::optional<learning::QuantizedModel> int8{};  ///< what it computes with instead
    std::optional<spec::Normalization>
        normalization{};  ///< how bytes became pixels in its training, where that is known
    std::string doubt{};  ///< whether a training has ended with it, as a clause; empty where that is known

    [[nodiscard]] std::string arithmetic() const { return int8 ? "int8" : "float32"; }
    [[nodiscard]] std::size_t pixels() const
    {
        return std::size_t{model.shape.channels} * model.shape.height * model.shape.width;
    }
    /// Of weights and biases, as they lie in memory.
    [[nodiscard]] std::uint64_t bytes() const;
};

/// Reads a model file of a run's reductions (.fgm) or what a training of a run ended with (RUN/LABEL.pt, whose layers
/// are in RUN/spec.json and whose shape is in RUN/inputs.json). A model file that lies in RUN/reductions has its
/// normalization from RUN/spec.json. Throws SpecError for a file of another kind or a model without layers, and
/// DataError or SystemError for one that isn't there or is damaged, or of a training that diverged or hasn't ended as
/// RUN/summary.json says.
[[nodiscard]] ServedModel read_served_model(const std::filesystem::path& file);

}  // namespace fedgram::client
