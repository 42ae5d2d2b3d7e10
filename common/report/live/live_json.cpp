#include "common/report/live/live_json.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/text/utc_time.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

template <class Amount>
Json amount(const std::optional<Amount>& value)
{
    return value ? Json(value->count()) : Json(nullptr);
}

Json points_json(const LiveTraining& training, std::size_t from)
{
    Json columns{{"round", Json::array()},  {"test_accuracy", Json::array()}, {"virtual_seconds", Json::array()},
                 {"joules", Json::array()}, {"device_joules", Json::array()}, {"network_joules", Json::array()},
                 {"gco2e", Json::array()}};
    for (auto i = from; i < training.points.size(); ++i) {
        const auto& point = training.points[i];
        Json joules = nullptr;
        if (point.devices && point.network) joules = (*point.devices + *point.network).count();
        columns["round"].push_back(point.round);
        columns["test_accuracy"].push_back(point.evaluation ? Json(point.evaluation->test_accuracy) : Json(nullptr));
        columns["virtual_seconds"].push_back(point.virtual_time.count());
        columns["joules"].push_back(std::move(joules));
        columns["device_joules"].push_back(amount(point.devices));
        columns["network_joules"].push_back(amount(point.network));
        columns["gco2e"].push_back(amount(point.emissions));
    }
    return columns;
}

std::string with_blanks(std::string name)
{
    std::ranges::replace(name, '_', ' ');
    return name;
}

}  // namespace

std::string event_text(const run::Event& event)
{
    std::string text = text::utc_text(event.time) + " " + with_blanks(event.name);
    const char* between = ": ";
    for (const auto& [key, value] : event.details.items()) {
        if (value.empty()) continue;
        text += between + with_blanks(key) + " " + (value.is_string() ? value.get<std::string>() : value.dump());
        between = ", ";
    }
    return text;
}

Json live_start_json(const LiveRun& run)
{
    const auto& facts = run.facts();
    Json trainings = Json::array();
    for (const auto& training : run.trainings())
        trainings.push_back({{"label", training.label}, {"kind", run::name(training.kind)}});
    return {{"format", 1},
            {"name", facts.name},
            {"folder", facts.folder},
            {"seed", facts.seed},
            {"evaluated_on", run::name(facts.evaluated_on)},
            {"target_accuracy", facts.target ? Json(*facts.target) : Json(nullptr)},
            {"country", facts.country},
            {"trainings", std::move(trainings)}};
}

Json live_points_json(const LiveRun& run, PointsSeen& seen)
{
    const auto& trainings = run.trainings();
    seen.resize(trainings.size());
    Json pieces = Json::array();
    for (std::size_t i = 0; i < trainings.size(); ++i) {
        if (seen[i] >= trainings[i].points.size()) continue;
        pieces.push_back({{"training", i}, {"rounds", points_json(trainings[i], seen[i])}});
        seen[i] = trainings[i].points.size();
    }
    return pieces.empty() ? Json(nullptr) : pieces;
}

Json live_state_json(const LiveRun& run)
{
    Json events = Json::array();
    for (const auto& event : run.events()) events.push_back(event_text(event));
    Json trainings = Json::array();
    for (const auto& training : run.trainings())
        trainings.push_back({{"state", run.state_of(training)}, {"refused_updates", training.refusals.size()}});
    const auto progress = run.progress();
    return {{"state", run.state_name()},         {"progress", progress ? to_json(*progress) : Json(nullptr)},
            {"trainings", std::move(trainings)}, {"lost_clients", run.lost_clients()},
            {"event_count", run.event_count()},  {"events", std::move(events)}};
}

}  // namespace fedgram::report
