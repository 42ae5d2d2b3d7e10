#include "experiments/list.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <iostream>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/carbon/number_text.hpp"
#include "common/energy/ledger.hpp"
#include "common/error/error.hpp"
#include "common/spec/parse.hpp"
#include "experiments/files.hpp"
#include "experiments/text_table.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

/// When the file was last written, UTC, as 2026-01-31T12:00:00Z.
std::string written_at(const std::filesystem::path& path)
{
    struct ::stat status {};
    if (::stat(path.c_str(), &status) != 0) return "";
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&status.st_mtime));
    return text;
}

/// Modelled joules of what one training's devices did; a run that is under way has the lines so far.
double joules(const std::vector<energy::LedgerLine>& ledger, const std::string& label)
{
    Joules sum{};
    for (const auto& line : ledger)
        if (line.training == label && line.node && !line.wasted) sum += line.joules;
    return sum.count();
}

ordered_json run_json(const std::filesystem::path& folder)
{
    const auto summary_path = folder / "summary.json";
    ordered_json json{{"run", folder.filename().string()},
                      {"path", folder.string()},
                      {"when", written_at(folder / "spec.json")},
                      {"state", "without results"},
                      {"trainings", ordered_json::array()}};
    if (!std::filesystem::exists(summary_path)) return json;
    const auto summary = spec::parse_json_text(read_file(summary_path), summary_path.string());
    const auto planned =
        spec::parse_experiment(spec::parse_json_text(read_file(folder / "spec.json"), (folder / "spec.json").string()));
    const auto ledger = energy::read_ledger(folder / "ledger.jsonl");
    bool whole = summary.at("trainings").size() == planned.trainings.size();
    for (const auto& training : summary.at("trainings")) {
        const auto label = training.at("label").get<std::string>();
        whole = whole && training.at("ended_by") != "interrupted";
        json["trainings"].push_back({{"label", label},
                                     {"reached_target", training.at("reached_target")},
                                     {"rounds", training.at("rounds")},
                                     {"test_accuracy", training.at("test_accuracy")},
                                     {"device_joules", joules(ledger, label)}});
    }
    json["state"] = whole ? "whole" : "interrupted";
    return json;
}

std::vector<std::filesystem::path> run_folders(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> folders;
    for (const auto& entry : std::filesystem::directory_iterator{folder})
        if (std::filesystem::exists(entry.path() / "spec.json")) folders.push_back(entry.path());
    std::ranges::sort(folders);
    return folders;
}

std::string reached_text(const ordered_json& reached)
{
    if (reached.is_null()) return "no target";
    return reached.get<bool>() ? "reached" : "not reached";
}

/// A damaged run is a line of its own, not the end of the list.
ordered_json run_json_or_error(const std::filesystem::path& folder)
{
    try {
        return run_json(folder);
    } catch (const std::exception& error) {
        return {{"run", folder.filename().string()},
                {"path", folder.string()},
                {"when", ""},
                {"state", "damaged"},
                {"error", error.what()},
                {"trainings", ordered_json::array()}};
    }
}

std::string table_text(const ordered_json& runs)
{
    TextTable table{{"run", "when", "state", "training", "target", "rounds", "accuracy", "device kJ"}};
    for (const auto& run : runs) {
        const auto name = run.at("run").get<std::string>();
        const auto when = run.at("when").get<std::string>();
        const auto state = run.at("state").get<std::string>();
        if (run.at("trainings").empty()) table.add({name, when, state, "-", "-", "-", "-", "-"});
        for (const auto& training : run.at("trainings"))
            table.add({name, when, state, training.at("label").get<std::string>(),
                       reached_text(training.at("reached_target")), training.at("rounds").dump(),
                       carbon::percent(training.at("test_accuracy").get<double>()),
                       carbon::significant(training.at("device_joules").get<double>() / 1000)});
    }
    return table.text();
}

}  // namespace

int list(const ListOptions& options)
{
    if (!std::filesystem::is_directory(options.folder))
        throw SystemError{options.folder.string() + " is no folder; name the one that holds the runs"};
    auto runs = ordered_json::array();
    for (const auto& folder : run_folders(options.folder)) runs.push_back(run_json_or_error(folder));
    if (options.json)
        std::cout << runs.dump(2) << "\n";
    else if (runs.empty())
        std::cout << "no runs in " << options.folder.string() << "\n";
    else
        std::cout << table_text(runs);
    return 0;
}

}  // namespace fedgram::experiments
