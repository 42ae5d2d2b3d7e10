#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "experiments/loading/load_options.hpp"
#include "experiments/loading/load_result.hpp"

namespace fedgram::experiments {

/// What became of a load, for people. `images` says in words which were asked about: "64 random images (seed 1)".
[[nodiscard]] std::string load_text(const LoadOptions& options, const std::string& images, const LoadResult& result);

/// The same for programs. What isn't known is null.
[[nodiscard]] nlohmann::ordered_json load_json(const LoadOptions& options, const std::string& images,
                                               const LoadResult& result);

}  // namespace fedgram::experiments
