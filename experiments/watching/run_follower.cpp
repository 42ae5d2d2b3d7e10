#include "experiments/watching/run_follower.hpp"

#include <vector>

#include <nlohmann/json.hpp>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/spec_file.hpp"
#include "common/run/summary.hpp"
#include "common/spec/parse.hpp"

namespace fedgram::experiments {

namespace {

report::LiveRun begun(const std::filesystem::path& folder)
{
    if (!std::filesystem::is_regular_file(folder / "spec.json"))
        throw SpecError{folder.string() + " is no run folder: it has no spec.json; name the --out of a run"};
    const auto spec = run::read_spec_file(folder);
    const auto accounting =
        run::of_file([&] { return carbon::parse_accounting(*spec.accounting, carbon::no_names()); });
    std::vector<report::LiveTraining> trainings;
    for (const auto& planned : spec.trainings) {
        const bool federated = !planned.set_up.empty();
        trainings.push_back(
            {planned.label, federated ? run::TrainingKind::federated : run::TrainingKind::centralized, {}, {}});
    }
    return {spec.name, spec.target_accuracy, accounting.countries.front().iso3, std::move(trainings)};
}

}  // namespace

RunFollower::RunFollower(const std::filesystem::path& folder)
    : folder_{folder}, run_{begun(folder)}, rounds_{folder / "rounds.jsonl"}, events_{folder / "events.jsonl"}
{
}

bool RunFollower::look()
{
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
    for (const auto& line : run::parse_rounds(text, (folder_ / "rounds.jsonl").string() + ", new lines"))
        run_.add(line);
    return anew || !text.empty();
}

bool RunFollower::read_events()
{
    const auto [text, anew] = events_.more();
    for (const auto& event : run::parse_events(text, (folder_ / "events.jsonl").string() + ", new lines"))
        run_.add(event);
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
    auto state = std::optional{run::state_of(folder_, false)};
    if (state != run::RunState::running) {
        const auto summary = run::find_summary(folder_);
        state = run::state_of(folder_, summary && summary->whole(run_.trainings().size()));
        // A run that hasn't begun yet has failed in nothing.
        if (state == run::RunState::failed && !std::filesystem::exists(folder_ / "events.jsonl")) state.reset();
    }
    const bool changed = state != run_.state();
    run_.set_state(state);
    return changed;
}

}  // namespace fedgram::experiments
