#pragma once

#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/strict_object.hpp"

namespace fedgram::spec {

/// What stands under `key`, which must be there and takes a kind's word alone or an object with the kind's constants:
/// of a word the object that says the same, {KIND_KEY: word}. An object may leave its kind out. Throws SpecError for
/// any other value, for an object without a key, and for a word alone that isn't one of `words`.
[[nodiscard]] nlohmann::ordered_json kind_object(StrictObject& parent, std::string_view key, std::string_view kind_key,
                                                 const std::vector<std::string_view>& words);

}  // namespace fedgram::spec
