#include "experiments/calibration/logged_work.hpp"

#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/run/event.hpp"
#include "common/run/run_record.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/joined.hpp"
#include "common/text/utc_time.hpp"
#include "experiments/validation/measurement.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;
using power_logs::LogTime;

LogTime start_of(const std::filesystem::path& folder)
{
    const auto path = folder / "events.jsonl";
    std::optional<LogTime> start;
    for (const auto& event : run::parse_events(files::read_file(path), path.string())) {
        if (event.name == "resumed")
            throw DataError{path.string() +
                            ": the run was resumed, so that its trainings' times aren't known; state its "
                            "work by --work, with begin and seconds"};
        if (event.name == "started") start = event.time.time_since_epoch();
    }
    if (!start) throw DataError{path.string() + ": no event \"started\"; it says when the trainings began"};
    return *start;
}

std::size_t chosen(const run::RunRecord& record, const std::string& training)
{
    const auto& all = record.trainings;
    const auto found = std::ranges::find(all, training, [](const auto& each) { return each.outcome.label; });
    if (found != all.end()) return static_cast<std::size_t>(found - all.begin());
    if (training.empty() && all.size() == 1) return 0;
    std::vector<std::string> labels;
    for (const auto& each : all) labels.push_back(each.outcome.label);
    throw SpecError{"--training: " +
                    (training.empty() ? "the run has several trainings" : "\"" + training + "\" is none of the run's") +
                    "; use one of " + text::joined(labels)};
}

void read_times(spec::StrictObject& object, LoggedWork& logged)
{
    if (const auto* begin = object.find("begin")) {
        if (begin->is_number() && *begin >= 0)
            logged.begin = LogTime{begin->get<double>()};
        else if (const auto time = begin->is_string() ? text::parse_utc(begin->get<std::string>()) : std::nullopt) {
            logged.begin = time->time_since_epoch();
            logged.absolute = true;
        } else
            object.refuse("begin", "a time in UTC (\"2026-11-29T10:00:00Z\") or seconds since the log's start");
    }
    if (const auto seconds = object.optional_number("seconds", spec::positive)) logged.seconds = Seconds{*seconds};
}

energy::Work stated_sums(spec::StrictObject& object)
{
    energy::Work work;
    work.samples = object.whole("samples");
    work.steps = object.whole("steps");
    work.kernels = object.whole("kernels");
    work.flops = object.whole("flops");
    work.memory_bytes = object.whole("memory_bytes");
    return work;
}

energy::Work times(energy::Work work, std::uint64_t steps)
{
    work.samples *= steps;
    work.steps *= steps;
    work.kernels *= steps;
    work.flops *= steps;
    work.memory_bytes *= steps;
    return work;
}

}  // namespace

LoggedWork work_of_run(const std::filesystem::path& folder, const std::string& training)
{
    const auto record = run::read_run(folder, run::NodeNumbers::left_out);
    const auto index = chosen(record, training);
    LoggedWork logged;
    auto begin = start_of(folder);
    for (std::size_t i = 0; i < index; ++i) begin += LogTime{record.trainings[i].host_wall_seconds};
    const auto& chosen_one = record.trainings[index];
    logged.work = chosen_one.work.sum();
    logged.name = record.name + ", " + chosen_one.outcome.label;
    logged.begin = begin;
    logged.absolute = true;
    logged.seconds = Seconds{chosen_one.host_wall_seconds};
    logged.coarseness = Seconds{1};
    return logged;
}

LoggedWork work_of_file(const std::filesystem::path& file)
{
    const auto json = spec::parse_json_text(files::read_file(file), file.string());
    spec::StrictObject object{json, file.string()};
    LoggedWork logged;
    read_times(object, logged);
    if (object.has("network")) {
        const auto [work, name] = step_of(object);
        const auto steps = object.whole("steps");
        const auto most = std::max({work.flops, work.memory_bytes, work.kernels, work.samples, std::uint64_t{1}});
        if (steps == 0) object.refuse("steps", "at least 1");
        if (steps > std::numeric_limits<std::uint64_t>::max() / most)
            object.refuse("steps", "fewer: their FLOPs and bytes pass 2^64");
        logged.work = times(work, steps);
        logged.name = name;
    } else {
        logged.work = stated_sums(object);
        logged.name = file.filename().string();
    }
    object.finish();
    return logged;
}

}  // namespace fedgram::experiments
