#include "experiments/watching/run_follower.hpp"

#include <sys/stat.h>

#include <map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/spec_file.hpp"
#include "common/run/summary.hpp"
#include "common/spec/parse.hpp"

namespace fedgram::experiments {

namespace {

/// "USA"; empty where an older folder has it in another way.
std::string first_country(const nlohmann::ordered_json& accounting)
{
    const auto countries = accounting.find("countries");
    if (countries == accounting.end() || !countries->is_array() || countries->empty()) return "";
    const auto& first = countries->front();
    const auto iso3 = first.is_object() ? first.find("iso3") : first.end();
    return first.is_object() && iso3 != first.end() && iso3->is_string() ? iso3->get<std::string>() : "";
}

report::LiveRun begun(const std::filesystem::path& folder)
{
    if (!std::filesystem::is_regular_file(folder / "spec.json"))
        throw SpecError{folder.string() + " is no run folder: it has no spec.json; name the --out of a run"};
    const auto spec = run::read_spec_file(folder);
    std::vector<report::LiveTraining> trainings;
    for (const auto& planned : spec.trainings) {
        const bool federated = !planned.set_up.empty();
        trainings.push_back({planned.label, federated ? run::TrainingKind::federated : run::TrainingKind::centralized});
    }
    return {{spec.name, folder.string(), spec.seed, spec.target_accuracy, first_country(*spec.accounting),
             spec.evaluated_on},
            std::move(trainings)};
}

/// A folder that was put in the place of another is another.
ino_t identity(const std::filesystem::path& folder)
{
    struct stat status {};
    return ::stat(folder.c_str(), &status) == 0 ? status.st_ino : 0;
}

/// What `parse` makes of the lines that are new. Damage is said by its line in the whole file.
template <class Parse>
auto parsed(const std::string& lines, const std::filesystem::path& file, Parse parse)
{
    try {
        return parse(lines, file.string());
    } catch (const DataError&) {
        static_cast<void>(parse(files::read_file(file), file.string()));
        throw;
    }
}

}  // namespace

RunFollower::RunFollower(const std::filesystem::path& folder)
    : folder_{folder},
      identity_{identity(folder)},
      run_{begun(folder)},
      rounds_{folder / "rounds.jsonl"},
      events_{folder / "events.jsonl"}
{
}

bool RunFollower::look()
{
    if (identity(folder_) != identity_ || !std::filesystem::exists(folder_ / "spec.json"))
        throw SystemError{folder_.string() + " is gone, or another run's now; nothing is left to follow"};
    // The state first: what it says of the run's end is then true of all that is read behind it.
    const bool state = read_state();
    const bool rounds = read_rounds();
    const bool events = read_events();
    const bool progress = read_progress();
    return state || rounds || events || progress;
}

bool RunFollower::read_rounds()
{
    const auto [text, anew] = rounds_.more();
    if (anew) run_.forget_rounds();
    for (const auto& line : parsed(text, folder_ / "rounds.jsonl", run::parse_rounds)) run_.add(line);
    return anew || !text.empty();
}

bool RunFollower::read_events()
{
    const auto [text, anew] = events_.more();
    for (const auto& event : parsed(text, folder_ / "events.jsonl", run::parse_events)) run_.add(event);
    return !text.empty();
}

bool RunFollower::read_progress()
{
    const auto path = folder_ / "progress.json";
    const auto text = files::try_read_file(path).value_or("");
    if (text == progress_) return false;
    progress_ = text;
    std::optional<run::RunProgress> progress;
    // Without it one sees less, and what a run leaves behind that is killed may be half a file.
    if (!text.empty())
        static_cast<void>(run::damage_found(
            [&] { progress = run::parse_run_progress(spec::parse_json_text(text, path.string()), path.string()); }));
    run_.set_progress(progress);
    return true;
}

bool RunFollower::read_state()
{
    const bool new_summary = read_summary();
    auto state = std::optional{run::state_of(folder_, whole_)};
    // A run that hasn't begun yet has failed in nothing.
    if (state == run::RunState::failed && !std::filesystem::exists(folder_ / "events.jsonl")) state.reset();
    const bool changed = new_summary || state != run_.state();
    run_.set_state(state);
    return changed;
}

bool RunFollower::read_summary()
{
    // It is replaced whole, once a training has ended.
    std::error_code none;
    const auto written = std::filesystem::last_write_time(folder_ / "summary.json", none);
    if (none || written == summary_written_) return false;
    summary_written_ = written;
    const auto summary = run::find_summary(folder_);
    std::map<std::string, run::Ending> endings;
    if (summary)
        for (const auto& training : summary->trainings) endings[training.label] = training.ending;
    whole_ = summary && summary->whole(run_.trainings().size());
    run_.set_endings(endings);
    return true;
}

}  // namespace fedgram::experiments
