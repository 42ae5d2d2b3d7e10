#include "common/run/run_progress.hpp"

#include <nlohmann/json.hpp>

#include "common/run/damaged_file.hpp"
#include "common/run/format_version.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/utc_time.hpp"

namespace fedgram::run {

namespace {

using Json = nlohmann::ordered_json;
using spec::StrictObject;

constexpr std::uint32_t newest_format = 1;

RunProgress::Nodes parse_nodes(StrictObject nodes)
{
    const RunProgress::Nodes parsed{nodes.whole_32("training"), nodes.whole_32("waiting"), nodes.whole_32("delivered"),
                                    nodes.whole_32("lost")};
    nodes.finish();
    return parsed;
}

RunProgress parse(const Json& json, const std::string& where)
{
    StrictObject object{json, where};
    check_format(object, "format", newest_format);
    RunProgress progress;
    const auto time = text::parse_utc(object.text("time"));
    if (!time) object.refuse("time", "a time in UTC, as \"2020-09-14T06:00:00Z\"");
    progress.time = *time;
    progress.training = object.text("training");
    progress.rounds = object.whole_32("rounds");
    progress.most_rounds = object.whole_32("most_rounds");
    progress.of_round = object.number("of_round", spec::fraction);
    if (!object.value("rounds_per_second").is_null())
        progress.rounds_per_second = object.number("rounds_per_second", spec::not_negative);
    static_cast<void>(object.value("most_seconds_left"));  // it follows from the others
    if (!object.value("nodes").is_null()) progress.nodes = parse_nodes(object.object("nodes"));
    object.finish();
    return progress;
}

}  // namespace

std::optional<double> RunProgress::most_seconds_left() const
{
    if (!rounds_per_second || *rounds_per_second <= 0) return std::nullopt;
    return (most_rounds - rounds - of_round) / *rounds_per_second;
}

Json to_json(const RunProgress& progress)
{
    const auto left = progress.most_seconds_left();
    Json json{{"format", newest_format},
              {"time", text::utc_text(progress.time)},
              {"training", progress.training},
              {"rounds", progress.rounds},
              {"most_rounds", progress.most_rounds},
              {"of_round", progress.of_round},
              {"rounds_per_second", progress.rounds_per_second ? Json(*progress.rounds_per_second) : Json()},
              {"most_seconds_left", left ? Json(*left) : Json()},
              {"nodes", nullptr}};
    if (const auto& nodes = progress.nodes)
        json["nodes"] = {{"training", nodes->training},
                         {"waiting", nodes->waiting},
                         {"delivered", nodes->delivered},
                         {"lost", nodes->lost}};
    return json;
}

RunProgress parse_run_progress(const Json& json, const std::string& where)
{
    return of_file([&] { return parse(json, where); });
}

}  // namespace fedgram::run
