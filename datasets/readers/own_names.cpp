#include "datasets/readers/own_names.hpp"

#include <nlohmann/json.hpp>

namespace fedgram::datasets {

OwnNames own_names(const Dataset& data)
{
    if (data.making.empty()) return {};
    const auto making = nlohmann::json::parse(data.making);
    const auto names = [&](const char* key) { return making.value(key, std::vector<std::string>{}); };
    return {names("classes"), names("owners")};
}

}  // namespace fedgram::datasets
