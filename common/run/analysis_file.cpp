#include "common/run/analysis_file.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/format_version.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/number_text.hpp"
#include "common/text/printable.hpp"

namespace fedgram::run {

namespace {

using Json = nlohmann::ordered_json;
using spec::NumberRange;
using spec::StrictObject;

/// A key that must be there, null where nobody knows.
std::optional<double> number_or_null(StrictObject& object, std::string_view key, const NumberRange& range)
{
    if (object.value(key).is_null()) return std::nullopt;
    return object.number(key, range);
}

std::vector<std::string> texts(StrictObject& object, std::string_view key)
{
    std::vector<std::string> texts;
    for (const auto& text : object.list(key)) {
        if (!text.is_string()) object.refuse(key, "a list of texts");
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

/// From low_KEY to high_KEY, where both are known.
std::optional<text::Band> parse_band(StrictObject& object, const std::string& key)
{
    std::optional<double> low;
    std::optional<double> high;
    object.read("low_" + key, low, spec::not_negative);
    object.read("high_" + key, high, spec::not_negative);
    return low && high ? std::optional{text::Band{*low, *high}} : std::nullopt;
}

AnswerCosts parse_costs(StrictObject& object)
{
    AnswerCosts costs;
    costs.joules = number_or_null(object, "joules_per_1000", spec::not_negative);
    costs.grams = number_or_null(object, "gco2e_per_1000", spec::not_negative);
    costs.idle_share = number_or_null(object, "idle_share", spec::fraction);
    // These aren't of every load and version.
    costs.joules_band = parse_band(object, "joules_per_1000");
    costs.grams_band = parse_band(object, "gco2e_per_1000");
    object.read("core_seconds_per_1000", costs.core_seconds, spec::not_negative);
    object.read("device_seconds_per_1000", costs.device_seconds, spec::not_negative);
    object.read("usd_per_1000", costs.usd, spec::not_negative);
    object.read("network_joules_per_1000", costs.network_joules, spec::not_negative);
    object.read("network_gco2e_per_1000", costs.network_grams, spec::not_negative);
    costs.network_joules_band = parse_band(object, "network_joules_per_1000");
    costs.network_grams_band = parse_band(object, "network_gco2e_per_1000");
    return costs;
}

AnalyzedLoad parse_load(StrictObject object)
{
    AnalyzedLoad load;
    load.load = object.text("load");
    load.requests_per_s = object.number("requests_per_s", spec::not_negative);
    load.devices = object.whole("devices");
    load.p99_ms = number_or_null(object, "p99_ms", spec::not_negative);
    object.read("requests", load.requests, 0);
    load.costs = parse_costs(object);
    load.stable = object.boolean("stable");
    load.keeps_constraints =
        object.value("keeps_constraints").is_null() ? std::nullopt : std::optional{object.boolean("keeps_constraints")};
    return load;
}

/// "1 client", "64 clients", "0.5/s": a whole number without an exponent.
std::string load_text(StrictObject& object)
{
    if (object.has("rate_per_s")) {
        const double rate = object.number("rate_per_s", spec::positive);
        return (rate == std::floor(rate) ? text::fixed(rate, 0) : text::shortest(rate)) + "/s";
    }
    const double clients = object.number("concurrency", spec::positive);
    return text::fixed(clients, 0) + (clients == 1 ? " client" : " clients");
}

// What is drawn as it stands in the document.

void check_constraints(StrictObject& object)
{
    const auto constraints = object.list("constraints").size();
    for (std::size_t i = 0; i < constraints; ++i) {
        auto constraint = object.item("constraints", i);
        static_cast<void>(constraint.text("metric"));
        static_cast<void>(constraint.number(constraint.has("at_least") ? "at_least" : "at_most", spec::positive));
    }
}

void check_curve(StrictObject& object)
{
    const auto points = object.list("curve").size();
    for (std::size_t i = 0; i < points; ++i) {
        auto point = object.item("curve", i);
        static_cast<void>(point.number("p99_ms", spec::not_negative));
        static_cast<void>(point.number("throughput_per_s", spec::not_negative));
        static_cast<void>(number_or_null(point, "memory_bytes", spec::not_negative));
        static_cast<void>(point.number(point.has("rate") ? "rate" : "concurrency", spec::positive));
    }
}

AnalyzedConfiguration parse_configuration(StrictObject object)
{
    AnalyzedConfiguration one;
    one.words = object.text("configuration");
    one.device = object.text("device");
    one.load = load_text(object);
    one.throughput_per_s = object.number("throughput_per_s", spec::not_negative);
    one.p99_ms = number_or_null(object, "p99_ms", spec::not_negative);
    one.requests = object.whole("requests");
    one.memory_bytes = number_or_null(object, "memory_bytes", spec::not_negative);
    one.accuracy = number_or_null(object, "accuracy", spec::fraction);
    one.costs = parse_costs(object);
    one.stable = object.boolean("stable");
    one.keeps_constraints = object.boolean("keeps_constraints");
    check_curve(object);
    if (object.has("loads"))
        for (std::size_t i = 0; i < object.list("loads").size(); ++i)
            one.loads.push_back(parse_load(object.item("loads", i)));
    return one;
}

std::optional<AnalyzedGrid> parse_grid(StrictObject& object)
{
    std::optional<std::string> country;
    std::optional<double> intensity;
    object.read("country", country);
    object.read("grid_gco2e_per_kwh", intensity, spec::not_negative);
    return country && intensity ? std::optional{AnalyzedGrid{*country, *intensity}} : std::nullopt;
}

Analysis parse(const Json& json, const std::string& where)
{
    StrictObject object{json, where};
    check_format(object, "format", newest_analysis_format);
    Analysis analysis;
    analysis.model = object.text("model");
    analysis.devices = texts(object, "devices");
    analysis.goal = object.text("goal");
    analysis.sentence = object.text("sentence");
    analysis.grid = parse_grid(object);
    analysis.measurements = object.whole("measurements");
    // Those at other loads have a line, too; older versions don't count them.
    object.read("kept_measurements", analysis.measurements, 0);
    check_constraints(object);
    for (std::size_t i = 0; i < object.list("best").size(); ++i)
        analysis.best.push_back(parse_configuration(object.item("best", i)));
    if (!object.value("default").is_null()) analysis.by_default = parse_configuration(object.object("default"));
    analysis.notes = texts(object, "notes");
    return analysis;
}

}  // namespace

std::string read_analysis_text(const std::filesystem::path& path)
{
    std::error_code none;
    if (std::filesystem::exists(path, none) && !std::filesystem::is_regular_file(path, none))
        throw SystemError{path.string() + " is no regular file, and isn't read; remove it"};
    return files::read_file(path);
}

Analysis parse_analysis(std::string_view text, const std::string& where)
{
    return of_file([&] {
        auto json = std::make_shared<const Json>(spec::parse_json_text(text, where));
        auto analysis = parse(*json, where + ": analysis");
        analysis.json = std::move(json);
        return analysis;
    });
}

Analysis read_analysis(const std::filesystem::path& folder)
{
    const auto path = folder / analysis_file_name;
    auto analysis = parse_analysis(read_analysis_text(path), text::printable(path.string()));
    analysis.name = folder.filename().string();
    return analysis;
}

std::vector<std::filesystem::path> analysis_folders(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> folders;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator{folder, none})
        if (is_whole_analysis(entry.path()) || std::filesystem::exists(entry.path() / measurements_file_name, none))
            folders.push_back(entry.path());
    std::ranges::sort(folders);
    return folders;
}

bool is_whole_analysis(const std::filesystem::path& folder)
{
    std::error_code none;
    return std::filesystem::exists(folder / analysis_file_name, none);
}

std::vector<Analysis> read_analyses(const std::filesystem::path& run)
{
    std::vector<Analysis> analyses;
    for (const auto& folder : analysis_folders(run / analyses_folder_name))
        if (is_whole_analysis(folder)) analyses.push_back(read_analysis(folder));
    return analyses;
}

}  // namespace fedgram::run
