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

LivePoint beginning()
{
    LivePoint point;
    point.devices = Joules{};
    point.network = Joules{};
    point.emissions = GramsCO2e{};
    return point;
}

}  // namespace

LiveRun::LiveRun(std::string name, std::optional<double> target, std::string country,
                 std::vector<LiveTraining> trainings)
    : name_{std::move(name)}, target_{target}, country_{std::move(country)}, trainings_{std::move(trainings)}
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
    if (event.name != "update_refused") return;
    if (auto* const training = find(detail(event, "training"))) ++training->refused_updates[detail(event, "reason")];
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
