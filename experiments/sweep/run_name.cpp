#include "experiments/sweep/run_name.hpp"

#include <cctype>
#include <utility>

#include <nlohmann/json.hpp>

#include "experiments/sweep/sweep_plan.hpp"

namespace fedgram::experiments {

std::string safe_for_a_file(std::string text)
{
    for (auto& c : text)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-' && c != '_') c = '-';
    return text;
}

std::string name_of_value(const std::string& json_text)
{
    auto text = plain(json_text);
    if (nlohmann::ordered_json::parse(json_text).is_number()) std::erase(text, '+');
    return safe_for_a_file(std::move(text));
}

}  // namespace fedgram::experiments
