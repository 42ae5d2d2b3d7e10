#include "coordinator/checkpoints/resume.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/error/error.hpp"
#include "common/files/sha256.hpp"
#include "common/fleet/fleet.hpp"
#include "common/run/summary.hpp"
#include "common/spec/parse.hpp"
#include "coordinator/checkpoints/lost_work.hpp"
#include "coordinator/rounds/wasted_training.hpp"
#include "datasets/partition/federation.hpp"

namespace fedgram::coordinator {

namespace {

using Say = std::function<void(const std::string&)>;

/// Of the specification as it stands in the run folder: what a checkpoint belongs to.
std::string spec_sha256(const spec::Experiment& experiment)
{
    const auto text = spec::to_json(experiment).dump();
    return files::sha256(std::as_bytes(std::span{text}));
}

/// Whether its summary has every training, each ended by its rule.
bool is_over(const run::RunFolder& folder, const spec::Experiment& experiment)
{
    return std::filesystem::exists(folder.path("summary.json")) &&
           run::read_summary(folder.path()).whole(experiment.trainings.size());
}

std::vector<run::LedgerLine> record_lost_work(run::RunFolder& folder, const run::FileEnds& ends, const ResumedRun& run,
                                              const Say& say)
{
    auto lost = lost_work(folder.behind(ends));
    for (const auto& damage : lost.damage) {
        say(damage);
        folder.append_event("file_damaged", {{"what", damage}});
    }
    const auto& trainings = run.experiment.trainings;
    std::map<std::string, datasets::NodeShares> shares_of;  // by training
    std::map<std::string, learning::UpdateCost> costs_of;   // likewise
    for (const auto& update : lost.updates) {
        const auto training = std::ranges::find(trainings, update.training, &spec::Training::label);
        const auto* rule = training == trainings.end() ? nullptr : std::get_if<spec::Federated>(&training->kind);
        if (!rule) continue;  // a centralized interval's only update is in the ledger with it
        auto shares = shares_of.find(update.training);
        if (shares == shares_of.end()) {
            shares = shares_of.emplace(update.training, datasets::node_shares(run.data, run.experiment, *rule)).first;
            costs_of[update.training] = learning::update_cost(run.model, *rule, shares->second.total());
        }
        const auto own_fleet = fleet::fleet_of(run.experiment, *training, run.accounting);
        const auto pricing = own_fleet ? std::optional<energy::FleetPricing>{own_fleet->devices} : std::nullopt;
        if (update.node < shares->second.nodes())
            std::ranges::move(wasted_training_lines({update.round, update.node, shares->second.size(update.node), true},
                                                    *training, run.model, costs_of.at(update.training), run.accounting,
                                                    pricing ? &*pricing : nullptr),
                              std::back_inserter(lost.lines));
    }
    folder.cut_back(ends, lost.lines);
    return std::move(lost.lines);
}

}  // namespace

run::Checkpoint first_checkpoint(const spec::Experiment& experiment)
{
    return {.spec_sha256 = spec_sha256(experiment)};
}

std::optional<run::Checkpoint> resume(run::RunFolder& folder, const ResumedRun& run, const Say& say)
{
    auto found = run::find_checkpoint(folder.path());
    if (!found.checkpoint) {
        if (!found.damaged.empty())
            throw DataError{fmt::format("{}, and there is no other; run {} anew", fmt::join(found.damaged, "; "),
                                        folder.path("spec.json").string())};
        if (is_over(folder, run.experiment)) return std::nullopt;
    } else if (!found.damaged.empty()) {
        say(found.damaged.front() + "; the one before is used");
        folder.append_event("checkpoint_damaged", {{"what", found.damaged.front()}});
        run::drop_latest_checkpoint(folder.path());
    }
    const auto first = first_checkpoint(run.experiment);
    auto checkpoint = std::move(found.checkpoint).value_or(first);
    if (checkpoint.spec_sha256 != first.spec_sha256)
        throw DataError{folder.path("spec.json").string() +
                        " isn't the specification that its checkpoint was made with; put it back, or start a new run"};
    const auto lost = record_lost_work(folder, checkpoint.ends, run, say);
    checkpoint.ends = folder.synced_ends();
    run::write_checkpoint(folder.path(), checkpoint);

    const auto& trainings = run.experiment.trainings;
    const auto next = checkpoint.finished.size();
    const auto rounds = checkpoint.point ? checkpoint.point->rounds : 0;
    say(next < trainings.size()
            ? fmt::format("going on with {} after {} round{}", trainings[next].label, rounds, rounds == 1 ? "" : "s")
            : std::string{"all trainings have ended; writing the results"});
    folder.append_event("resumed",
                        {{"finished_trainings", next}, {"rounds", rounds}, {"ledger_lines_in_vain", lost.size()}});
    return checkpoint;
}

}  // namespace fedgram::coordinator
