#include "common/energy/devices/inference_profile.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/energy/devices/watt_range.hpp"
#include "common/error/error.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::energy {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view only_key = "inference_only";

constexpr std::array<std::pair<std::string_view, std::optional<Figure> InferenceProfile::*>, 4> figure_keys{{
    {"idle_w", &InferenceProfile::idle_w},
    {"flash_bytes", &InferenceProfile::flash_bytes},
    {"ram_bytes", &InferenceProfile::ram_bytes},
    {"fp32_slowdown", &InferenceProfile::fp32_slowdown},
}};

constexpr std::array types{spec::NumberType::fp32, spec::NumberType::int8};

constexpr std::array<InferenceRowUse, 3> uses{InferenceRowUse::fitted, InferenceRowUse::band, InferenceRowUse::shown};

// Wide enough for any answer, and quotients of two are finite.
constexpr spec::NumberRange measured{.low = 1e-6, .high = 1e12, .words = "a number from 0.000001 to 1000000000000"};

std::optional<spec::NumberType> parse_numbers(const std::string& word)
{
    for (const auto type : types)
        if (spec::name(type) == word) return type;
    return std::nullopt;
}

InferenceRow parse_row(spec::StrictObject row)
{
    InferenceRow parsed;
    row.read_text("network", parsed.network);
    row.attempt([&] {
        if (!row.has("macs")) return;
        parsed.macs = row.whole("macs");
        if (*parsed.macs == 0) row.refuse("macs", "a whole number of at least 1");
    });
    row.attempt([&] { parsed.numbers = parse_numbers(row.choice("numbers", {"fp32", "int8", "other"})); });
    row.attempt([&] { parsed.seconds = Seconds{row.number("ms", measured) / 1e3}; });
    row.attempt([&] { parsed.joules = Joules{row.number("microjoules", measured) / 1e6}; });
    row.read_text("setup", parsed.setup);
    row.attempt([&] {
        const auto word = row.choice("use", {"fitted", "band", "shown"});
        parsed.use = *std::ranges::find(uses, word, [](auto use) { return name(use); });
    });
    row.read_text("source", parsed.source);
    row.attempt([&] {
        if (parsed.use != InferenceRowUse::shown && (!parsed.macs || !parsed.numbers))
            row.refuse("use", "shown, as a rate takes macs, and numbers of fp32 or int8");
    });
    row.finish();
    return parsed;
}

Json row_json(const InferenceRow& row)
{
    Json json{{"network", row.network}};
    if (row.macs) json["macs"] = *row.macs;
    json["numbers"] = row.numbers ? spec::name(*row.numbers) : "other";
    json["ms"] = row.seconds.count() * 1e3;
    json["microjoules"] = row.joules.count() * 1e6;
    json["setup"] = row.setup;
    json["use"] = name(row.use);
    json["source"] = row.source;
    return json;
}

void check_fits(const std::vector<InferenceRow>& rows, const std::string& path)
{
    for (const auto type : types) {
        const auto count = [&](InferenceRowUse use) {
            return std::ranges::count_if(rows, [&](const auto& row) { return row.numbers == type && row.use == use; });
        };
        const auto fitted = count(InferenceRowUse::fitted);
        if (fitted > 1 || (fitted == 0 && count(InferenceRowUse::band) > 0))
            throw SpecError{path + ": " + std::to_string(fitted) + " rows of " + std::string{spec::name(type)} +
                            " are fitted; use one, and band for its other set-ups"};
    }
}

bool gives_rate(const InferenceRow& row, spec::NumberType type)
{
    return row.numbers == type && row.use != InferenceRowUse::shown;
}

// What each row of the type gives, the fitted one as the value and all of them as the band.
template <class Value>
Figure fitted_figure(const std::vector<const InferenceRow*>& rows, Value value_of)
{
    Figure figure;
    figure.evidence = EvidenceLevel::fitted;
    double low = value_of(*rows.front());
    double high = low;
    for (const auto* row : rows) {
        low = std::min(low, value_of(*row));
        high = std::max(high, value_of(*row));
        if (row->use != InferenceRowUse::fitted) continue;
        figure.value = value_of(*row);
        figure.source = row->network + " by " + row->setup + "; " + row->source;
    }
    if (rows.size() > 1) {
        figure.low = low;
        figure.high = high;
        figure.source += "; band: " + std::to_string(rows.size()) + " set-ups";
    }
    return figure;
}

// The same power for so many times as long. A band goes from both bands' low ends to both their high ends.
InferenceRate slowed(InferenceRate rate, const Figure& times)
{
    const double least = times.low.value_or(times.value);
    const double most = times.high.value_or(times.value);
    const auto scale = [&](Figure& figure, double low, double value, double high) {
        const bool is_banded = figure.low || figure.high || times.low || times.high;
        const double from = figure.low.value_or(figure.value) * low;
        const double to = figure.high.value_or(figure.value) * high;
        figure.value *= value;
        if (is_banded) {
            figure.low = from;
            figure.high = to;
        }
        figure.evidence = times.evidence;
        figure.source += "; slowed down: " + times.source;
    };
    scale(rate.gmac_per_s, 1 / most, 1 / times.value, 1 / least);
    scale(rate.joules_per_gmac, least, times.value, most);
    rate.active_w.evidence = times.evidence;
    rate.active_w.source += "; taken to be the same in float32";
    return rate;
}

}  // namespace

std::string_view name(InferenceRowUse use)
{
    constexpr std::array<std::string_view, 3> words{"fitted", "band", "shown"};
    return words[static_cast<std::size_t>(use)];
}

bool InferenceProfile::has_rows(spec::NumberType type) const
{
    return std::ranges::any_of(rows, [&](const auto& row) { return gives_rate(row, type); });
}

std::optional<InferenceRate> InferenceProfile::rate(spec::NumberType type) const
{
    std::vector<const InferenceRow*> found;
    for (const auto& row : rows)
        if (gives_rate(row, type)) found.push_back(&row);
    if (found.empty() && type == spec::NumberType::fp32 && fp32_slowdown)
        if (const auto int8 = rate(spec::NumberType::int8)) return slowed(*int8, *fp32_slowdown);
    if (found.empty()) return std::nullopt;
    const auto gmac = [](const InferenceRow& row) { return static_cast<double>(*row.macs) / 1e9; };
    return InferenceRate{fitted_figure(found, [&](const auto& row) { return gmac(row) / row.seconds.count(); }),
                         fitted_figure(found, [](const auto& row) { return row.joules.count() / row.seconds.count(); }),
                         fitted_figure(found, [&](const auto& row) { return row.joules.count() / gmac(row); })};
}

bool is_inference_profile(const Json& json) { return json.is_object() && json.contains(only_key); }

InferenceProfile parse_inference_profile(const Json& json, const std::string& path)
{
    spec::Mistakes mistakes;
    spec::StrictObject object{json, path, spec::Wording::data, &mistakes};
    InferenceProfile profile;
    object.read_text("id", profile.id);
    object.read_text("name", profile.name);
    object.attempt([&] { profile.boundary = object.choice("boundary", {"chip", "module", "board", "wall"}); });
    object.attempt([&] { profile.inference_only = object.boolean(only_key); });
    object.attempt([&] {
        auto figures = object.object("figures");
        for (const auto& [key, member] : figure_keys)
            figures.attempt([&, key = key, member = member] {
                if (const auto* found = figures.find(key))
                    profile.*member =
                        parse_figure(*found, figures.path_of(key), key == "idle_w" ? watts_above_0 : spec::positive);
            });
        figures.finish();
    });
    object.attempt([&] {
        const auto& rows = object.array("rows");
        for (std::size_t i = 0; i < rows.size(); ++i)
            object.attempt([&] { profile.rows.push_back(parse_row(object.item("rows", i))); });
    });
    object.finish();
    mistakes.finish();
    check_fits(profile.rows, object.path_of("rows"));
    return profile;
}

Json to_json(const InferenceProfile& profile)
{
    Json json{{"id", profile.id},
              {"name", profile.name},
              {"boundary", profile.boundary},
              {only_key, profile.inference_only},
              {"figures", Json::object()},
              {"rows", Json::array()}};
    for (const auto& [key, member] : figure_keys)
        if (const auto& figure = profile.*member) json["figures"][key] = to_json(*figure);
    for (const auto& row : profile.rows) json["rows"].push_back(row_json(row));
    return json;
}

}  // namespace fedgram::energy
