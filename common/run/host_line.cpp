#include "common/run/host_line.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/run/damaged_file.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::run {

namespace {

HostLine parse_line(std::string_view text)
{
    const auto json = spec::parse_json_text(text, "host.jsonl");
    spec::StrictObject object{json, "host.jsonl: line"};
    HostLine line;
    line.training = object.text("training");
    line.round = object.whole_32("round");
    line.node = object.whole_32("node");
    line.cpu_seconds = object.number("cpu_seconds", spec::not_negative);
    if (const auto* estimate = object.find("estimate"))
        line.estimate = energy::parse_meter_record(*estimate, object.path_of("estimate"));
    return line;
}

}  // namespace

std::string to_json_line(const HostLine& line)
{
    // One for each update: without a JSON document in between. A label has no characters to escape (common/spec).
    auto text = fmt::format(R"({{"training":"{}","round":{},"node":{},"cpu_seconds":{})", line.training, line.round,
                            line.node, line.cpu_seconds);
    if (line.estimate) text += R"(,"estimate":)" + to_json(*line.estimate).dump();
    return text + "}";
}

HostLines parse_host_lines(std::string_view text)
{
    HostLines result;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        if (damage_found([&] { result.lines.push_back(parse_line(text.substr(0, end))); })) ++result.damaged;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

}  // namespace fedgram::run
