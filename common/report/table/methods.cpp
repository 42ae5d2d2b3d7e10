#include "common/report/table/methods.hpp"

#include <algorithm>
#include <cmath>

#include "common/report/table/not_told_apart.hpp"
#include "common/report/table/table.hpp"

namespace fedgram::report {

namespace {

double share(std::uint64_t part, std::uint64_t whole)
{
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// The only training that a federated one is measured by, perhaps itself; nothing where there are none or several.
std::optional<std::size_t> yardstick(const run::RunRecord& run, const run::TrainingRecord& training)
{
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < run.trainings.size(); ++i) {
        const auto& other = run.trainings[i];
        if (!other.is_plain_fedavg || other.beside_methods != training.beside_methods) continue;
        if (found) return std::nullopt;
        found = i;
    }
    return found;
}

std::optional<AgainstFedAvg> against_fedavg(const Table& table, const run::RunRecord& run, std::size_t index)
{
    const auto training = table.columns[index].training;
    const auto plain = yardstick(run, run.trainings[training]);
    if (!plain || table.outcome(table.columns[index]).missed_target()) return std::nullopt;
    if (*plain == training) return AgainstFedAvg{index, {}};
    const auto column =
        static_cast<std::size_t>(std::ranges::find(table.columns, *plain, &Column::training) - table.columns.begin());
    const auto ratio = grams_ratio(table, index, column, 0);
    return ratio ? std::optional{AgainstFedAvg{column, *ratio}} : std::nullopt;
}

std::optional<CoinCohort> coin_cohort(const run::TrainingRecord& training)
{
    const auto& privacy = training.privacy;
    // The accountant's name is all that a folder has of the sampling.
    if (!privacy || !privacy->accountant.ends_with("Poisson sampling")) return std::nullopt;
    if (!privacy->sampling_rate || *privacy->sampling_rate >= 1 || privacy->rounds == 0 || training.nodes == 0)
        return std::nullopt;
    const double mean = *privacy->sampling_rate * training.nodes;
    const double deviation = std::sqrt(mean * (1 - *privacy->sampling_rate));
    return CoinCohort{mean, deviation, deviation / mean / std::sqrt(privacy->rounds)};
}

}  // namespace

std::string MethodsRow::what() const
{
    if (local_training.empty()) return methods.empty() ? "FedAvg" : methods.front().words.what;
    return methods.empty() ? "FedAvg, " + local_training : methods.front().words.what + "; locally " + local_training;
}

double MethodsRow::messages_each_round(std::uint64_t messages) const
{
    return rounds == 0 ? 0 : static_cast<double>(messages) / static_cast<double>(rounds);
}

double MethodsRow::flops_share(const run::MethodCost& method) const { return share(method.nodes.flops, work.flops); }

double MethodsRow::memory_share(const run::MethodCost& method) const
{
    return share(method.nodes.memory_bytes, work.memory_bytes);
}

std::optional<double> MethodsRow::of_each(std::uint64_t sum) const
{
    return updates == 0 ? std::nullopt : std::optional{static_cast<double>(sum) / static_cast<double>(updates)};
}

const MethodsRow* Methods::find(std::size_t column) const
{
    const auto found = std::ranges::find(rows, column, &MethodsRow::column);
    return found == rows.end() ? nullptr : &*found;
}

Methods methods_of(const Table& table, const run::RunRecord& run)
{
    Methods methods;
    for (const auto& training : run.trainings)
        if (!training.methods.empty()) methods.parameters = training.model_parameters;
    if (methods.parameters == 0) return methods;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.outcome(table.columns[i]).kind != run::TrainingKind::federated) continue;
        const auto& training = run.trainings[table.columns[i].training];
        const auto used = training.work.used();
        methods.rows.push_back({.column = i,
                                .methods = training.methods,
                                .local_training = training.local_training,
                                .updates = training.buffered_updates > 0 ? training.buffered_updates : used.node_rounds,
                                .work = used.work,
                                .rounds = training.work.rounds.size(),
                                .against_fedavg = against_fedavg(table, run, i),
                                .privacy = training.privacy,
                                .by_coins = coin_cohort(training)});
    }
    return methods;
}

}  // namespace fedgram::report
