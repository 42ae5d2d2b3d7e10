#include "experiments/commands/listed_analyses.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/run/analysis_file.hpp"
#include "common/run/digested_lines.hpp"
#include "common/run/folder_lock.hpp"
#include "common/text/number_text.hpp"
#include "common/text/printable.hpp"
#include "common/text/text_table.hpp"
#include "experiments/commands/written_at.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

/// Of the best configuration.
Json figures_json(const run::AnalyzedConfiguration& best)
{
    return {{"device", best.device},
            {"configuration", best.words},
            {"load", best.load},
            {"throughput_per_s", best.throughput_per_s},
            {"p99_ms", or_null(best.p99_ms)},
            {"memory_bytes", or_null(best.memory_bytes)},
            {"core_seconds_per_1000", or_null(best.costs.core_seconds)},
            {"joules_per_1000", or_null(best.costs.joules)},
            {"gco2e_per_1000", or_null(best.costs.grams)},
            {"usd_per_1000", or_null(best.costs.usd)},
            {"stable", best.stable},
            {"keeps_constraints", best.keeps_constraints}};
}

/// How many there are.
std::uint64_t check_measurements(const std::filesystem::path& folder)
{
    const auto path = folder / run::measurements_file_name;
    if (!std::filesystem::exists(path)) return 0;
    std::uint64_t lines = 0;
    run::DigestedLines{}.read(run::read_analysis_text(path), text::printable(path.string()),
                              [&](const Json&, const std::string&) { ++lines; });
    return lines == 0 ? 0 : lines - 1;  // the first line says whose they are
}

/// More may be there: an analysis that goes on measures before it is whole again.
void refuse_fewer(const std::filesystem::path& folder, std::uint64_t found, std::uint64_t kept)
{
    if (found < kept)
        throw DataError{text::printable((folder / run::measurements_file_name).string()) + " has " +
                        std::to_string(found) + " of the " + std::to_string(kept) + " measurements that " +
                        run::analysis_file_name + " is of; put it back, or make the analysis anew"};
}

/// What stands in every line of the list.
Json line_json(const std::filesystem::path& folder, const std::string& run, const std::string& state)
{
    const auto* file = run::is_whole_analysis(folder) ? run::analysis_file_name : run::measurements_file_name;
    return {{"analysis", folder.filename().string()},
            {"run", run.empty() ? Json(nullptr) : Json(run)},
            {"path", folder.string()},
            {"when", written_at(folder / file)},
            {"state", state}};
}

Json analysis_json(const std::filesystem::path& folder, const std::string& run, Measurements measurements)
{
    const bool checks = measurements == Measurements::checked;
    const std::uint64_t found = checks ? check_measurements(folder) : 0;
    if (run::is_kept(folder, run::FolderKeeper::coordinator)) return line_json(folder, run, "running");
    if (!run::is_whole_analysis(folder)) return line_json(folder, run, "unfinished");
    const auto analysis = run::read_analysis(folder);
    if (checks) refuse_fewer(folder, found, analysis.measurements);
    auto json = line_json(folder, run, "whole");
    json["model"] = analysis.model;
    json["devices"] = analysis.devices;
    json["goal"] = analysis.goal;
    json["country"] = analysis.grid ? Json(analysis.grid->country) : Json(nullptr);
    json["grid_gco2e_per_kwh"] = analysis.grid ? Json(analysis.grid->gco2e_per_kwh) : Json(nullptr);
    json["sentence"] = analysis.sentence;
    json["best"] = analysis.best.empty() ? Json(nullptr) : figures_json(analysis.best.front());
    return json;
}

/// One that is damaged is a line of its own, not the end of the list.
void add(Json& list, const std::filesystem::path& folder, const std::string& run, Measurements measurements)
{
    for (const auto& analysis : run::analysis_folders(folder)) try {
            list.push_back(analysis_json(analysis, run, measurements));
        } catch (const std::exception& error) {
            list.push_back(line_json(analysis, run, "damaged"));
            list.back()["error"] = error.what();
        }
}

/// Of the best configuration; nothing where there is none.
const Json* figure(const Json& analysis, std::string_view key)
{
    const auto best = analysis.find("best");
    return best == analysis.end() || best->is_null() ? nullptr : &best->at(key);
}

std::string number_text(const Json& analysis, std::string_view key, double times = 1)
{
    const auto* number = figure(analysis, key);
    return number && number->is_number() ? text::significant(number->get<double>() * times) : "-";
}

std::string word(const Json& analysis, const char* key)
{
    const auto found = analysis.find(key);
    return found == analysis.end() || found->is_null() ? "-" : found->get<std::string>();
}

/// "mine/t4" beneath a run.
std::string name_of(const Json& analysis)
{
    const auto name = analysis.at("analysis").get<std::string>();
    return analysis.at("run").is_null() ? name : analysis.at("run").get<std::string>() + "/" + name;
}

std::string best_text(const Json& analysis)
{
    const auto* words = figure(analysis, "configuration");
    return words ? words->get<std::string>() + " on " + figure(analysis, "device")->get<std::string>() : "-";
}

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

/// "throughput; p99 latency <= 15.0 ms": for a line that has much else.
std::string short_goal(const Json& analysis)
{
    auto goal = replaced(replaced(word(analysis, "goal"), " at most ", " <= "), " at least ", " >= ");
    for (const std::string_view verb : {"maximizing ", "minimizing ", "weighing "}) goal = replaced(goal, verb, "");
    return replaced(replaced(goal, " per 1000 answers", "/1000"), " latency", "");
}

/// Without the columns that nothing is known of in any line.
std::string table_text(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& lines)
{
    const auto shown = [&](const std::vector<std::string>& line) {
        std::vector<std::string> cells;
        for (std::size_t i = 0; i < heads.size(); ++i)
            if (lines.empty() || std::ranges::any_of(lines, [i](const auto& one) { return one[i] != "-"; }))
                cells.push_back(line[i]);
        return cells;
    };
    text::TextTable table{shown(heads)};
    for (const auto& line : lines) table.add(shown(line));
    return table.text();
}

std::string kept_text(const Json& analysis)
{
    const auto* stable = figure(analysis, "stable");
    if (!stable) return "-";
    if (!stable->get<bool>()) return "not stable";
    return figure(analysis, "keeps_constraints")->get<bool>() ? "kept" : "broken";
}

}  // namespace

Json analyses_json(const std::filesystem::path& folder, Measurements measurements)
{
    std::vector<std::filesystem::path> runs;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) runs.push_back(entry.path());
    std::ranges::sort(runs);
    auto list = Json::array();
    add(list, folder, "", measurements);
    for (const auto& run : runs) add(list, run / run::analyses_folder_name, run.filename().string(), measurements);
    return list;
}

void sort_analyses(Json& analyses, const std::string& sort)
{
    if (sort.empty()) return;
    const auto* key = sort == "energy" ? "joules_per_1000"
                      : sort == "co2"  ? "gco2e_per_1000"
                      : sort == "cost" ? "usd_per_1000"
                                       : "p99_ms";
    std::ranges::stable_sort(analyses.get_ref<Json::array_t&>(), std::ranges::greater{}, [key](const Json& analysis) {
        const auto* number = figure(analysis, key);
        return number && number->is_number() ? number->get<double>() : -1;
    });
}

std::string analyses_text(const Json& analyses)
{
    std::vector<std::vector<std::string>> lines;
    for (const auto& one : analyses)
        lines.push_back({name_of(one), one.at("when").get<std::string>(), one.at("state").get<std::string>(),
                         kept_text(one), word(one, "model"), short_goal(one), word(one, "country"), best_text(one),
                         number_text(one, "throughput_per_s"), number_text(one, "p99_ms"),
                         number_text(one, "memory_bytes", 1e-6), number_text(one, "core_seconds_per_1000"),
                         number_text(one, "joules_per_1000"), number_text(one, "gco2e_per_1000"),
                         number_text(one, "usd_per_1000")});
    auto text = table_text({"analysis", "when", "state", "constraints", "model", "goal", "country", "best", "answers/s",
                            "p99 ms", "memory MB", "core-s/1000", "J/1000", "g/1000", "USD/1000"},
                           lines) +
                "Of the best configuration of each, at the load where it does best; core-s, J, g and USD of 1000 "
                "answers. --json has each goal in full.\n";
    for (const auto& one : analyses)
        if (one.contains("error")) text += "\n" + name_of(one) + ": " + one.at("error").get<std::string>() + "\n";
    return text;
}

}  // namespace fedgram::experiments
