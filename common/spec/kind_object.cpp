#include "common/spec/kind_object.hpp"

#include <string>

#include <nlohmann/json.hpp>

namespace fedgram::spec {

using nlohmann::ordered_json;

ordered_json kind_object(StrictObject& parent, std::string_view key, std::string_view kind_key,
                         const std::vector<std::string_view>& words)
{
    const auto& value = parent.value(key);
    if (value.is_string()) return {{std::string{kind_key}, words[parent.word(key, words)]}};
    if (!value.is_object() || value.empty())
        parent.refuse(key, one_of(words) + ", or an object with a " + std::string{kind_key});
    return value;
}

}  // namespace fedgram::spec
