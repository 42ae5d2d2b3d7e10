#include "coordinator/trainings/training_reports.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

#include "common/learning/model/model.hpp"
#include "common/protocol/node_set.hpp"

namespace fedgram::coordinator {

void TrainingReports::holds_updates(std::uint32_t cohort, std::size_t parameters) const
{
    context_.progress.say(fmt::format("{}: this aggregation holds a round's updates, {} x {} parameters, in memory",
                                      label_, cohort, parameters));
}

void TrainingReports::begins_later(std::uint32_t round, Seconds waited) const
{
    context_.progress.say(
        fmt::format("{} round {} begins {:.0f} virtual seconds later", label_, round, waited.count()));
}

void TrainingReports::not_unmasked(std::uint32_t round, std::size_t updates) const
{
    context_.progress.say(
        fmt::format("{} round {} comes to nothing: too few of those that hold shares delivered to "
                    "unmask the sum of {} updates",
                    label_, round, updates));
    context_.folder.append_event("round_not_unmasked", {{"training", label_}, {"round", round}});
}

void TrainingReports::diverged(std::uint32_t round, std::uint32_t refused, std::size_t updates) const
{
    context_.progress.say(fmt::format("{} has diverged: in round {} {} of {} updates could not enter the model", label_,
                                      round, refused, updates));
}

void TrainingReports::no_further_round(std::uint32_t round, Seconds virtual_time, const std::string& reason) const
{
    context_.progress.say(fmt::format("{} ends before round {}, after {:.0f} virtual seconds: {}", label_, round,
                                      virtual_time.count(), reason));
    context_.folder.append_event("no_further_round", {{"training", label_}, {"round", round}, {"reason", reason}});
}

void TrainingReports::state_lost(std::uint32_t round, std::uint32_t node) const
{
    spdlog::warn("{}, round {}: node {} has begun anew: what it had left to send was not in its client's state folder",
                 label_, round, node);
    context_.folder.append_event("node_state_lost", {{"training", label_}, {"round", round}, {"node", node}});
}

void TrainingReports::refused(std::uint32_t round, const RefuseUpdate& refused) const
{
    const auto text = words_of(refused.refusal);
    spdlog::warn("{}, round {}: the update of node {} is refused: {}", label_, round, refused.node, text);
    context_.folder.append_event("update_refused", {{"training", label_},
                                                    {"round", round},
                                                    {"node", refused.node},
                                                    {"reason", name(refused.refusal.reason)},
                                                    {"text", text}});
}

void TrainingReports::say(const Round&, const ReportClientReady& ready) const
{
    context_.folder.append_event("client_ready", {{"nodes", ready.nodes.ids()}});
}

void TrainingReports::say(const Round&, const ReportClientLost& lost) const
{
    context_.folder.append_event("client_lost", {{"nodes", lost.nodes.ids()}, {"reason", lost.reason}});
}

void TrainingReports::say(const Round& round, const ReportTrainingFailed& failed) const
{
    spdlog::warn("node {} could not be trained: {}", failed.node, failed.reason);
    context_.folder.append_event(
        "node_failed",
        {{"training", label_}, {"round", round.number()}, {"node", failed.node}, {"reason", failed.reason}});
}

void TrainingReports::say(const Round& round, const ReportWaiting& waiting) const
{
    context_.progress.say(fmt::format("{} round {}: {} of {} nodes have delivered, waiting for a client that hosts {}",
                                      label_, round.number(), round.nodes().delivered_count(), round.nodes().size(),
                                      protocol::NodeSet{waiting.nodes}.text()));
}

void TrainingReports::say(const Round& round, const ReportExpiry& expiry) const
{
    spdlog::warn("{} round {} ends without the nodes {}", label_, round.number(),
                 protocol::NodeSet{expiry.lost}.text());
    context_.folder.append_event("round_expired", {{"training", label_},
                                                   {"round", round.number()},
                                                   {"lost", expiry.lost},
                                                   {"still_training", expiry.still_training}});
}

std::string TrainingReports::words_of(const learning::Refusal& refusal) const
{
    if (!refusal.parameter) return refusal.text;
    const auto tensor = learning::name_of(context_.model_runtime.model().parameters, *refusal.parameter);
    const bool of_one_sample = tensor.find("running_var") != std::string::npos;
    return refusal.text + " (" + tensor + ")" +
           (of_one_sample ? "; a batch of one sample has no variance: last_batch \"merge\" or \"drop\" leaves none"
                          : "");
}

}  // namespace fedgram::coordinator
