#include "common/spec/utf8.hpp"

#include <nlohmann/json.hpp>

namespace fedgram::spec {

bool is_utf8(const std::string& text)
{
    using Json = nlohmann::ordered_json;
    const Json json(text);
    return json.dump(-1, ' ', false, Json::error_handler_t::ignore) ==
           json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace fedgram::spec
