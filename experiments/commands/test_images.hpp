#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "experiments/loading/asked_images.hpp"

namespace fedgram::experiments {

/// The first `count` images of a run's test set with their labels, all where nothing is said; in float32 normalized as
/// its training did. Throws what reading the specification and the data does, and SpecError for bytes of data that are
/// none.
[[nodiscard]] ImageSet test_images(const std::filesystem::path& run,
                                   const std::optional<std::filesystem::path>& data_folder, PixelForm form,
                                   std::optional<std::uint32_t> count);

}  // namespace fedgram::experiments
