#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/carbon/emissions/energy_ratio.hpp"
#include "common/energy/work/work.hpp"
#include "common/run/method_cost.hpp"
#include "common/run/run_record.hpp"

namespace fedgram::report {

struct Table;

/// A federated training's grams over those of the yardstick: the one training of the run that is plain FedAvg and
/// differs in nothing else.
struct AgainstFedAvg {
    std::size_t column;         ///< the yardstick's
    carbon::EnergyRatio ratio;  ///< in the table's first country; 1 of the yardstick itself
};

/// The nodes of a round where each takes part by a coin of its own (Poisson sampling).
struct CoinCohort {
    double mean;            ///< n, the chance q of a coin times all nodes
    double deviation;       ///< sqrt(n (1 - q))
    double work_deviation;  ///< of the Work of all rounds, as a part of its mean; nodes count as alike
};

/// What a federated training takes: each of its updates, and its methods.
struct MethodsRow {
    std::size_t column;                             ///< the training's
    std::vector<run::MethodCost> methods;           ///< none: plain FedAvg
    std::string local_training{};                   ///< spec::local_training_words
    std::uint64_t updates = 0;                      ///< that are in the model
    energy::Work work{};                            ///< of the nodes for these, bytes with it
    std::uint64_t rounds = 0;                       ///< that had any
    std::optional<AgainstFedAvg> against_fedavg{};  ///< nothing where there is none, or either has no result
    std::optional<run::PrivacySpending> privacy{};  ///< nothing without noise
    std::optional<CoinCohort> by_coins{};           ///< of a private training that draws so; in no band

    /// How it trains, in words: "FedAvg, AdamW", and of one with methods its first, "FedProx, mu 0.01; locally AdamW".
    [[nodiscard]] std::string what() const;
    /// Means over updates; nothing where there are none.
    [[nodiscard]] std::optional<double> bytes_up() const { return of_each(work.bytes_up); }
    [[nodiscard]] std::optional<double> bytes_down() const { return of_each(work.bytes_down); }
    /// Of a method's messages one way: a mean over rounds that had updates.
    [[nodiscard]] double messages_each_round(std::uint64_t messages) const;
    /// What a method computes at the nodes, as a part of all that they compute.
    [[nodiscard]] double flops_share(const run::MethodCost& method) const;
    [[nodiscard]] double memory_share(const run::MethodCost& method) const;

    [[nodiscard]] bool has_privacy() const { return privacy.has_value(); }

private:
    [[nodiscard]] std::optional<double> of_each(std::uint64_t sum) const;
};

/// Of each federated training, where one of the run does more than plain FedAvg; else empty.
struct Methods {
    std::vector<MethodsRow> rows;  ///< in the order of the table's columns
    std::uint64_t parameters = 0;  ///< of the model

    /// Nullptr where it has none.
    [[nodiscard]] const MethodsRow* find(std::size_t column) const;
    [[nodiscard]] bool has_privacy() const { return std::ranges::any_of(rows, &MethodsRow::has_privacy); }
};

/// `table` has its columns, cells and pairs of `run`.
[[nodiscard]] Methods methods_of(const Table& table, const run::RunRecord& run);

}  // namespace fedgram::report
