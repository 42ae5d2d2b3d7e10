#include "experiments/analyzing/analysis_identity.hpp"

#include <span>

#include <nlohmann/json.hpp>

#include "common/files/sha256.hpp"
#include "experiments/analysis/goal_text.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

std::string digest(const std::string& text) { return files::sha256(std::as_bytes(std::span{text})); }

Json space_json(const analysis::Space& space)
{
    Json json{{"devices", space.devices},
              {"variants", space.variants},
              {"max_batches", space.max_batches},
              {"instances", space.instances},
              {"queue_delays_us", space.queue_delays_us},
              {"loads", Json::array()}};
    for (const auto& load : space.loads)
        json["loads"].push_back({load.kind == analysis::Load::Kind::rate ? "rate_per_s" : "concurrency", load.amount});
    return json;
}

Json goal_json(const analysis::Goal& goal)
{
    Json json{{"constraints", Json::array()}, {"objectives", Json::array()}};
    for (const auto& [metric, bound] : goal.constraints)
        json["constraints"].push_back({analysis::metric_name(metric), bound});
    for (const auto& [metric, weight] : goal.objectives)
        json["objectives"].push_back({analysis::metric_name(metric), weight});
    return json;
}

}  // namespace

AnalysisIdentity identity_of(const AnalyzedServer& server, const analysis::Space& space, const analysis::Goal& goal,
                             const std::string& mode, std::optional<double> stated)
{
    const Json search{{"mode", mode},
                      {"space", space_json(space)},
                      {"goal", goal_json(goal)},
                      {"stated", stated ? Json(*stated) : Json(nullptr)}};
    return {.subject = digest(std::string{FEDGRAM_VERSION} + "\n" + server.subject()),
            .search = digest(search.dump()),
            .goal = analysis::goal_text(goal)};
}

}  // namespace fedgram::experiments
