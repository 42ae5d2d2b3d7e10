#pragma once

#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/experiment.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::spec {

/// Reads the key `pruning`, an object that builds on what `pruning` is already. Throws SpecError with a line for each
/// mistake, and leaves `pruning` as it is then.
void read_pruning(StrictObject& training, std::optional<Pruning>& pruning);

/// Where nothing says when the last weights go: in the middle of the training, so that as many rounds train what is
/// left; or at once, where they begin to go later.
void settle_pruning(Pruning& pruning, std::uint32_t max_rounds);

/// Throws SpecError for rounds that there aren't, and for methods that pruning makes no sense with, with the reason.
/// Pruning is settled. `path` is the training's: "trainings.fed".
void check_pruning(const Federated& training, const std::string& path);

/// All of it, to be parsed again.
[[nodiscard]] nlohmann::ordered_json to_json(const Pruning& pruning);

}  // namespace fedgram::spec
