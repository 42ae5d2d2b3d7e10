#include "common/energy/devices/served_form.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/spec/strict_object.hpp"

namespace fedgram::energy {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view engine_key = "engine_s";
constexpr std::string_view most_key = "most_per_s";

constexpr std::array<std::pair<std::string_view, Figure ServedForm::*>, 11> figure_keys{{
    {"batch_s", &ServedForm::batch_s},
    {"request_s", &ServedForm::request_s},
    {"round_trip_s", &ServedForm::round_trip_s},
    {"arrival_s", &ServedForm::arrival_s},
    {"wake_s", &ServedForm::wake_s},
    {"server_batch_core_s", &ServedForm::server_batch_core_s},
    {"server_request_core_s", &ServedForm::server_request_core_s},
    {"client_batch_core_s", &ServedForm::client_batch_core_s},
    {"client_request_core_s", &ServedForm::client_request_core_s},
    {"full_batch_core_s", &ServedForm::full_batch_core_s},
    {"full_request_core_s", &ServedForm::full_request_core_s},
}};

// Nothing takes longer, so that virtual time has room for any queue of it.
constexpr spec::NumberRange figure_range{.low = 0, .high = 1000, .words = "seconds from 0 to 1000"};
constexpr spec::NumberRange engine_range{
    .low = 0, .low_end = spec::NumberRange::Low::excluded, .high = 1000, .words = "seconds above 0, and 1000 at most"};

Arithmetic arithmetic_of(spec::StrictObject& object)
{
    std::vector<std::string_view> words;
    for (const auto arithmetic : all_arithmetic()) words.push_back(name(arithmetic));
    return all_arithmetic()[object.word("numbers", words)];
}

std::vector<EngineTime> parse_engine(spec::StrictObject& object)
{
    constexpr std::uint32_t largest = 1U << 20;
    std::vector<EngineTime> times;
    const auto& list = object.array(engine_key);
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto path = object.path_of(engine_key, i);
        const auto& pair = list[i];
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number_unsigned() || !pair[1].is_number())
            spec::refuse(path, pair, "a pair of a batch's size and its seconds, such as [8, 0.00025]");
        const auto batch = pair[0].get<std::uint64_t>();
        if (times.empty() ? batch != 1 : batch <= times.back().batch || batch > largest)
            spec::refuse(path, pair, "sizes that ascend from 1 to at most 1048576");
        const auto seconds = pair[1].get<double>();
        if (!engine_range.contains(seconds)) spec::refuse(path, pair, engine_range.text());
        times.push_back({static_cast<std::uint32_t>(batch), Seconds{seconds}});
    }
    return times;
}

}  // namespace

Seconds ServedForm::engine_time(std::uint32_t batch) const
{
    assert(!engine.empty() && batch > 0);
    if (engine.size() == 1) return engine.front().time * double(batch);
    auto above = std::ranges::lower_bound(engine, batch, {}, &EngineTime::batch);
    if (above == engine.end()) --above;
    if (above == engine.begin()) return above->time;
    const auto below = above - 1;
    const double share = (double(batch) - below->batch) / (above->batch - below->batch);
    const auto time = below->time + (above->time - below->time) * share;
    return batch > above->batch ? std::max(time, above->time) : time;
}

ServedForm parse_served_form(const Json& json, const std::string& path)
{
    spec::Mistakes mistakes;
    spec::StrictObject object{json, path, spec::Wording::data, &mistakes};
    ServedForm form;
    object.read_text("name", form.name);
    object.attempt([&] { form.arithmetic = arithmetic_of(object); });
    object.attempt([&] { form.macs = object.whole("macs"); });
    object.attempt([&] { form.weight_bytes = object.whole("weight_bytes"); });
    object.attempt([&] { form.engine = parse_engine(object); });
    object.read_text("source", form.source);
    object.attempt([&] {
        auto figures = object.object("figures");
        for (const auto& [key, member] : figure_keys)
            figures.attempt([&, key = key, member = member] {
                form.*member = parse_figure(figures.value(key), figures.path_of(key), figure_range);
            });
        figures.attempt([&] {
            if (const auto* most = figures.find(most_key))
                form.most_per_s = parse_figure(*most, figures.path_of(most_key), spec::positive);
        });
        figures.finish();
    });
    object.finish();
    mistakes.finish();
    return form;
}

Json to_json(const ServedForm& form)
{
    Json json{{"name", form.name},         {"numbers", name(form.arithmetic)},
              {"macs", form.macs},         {"weight_bytes", form.weight_bytes},
              {engine_key, Json::array()}, {"source", form.source},
              {"figures", Json::object()}};
    for (const auto& [batch, time] : form.engine) json[engine_key].push_back(Json::array({batch, time.count()}));
    for (const auto& [key, member] : figure_keys) json["figures"][key] = to_json(form.*member);
    if (form.most_per_s) json["figures"][most_key] = to_json(*form.most_per_s);
    return json;
}

}  // namespace fedgram::energy
