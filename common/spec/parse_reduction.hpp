#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/mistakes.hpp"
#include "common/spec/reduction.hpp"

namespace fedgram::spec {

/// The list under "reductions" of a specification whose trainings have these labels. What is wrong goes to `mistakes`.
[[nodiscard]] std::vector<Reduction> parse_reductions(const nlohmann::ordered_json& list,
                                                      const std::vector<std::string>& trainings, Mistakes& mistakes);

/// A lever as the command line has it: its name, and its settings behind a colon, as in
/// "prune:sparsity=0.9,scope=layer". Throws SpecError that names the setting.
[[nodiscard]] Lever parse_lever(std::string_view text);
/// The same as JSON, `path` being how errors name it.
[[nodiscard]] Lever parse_lever(const nlohmann::ordered_json& json, const std::string& path);

/// Every setting of a lever, as `parse_reductions` reads it.
[[nodiscard]] nlohmann::ordered_json to_json(const Lever& lever);
[[nodiscard]] nlohmann::ordered_json to_json(const Reduction& reduction);

}  // namespace fedgram::spec
