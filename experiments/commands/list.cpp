#include "experiments/commands/list.hpp"

#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/report/statement/cost.hpp"
#include "common/report/table/table.hpp"
#include "common/run/run_record.hpp"
#include "common/run/run_state.hpp"
#include "common/text/banded_number.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/listed_analyses.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/commands/written_at.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

/// What a training cost on the run's first device of its kind, in the first country: target reached or not.
struct Cost {
    double joules;  ///< with PUE and network, as the table counts
    double grams;
    double low;  ///< grams, by the bands of the figures
    double high;
    double seconds;  ///< virtual
    double usd;      ///< the rent of the device where its profile has a price, else the electricity
};

Cost cost_of(const report::Table& table, const run::RunRecord& run, const std::string& label)
{
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
        const auto& column = table.columns[j];
        const auto& cell = table.cell(0, j);
        if (table.outcome(column).label == label)
            return {column.energy.operational().count(),
                    cell.emissions.operational().count(),
                    table.low(cell).count(),
                    table.high(cell).count(),
                    column.phases.virtual_time.count(),
                    report::cost(table, run, column).usd()};
    }
    throw DataError{"the table has no column of the training " + label};
}

/// Adds what each training cost; nulls, and the reason under "error", when the run's own assumptions give no table, as
/// a grid by the hour that ends before the training does.
void add_costs(ordered_json& json, const run::RunRecord& run)
{
    std::optional<report::Table> table;
    try {
        table = report::build_table(run, run.accounting);
    } catch (const SpecError& error) {
        json["error"] = error.what();
    }
    for (auto& training : json["trainings"]) {
        const auto cost =
            table ? std::optional{cost_of(*table, run, training.at("label").get<std::string>())} : std::nullopt;
        const auto put = [&](const char* key, double Cost::*figure) {
            training[key] = cost ? ordered_json((*cost).*figure) : ordered_json(nullptr);
        };
        put("joules", &Cost::joules);
        put("gco2e", &Cost::grams);
        put("low_gco2e", &Cost::low);
        put("high_gco2e", &Cost::high);
        put("virtual_seconds", &Cost::seconds);
        put("usd", &Cost::usd);
    }
}

ordered_json run_json(const std::filesystem::path& folder, run::DigestUse use)
{
    ordered_json json{{"run", folder.filename().string()},
                      {"path", folder.string()},
                      {"when", written_at(folder / "spec.json")},
                      {"state", run::name(run::state_of(folder, false))},
                      {"trainings", ordered_json::array()}};
    if (!std::filesystem::exists(folder / "summary.json")) return json;
    const auto run = run::read_run(folder, run::NodeNumbers::left_out, use);
    json["country"] = run.accounting.countries.front().iso3;
    for (const auto& training : run.trainings) {
        const auto& outcome = training.outcome;
        const auto& reached = outcome.reached_target;
        json["trainings"].push_back({{"label", outcome.label},
                                     {"reached_target", reached ? ordered_json(*reached) : ordered_json()},
                                     {"diverged", outcome.diverged},
                                     {"interrupted", outcome.interrupted},
                                     {"rounds", outcome.rounds},
                                     {"incomplete_rounds", training.incomplete_rounds},
                                     {"test_accuracy", outcome.test_accuracy}});
        if (const auto& test = outcome.node_test) {
            json["trainings"].back()["node_mean_accuracy"] = test->mean();
            json["trainings"].back()["node_worst_tenth_accuracy"] = test->worst_tenth();
        }
    }
    add_costs(json, run);
    json["state"] = run::name(run::state_of(folder, run.whole));
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

std::string reached_text(const ordered_json& training)
{
    const auto& reached = training.at("reached_target");
    if (training.at("diverged").get<bool>()) return "diverged";
    if (training.at("interrupted").get<bool>()) return "interrupted";
    if (reached.is_null()) return "no target";
    return reached.get<bool>() ? "reached" : "not reached";
}

/// "12", or "12, 3 without nodes".
std::string rounds_text(const ordered_json& training)
{
    const auto incomplete = training.at("incomplete_rounds").get<std::uint32_t>();
    return training.at("rounds").dump() + (incomplete > 0 ? ", " + std::to_string(incomplete) + " without nodes" : "");
}

/// A damaged run is a line of its own, not the end of the list.
ordered_json run_json_or_error(const std::filesystem::path& folder, run::DigestUse use)
{
    try {
        return run_json(folder, use);
    } catch (const std::exception& error) {
        return {{"run", folder.filename().string()},
                {"path", folder.string()},
                {"when", ""},
                {"state", "damaged"},
                {"error", error.what()},
                {"trainings", ordered_json::array()}};
    }
}

/// One training of a run, or a run without any.
struct Line {
    const ordered_json* run;
    const ordered_json* training;  ///< nullptr: there is none
};

std::string_view sort_key(const std::string& word)
{
    if (word == "energy") return "joules";
    if (word == "co2") return "gco2e";
    if (word == "time") return "virtual_seconds";
    if (word == "cost") return "usd";
    throw SpecError{"--sort: \"" + word + "\" is not valid; use energy, co2, cost or time"};
}

/// By folder, or the most of `sort` first; what has no costs comes last.
std::vector<Line> lines_of(const ordered_json& runs, const std::string& sort)
{
    std::vector<Line> lines;
    for (const auto& run : runs) {
        if (run.at("trainings").empty()) lines.push_back({&run, nullptr});
        for (const auto& training : run.at("trainings")) lines.push_back({&run, &training});
    }
    if (sort.empty()) return lines;
    const auto amount = [key = sort_key(sort)](const Line& line) {
        return line.training && line.training->at(key).is_number() ? line.training->at(key).get<double>() : -1;
    };
    std::ranges::stable_sort(lines, std::ranges::greater{}, amount);
    return lines;
}

std::string amount_text(const ordered_json& amount, double factor = 1)
{
    return amount.is_null() ? "-" : text::significant(amount.get<double>() * factor);
}

/// "0.040 USA (0.021-0.11)".
std::string grams_text(const ordered_json& training, const std::string& country)
{
    if (training.at("gco2e").is_null()) return "-";
    const text::Band band{training.at("low_gco2e").get<double>(), training.at("high_gco2e").get<double>()};
    return text::banded(training.at("gco2e").get<double>(), band) + " " + country +
           (band.is_known() ? " (" + text::band_text(band) + ")" : "");
}

/// "mine: why", a line for each run of which not all is known.
std::string errors_text(const ordered_json& runs)
{
    std::string text;
    for (const auto& run : runs)
        if (run.contains("error"))
            text += "\n" + run.at("run").get<std::string>() + ": " + run.at("error").get<std::string>() + "\n";
    return text;
}

std::string table_text(const std::vector<Line>& lines)
{
    text::TextTable table{{"run", "when", "state", "training", "target", "rounds", "accuracy", "kJ", "gCO2e (low-high)",
                           "virtual s", "USD"}};
    for (const auto& [run, training] : lines) {
        const auto name = run->at("run").get<std::string>();
        const auto when = run->at("when").get<std::string>();
        const auto state = run->at("state").get<std::string>();
        if (!training) {
            table.add({name, when, state, "-", "-", "-", "-", "-", "-", "-", "-"});
            continue;
        }
        table.add({name, when, state, training->at("label").get<std::string>(), reached_text(*training),
                   rounds_text(*training), text::percent(training->at("test_accuracy").get<double>()),
                   amount_text(training->at("joules"), 1e-3),
                   grams_text(*training, run->at("country").get<std::string>()),
                   amount_text(training->at("virtual_seconds")), amount_text(training->at("usd"))});
    }
    return table.text();
}

/// The same lines as JSON: whole runs by folder, or trainings with their run when sorted.
ordered_json sorted_json(const std::vector<Line>& lines)
{
    auto sorted = ordered_json::array();
    for (const auto& [run, training] : lines) {
        if (!training) continue;
        auto line = *training;
        line["run"] = run->at("run");
        line["path"] = run->at("path");
        line["country"] = run->at("country");
        sorted.push_back(std::move(line));
    }
    return sorted;
}

std::string listed_text(const std::filesystem::path& folder, const ordered_json& runs, const std::vector<Line>& lines,
                        const ordered_json& analyses)
{
    if (runs.empty() && analyses.empty()) return "no runs in " + folder.string() + "\n";
    std::string text;
    if (!runs.empty())
        text = table_text(lines) +
               "USD: the rent of the device where its profile has a price, else the electricity.\n" + errors_text(runs);
    if (!analyses.empty()) text += (text.empty() ? "" : "\n") + analyses_text(analyses);
    return text;
}

}  // namespace

int list(const ListOptions& options)
{
    if (!std::filesystem::is_directory(options.folder))
        throw SystemError{options.folder.string() + " is no folder; name the one that holds the runs"};
    auto runs = ordered_json::array();
    const auto use = options.verify ? run::DigestUse::checked : run::DigestUse::where_it_fits;
    for (const auto& folder : run_folders(options.folder)) runs.push_back(run_json_or_error(folder, use));
    const auto lines = lines_of(runs, options.sort);
    auto analyses = analyses_json(options.folder, options.verify ? Measurements::checked : Measurements::believed);
    sort_analyses(analyses, options.sort);
    if (options.json) {
        const ordered_json listed = options.sort.empty()
                                        ? ordered_json{{"runs", runs}, {"analyses", analyses}}
                                        : ordered_json{{"trainings", sorted_json(lines)}, {"analyses", analyses}};
        // A path may be in any bytes.
        std::cout << listed.dump(2, ' ', false, ordered_json::error_handler_t::replace) << "\n";
    } else {
        std::cout << listed_text(options.folder, runs, lines, analyses);
    }
    if (!options.verify) return 0;
    for (const auto* list : {&runs, &analyses})
        for (const auto& one : *list)
            if (one.at("state") == "damaged") throw DataError{one.at("error").get<std::string>()};
    return 0;
}

void add_list(CommandSet& commands)
{
    const auto options = std::make_shared<ListOptions>();
    const auto sub = commands.add("list", "List the runs in a folder, and analyses of how models are served",
                                  "  fedgram list\n"
                                  "  fedgram list results --sort co2\n"
                                  "  fedgram list results/epochs-by-alpha/runs --json",
                                  list, options);
    sub.option("folder", &options->folder, "Folder that holds runs, or analyses as `fedgram analyze --out` keeps them")
        .shows_default()
        .type_name("DIR");
    sub.option(
           "--sort", &options->sort,
           "The most first: energy, co2, cost or time; trainings by their virtual time, analyses by what 1000 answers "
           "of the best take, and by its p99")
        .suggests({"energy", "co2", "cost", "time"});
    add_json(sub, options->json);
    sub.flag(
        "--verify", &options->verify,
        "Read all of the ledgers and of the analyses' measurements, and fail where their digests say something else");
}

}  // namespace fedgram::experiments
