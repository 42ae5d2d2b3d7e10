#include "common/run/run_record.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/energy/pricing/ledger.hpp"
#include "common/error/error.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::carbon {

namespace {

using Json = nlohmann::ordered_json;
using spec::NumberRange;
using spec::StrictObject;

constexpr NumberRange fraction{0, NumberRange::Low::included, 1};

Json read_json(const std::filesystem::path& path)
{
    std::ifstream file{path};
    if (!file)
        throw DataError{path.string() + ": can't be opened; " + path.parent_path().string() + " is no run folder"};
    std::ostringstream text;
    text << file.rdbuf();
    return spec::parse_json_text(text.str(), path.string());
}

std::uint64_t count(StrictObject& object, std::string_view key)
{
    const auto& value = object.value(key);
    if (!value.is_number_unsigned()) spec::refuse(object.path_of(key), value, "a whole number of at least 0");
    return value.get<std::uint64_t>();
}

std::uint32_t small_count(StrictObject& object, std::string_view key)
{
    const auto value = count(object, key);
    if (value > std::numeric_limits<std::uint32_t>::max())
        spec::refuse(object.path_of(key), value, "a whole number below 2^32");
    return static_cast<std::uint32_t>(value);
}

// A run folder stands for itself: nothing is looked up any more.
template <class Result>
auto refuse_name()
{
    return [](const std::string& name, auto&&...) -> Result {
        throw SpecError{"\"" + name + "\" is a name; a run's spec.json holds what it stands for"};
    };
}

AccountingLookup no_names()
{
    return {.device = refuse_name<Json>(),
            .country = refuse_name<GridIntensity>(),
            .network = refuse_name<Json>(),
            .grid_file = refuse_name<GridTable>(),
            .hourly = refuse_name<HourlyRecord>(),
            .region = refuse_name<RegionIntensity>()};
}

/// Gives the labels of its trainings.
std::vector<std::string> read_spec(const Json& json, const std::string& where, RunRecord& run)
{
    StrictObject spec{json, where + ": spec"};
    run.name = spec.text("name");
    run.seed = count(spec, "seed");
    const auto& model = spec.value("model");
    run.model = model.is_object() && model.contains("name") ? spec.object("model").text("name") : "a user's model";
    run.dataset = spec.object("data").text("dataset");
    if (const auto* target = spec.find("target_accuracy"); target != nullptr && !target->is_null())
        run.target = spec.number("target_accuracy", fraction);
    if (const auto* note = spec.find("title_note"); note != nullptr && note->is_string())
        run.title_note = note->get<std::string>();
    std::vector<std::string> labels;
    const auto& trainings = spec.array("trainings");
    for (std::size_t i = 0; i < trainings.size(); ++i)
        labels.push_back(
            StrictObject{trainings[i], spec.path_of("trainings") + "[" + std::to_string(i) + "]"}.text("label"));
    auto stop = spec.object("stop");
    run.evaluations_in_a_row = small_count(stop, "evaluations_in_a_row");
    // Resolved once more: a folder from before an assumption was added takes its default.
    try {
        run.accounting = parse_accounting(resolve_accounting(spec.value("accounting"), no_names()));
    } catch (const SpecError& error) {
        throw SpecError{where + ": " + error.what()};
    }
    return labels;
}

std::map<std::string, std::uint64_t> read_refused(const Json& json, const std::string& path)
{
    StrictObject object{json, path};
    std::map<std::string, std::uint64_t> refused;
    for (auto entry = json.begin(); entry != json.end(); ++entry) refused[entry.key()] = count(object, entry.key());
    return refused;
}

TrainingRecord read_training(const Json& json, const std::string& path)
{
    StrictObject object{json, path};
    TrainingRecord record;
    auto& outcome = record.outcome;
    outcome.label = object.text("label");
    outcome.kind = object.choice("kind", {"centralized", "federated"}) == "federated" ? TrainingKind::federated
                                                                                      : TrainingKind::centralized;
    if (!object.value("reached_target").is_null()) outcome.reached_target = object.boolean("reached_target");
    outcome.test_accuracy = object.number("test_accuracy", fraction);
    outcome.best_test_accuracy = object.number("best_test_accuracy", fraction);
    outcome.rounds = small_count(object, "rounds");
    // A folder from before refusals were counted has none.
    if (const auto* refused = object.find("refused_updates"))
        record.refused_updates = read_refused(*refused, object.path_of("refused_updates"));
    record.host_cpu_seconds = object.number("host_cpu_seconds", spec::not_negative);
    record.host_wall_seconds = object.number("host_wall_seconds", spec::not_negative);
    // A folder from before hosts were metered has none.
    if (const auto* estimate = object.find("host_node_estimate"))
        record.host_node_estimate = energy::parse_meter_record(*estimate, object.path_of("host_node_estimate"));
    if (object.find("host_meters") != nullptr) {
        const auto& meters = object.value("host_meters");
        if (!meters.is_array()) spec::refuse(object.path_of("host_meters"), meters, "a list");
        for (std::size_t i = 0; i < meters.size(); ++i)
            record.host_meters.push_back(
                energy::parse_meter_record(meters[i], object.path_of("host_meters") + "[" + std::to_string(i) + "]"));
    }
    return record;
}

void read_summary(const Json& json, const std::string& where, RunRecord& run)
{
    StrictObject summary{json, where + ": summary"};
    run.raw_data_bytes = count(summary, "raw_data_bytes");
    if (summary.find("host") != nullptr) run.host_cpu_model = summary.object("host").text("cpu_model");
    const auto& trainings = summary.array("trainings");
    for (std::size_t i = 0; i < trainings.size(); ++i)
        run.trainings.push_back(
            read_training(trainings[i], summary.path_of("trainings") + "[" + std::to_string(i) + "]"));
}

void read_ledger(const std::filesystem::path& ledger, const std::vector<std::string>& planned, RunRecord& run)
{
    auto at = run.trainings.begin();  // lines of one training stand together
    const auto deal_out = [&](const energy::LedgerLine& line) {
        if (line.wasted) {
            ++run.wasted_lines;
            run.wasted += line.joules;
            return;
        }
        if (at == run.trainings.end() || at->outcome.label != line.training)
            at = std::find_if(run.trainings.begin(), run.trainings.end(),
                              [&](const auto& record) { return record.outcome.label == line.training; });
        if (at != run.trainings.end()) {
            if (line.phase != energy::Phase::idle) at->work.push_back(line);
        } else if (std::ranges::find(planned, line.training) == planned.end())
            throw DataError{ledger.string() + ": training \"" + line.training +
                            "\" is neither in summary.json nor in spec.json"};
        else if (std::ranges::find(run.cut_off, line.training) == run.cut_off.end())
            run.cut_off.push_back(line.training);
    };
    const bool whole = run.trainings.size() == planned.size();
    energy::read_ledger(ledger, deal_out, whole ? energy::LastLine::is_whole : energy::LastLine::may_be_cut_off);
}

}  // namespace

std::string RunRecord::stop_rule() const
{
    if (!target) return "no target: each training runs to its limit";
    const auto at_or_above = " at or above " + percent(*target);
    return evaluations_in_a_row == 1
               ? "the first evaluation" + at_or_above + " ends a training"
               : std::to_string(evaluations_in_a_row) + " evaluations in a row" + at_or_above + " end a training";
}

RunRecord read_run(const std::filesystem::path& dir)
{
    RunRecord run;
    std::vector<std::string> planned;
    try {
        planned = read_spec(read_json(dir / "spec.json"), (dir / "spec.json").string(), run);
        read_summary(read_json(dir / "summary.json"), (dir / "summary.json").string(), run);
    } catch (const SpecError& error) {  // here a file is wrong, not what the user asked for
        throw DataError{error.what()};
    }
    read_ledger(dir / "ledger.jsonl", planned, run);
    return run;
}

}  // namespace fedgram::carbon
