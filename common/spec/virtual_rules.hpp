#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/spec/experiment.hpp"

namespace fedgram::spec {

/// Whether the nodes' own time decides who takes part in a federated training, when its rounds end, or which of its
/// models are looked at, whatever the nodes are.
[[nodiscard]] bool has_virtual_rules(const Federated& rule);
/// The same of a training in a resolved specification, of either kind.
[[nodiscard]] bool has_virtual_rules(const nlohmann::ordered_json& training);

}  // namespace fedgram::spec
