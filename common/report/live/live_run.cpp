#include "common/report/live/live_run.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

namespace fedgram::report {

namespace {

/// Of two that are known.
template <class Amount>
std::optional<Amount> sum(const std::optional<Amount>& so_far, const std::optional<Amount>& more)
{
    if (!so_far || !more) return std::nullopt;
    return *so_far + *more;
}

/// Empty where the event says nothing of that, or no text.
std::string detail(const run::Event& event, const char* key)
{
    const auto found = event.details.find(key);
    return found != event.details.end() && found->is_string() ? found->get<std::string>() : "";
}

/// 0 where the event says nothing of that, or no number.
std::uint64_t number(const run::Event& event, const char* key)
{
    const auto found = event.details.find(key);
    return found != event.details.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

LivePoint beginning()
{
    LivePoint point;
    point.devices = Joules{};
    point.network = Joules{};
    point.emissions = GramsCO2e{};
    return point;
}

}  // namespace

std::map<std::string, std::uint64_t> LiveTraining::refused_updates() const
{
    std::map<std::string, std::uint64_t> counts;
    for (const auto& refusal : refusals) ++counts[refusal.reason];
    return counts;
}

LiveRun::LiveRun(LiveRunFacts facts, std::vector<LiveTraining> trainings)
    : facts_{std::move(facts)}, trainings_{std::move(trainings)}
{
}

LiveTraining* LiveRun::find(const std::string& label)
{
    const auto found = std::ranges::find(trainings_, label, &LiveTraining::label);
    return found == trainings_.end() ? nullptr : &*found;
}

void LiveRun::add(const run::RoundLine& line)
{
    auto* const training = find(line.training);
    if (training == nullptr) throw DataError{"rounds.jsonl has a training that spec.json lacks: " + line.training};
    const auto before = training->points.empty() ? beginning() : training->points.back();
    std::optional<Joules> devices;
    std::optional<Joules> network;
    std::optional<GramsCO2e> emissions;
    if (line.costs) {
        devices = line.costs->devices;
        network = line.costs->network;
        emissions = line.costs->emissions;
    }
    training->points.push_back({line.round, line.evaluation, line.train_loss, line.participants,
                                before.virtual_time + line.virtual_seconds, sum(before.devices, devices),
                                sum(before.network, network), sum(before.emissions, emissions)});
    bring_progress_up_to_date();
}

void LiveRun::add(const run::Event& event)
{
    ++event_count_;
    if (!begun_) begun_ = event.time;
    if (events_.size() == kept_events) events_.erase(events_.begin());
    events_.push_back(event);
    if (event.name == "client_lost") ++lost_clients_;
    if (event.name == "resumed")
        forget_refusals(number(event, "finished_trainings"), static_cast<std::uint32_t>(number(event, "rounds")));
    if (event.name != "update_refused") return;
    if (auto* const training = find(detail(event, "training")))
        training->refusals.push_back({static_cast<std::uint32_t>(number(event, "round")), detail(event, "reason")});
}

void LiveRun::forget_refusals(std::size_t trainings, std::uint32_t rounds)
{
    for (std::size_t i = trainings; i < trainings_.size(); ++i)
        std::erase_if(trainings_[i].refusals,
                      [&](const LiveRefusal& refusal) { return i > trainings || refusal.round > rounds; });
}

void LiveRun::set_endings(const std::map<std::string, run::Ending>& endings)
{
    for (auto& training : trainings_) {
        const auto found = endings.find(training.label);
        training.ending = found == endings.end() ? std::nullopt : std::optional{found->second};
    }
}

std::optional<run::RunProgress> LiveRun::progress() const
{
    return state_ == run::RunState::running ? progress_ : std::nullopt;
}

std::string LiveRun::state_of(const LiveTraining& training) const
{
    const bool goes_on = state_ == run::RunState::running;
    // A run that is taken up goes on with what was interrupted.
    if (training.ending && !(goes_on && *training.ending == run::Ending::interrupted))
        return std::string{run::name(*training.ending)};
    const bool is_in_hand = progress_ && progress_->training == training.label;
    if (training.points.empty() && !is_in_hand) return "waiting";
    return goes_on ? "running" : "unfinished";
}

void LiveRun::set_progress(const std::optional<run::RunProgress>& progress)
{
    progress_ = progress;
    bring_progress_up_to_date();
}

void LiveRun::bring_progress_up_to_date()
{
    const auto* const training = progress_ ? find(progress_->training) : nullptr;
    if (training == nullptr || training->points.empty()) return;
    const auto done = training->points.back().round;
    if (done <= progress_->rounds) return;
    progress_->rounds = done;
    progress_->of_round = 0;
}

void LiveRun::forget_rounds()
{
    ++edition_;
    for (auto& training : trainings_) training.points.clear();
}

std::string LiveRun::state_name() const { return state_ ? std::string{run::name(*state_)} : "starting"; }

}  // namespace fedgram::report
