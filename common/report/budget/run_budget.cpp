#include "common/report/budget/run_budget.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "common/energy/pricing/ledger.hpp"
#include "common/error/error.hpp"
#include "common/spec/parse.hpp"

namespace fedgram::carbon {

namespace {

using Json = nlohmann::ordered_json;

// Nothing where the file isn't there or isn't whole.
std::optional<Json> json_of(const std::filesystem::path& path)
{
    std::ifstream file{path};
    if (!file) return std::nullopt;
    std::ostringstream text;
    text << file.rdbuf();
    try {
        auto json = spec::parse_json_text(text.str(), path.string());
        if (!json.is_object()) return std::nullopt;
        return json;
    } catch (const SpecError&) {
        return std::nullopt;
    }
}

Json read_spec(const std::filesystem::path& dir)
{
    const auto path = dir / "spec.json";
    if (!std::filesystem::exists(path))
        throw DataError{dir.string() + " is no run folder: it has no spec.json; name a folder that `fedgram run` made"};
    auto spec = json_of(path);
    if (!spec) throw DataError{path.string() + ": not a JSON object; it is the specification of a run"};
    if (!spec->contains("seed") || !(*spec)["seed"].is_number_unsigned())
        throw DataError{path.string() + ": spec.seed: missing, or no whole number of at least 0"};
    return *std::move(spec);
}

// A training as the summary tells of it; nothing where a key is missing or of another type.
struct Ending {
    std::string label;
    bool interrupted;
    bool missed;
    double host_cpu_seconds;
};

std::optional<std::vector<Ending>> endings(const std::optional<Json>& summary)
{
    if (!summary) return std::nullopt;
    try {
        std::vector<Ending> result;
        for (const auto& training : summary->at("trainings"))
            result.push_back({training.at("label").get<std::string>(), training.at("ended_by") == "interrupted",
                              training.at("reached_target") == Json(false),
                              training.at("host_cpu_seconds").get<double>()});
        return result;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

void add(const energy::LedgerLine& line, Spending& sum)
{
    if (line.node) {
        sum.devices += line.joules;
        sum.device_time += line.seconds;
        if (line.phase == energy::Phase::train) {
            sum.samples += line.work.samples;
            sum.flops += line.work.flops;
        }
    } else {
        sum.coordinator += line.joules;
    }
    if (line.wasted) {
        ++sum.wasted_lines;
        sum.wasted += line.joules;
    }
}

}  // namespace

Spending& Spending::operator+=(const Spending& more)
{
    samples += more.samples;
    flops += more.flops;
    device_time += more.device_time;
    devices += more.devices;
    coordinator += more.coordinator;
    wasted_lines += more.wasted_lines;
    wasted += more.wasted;
    if (more.host_cpu_seconds) host_cpu_seconds = host_cpu_seconds.value_or(0) + *more.host_cpu_seconds;
    return *this;
}

std::string_view name(RunState state)
{
    switch (state) {
        case RunState::whole:
            return "whole";
        case RunState::interrupted:
            return "interrupted";
        case RunState::unfinished:
            break;
    }
    return "unfinished";
}

std::vector<std::uint64_t> seeds(std::span<const RunBudget> runs)
{
    std::vector<std::uint64_t> used;
    for (const auto& run : runs) used.push_back(run.seed);
    std::ranges::sort(used);
    used.erase(std::unique(used.begin(), used.end()), used.end());
    return used;
}

RunBudget read_run_budget(const std::filesystem::path& dir)
{
    auto spec = read_spec(dir);
    RunBudget budget;
    budget.folder = dir;
    budget.seed = spec["seed"].get<std::uint64_t>();
    const auto planned = spec.contains("trainings") ? spec["trainings"].size() : 0;
    spec.erase("seed");
    spec.erase("name");
    budget.setting = spec.dump();

    const auto ended = endings(json_of(dir / "summary.json"));
    budget.state = ended && ended->size() >= planned ? RunState::whole : RunState::unfinished;
    // A process that is killed may leave half a line behind; one that ended never does.
    energy::read_ledger(
        dir / "ledger.jsonl", [&](const energy::LedgerLine& line) { add(line, budget.spending); },
        budget.state == RunState::unfinished ? energy::LastLine::may_be_cut_off : energy::LastLine::is_whole);
    if (!ended) return budget;
    budget.spending.host_cpu_seconds = 0;
    for (const auto& training : *ended) {
        *budget.spending.host_cpu_seconds += training.host_cpu_seconds;
        if (training.interrupted)
            budget.state = RunState::interrupted;
        else if (training.missed)
            budget.missed.push_back(training.label);
    }
    return budget;
}

}  // namespace fedgram::carbon
