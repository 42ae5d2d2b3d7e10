#include "common/run/json_lines.hpp"

#include <nlohmann/json.hpp>

#include "common/run/damaged_file.hpp"
#include "common/spec/parse.hpp"

namespace fedgram::run {

void read_json_lines(std::string_view text, const std::string& where,
                     const std::function<void(const nlohmann::ordered_json& line, const std::string& path)>& take)
{
    for (std::size_t number = 1; text.find('\n') != std::string_view::npos; ++number) {
        const auto end = text.find('\n');
        const auto place = where + ":" + std::to_string(number);
        of_file([&] { take(spec::parse_json_text(text.substr(0, end), place), place + ": line"); });
        text.remove_prefix(end + 1);
    }
}

}  // namespace fedgram::run
