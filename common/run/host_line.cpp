#include "common/run/host_line.hpp"

#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"

namespace fedgram::coordinator {

namespace {

HostLine parse_line(const std::string& text)
{
    const auto json = spec::parse_json_text(text, "host.jsonl");
    HostLine line;
    line.training = json.at("training").get<std::string>();
    line.round = json.at("round").get<std::uint32_t>();
    line.node = json.at("node").get<std::uint32_t>();
    line.cpu_seconds = json.at("cpu_seconds").get<double>();
    if (!(line.cpu_seconds >= 0 && std::isfinite(line.cpu_seconds))) throw SpecError{"cpu_seconds"};
    if (json.contains("estimate")) line.estimate = energy::parse_meter_record(json.at("estimate"), "estimate");
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
        try {
            result.lines.push_back(parse_line(std::string{text.substr(0, end)}));
        } catch (const SpecError&) {
            ++result.damaged;
        } catch (const nlohmann::json::exception&) {
            ++result.damaged;
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

}  // namespace fedgram::coordinator
