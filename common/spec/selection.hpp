#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace fedgram::spec {

enum class SelectionKind {
    uniform,
    by_samples,
    power_of_choice,
    oort,
    lowest_intensity,
    alpha_fair,
    wait_for_cleaner,
    grams_cap,
};

/// Which loss power-of-choice ranks its candidates by: of all of a node's samples (pow-d), of one batch of them
/// (cpow-d), or that of its last training, which costs nothing (rpow-d).
enum class CandidateLoss { all, mini_batch, last_known };

/// What a budget of grams does with the first thing that it can't pay for: passes over it, or ends there.
enum class BeyondCap { skip, stop };

/// Oort's constants, by default those of its authors' code (SymbioticLab/Oort); coordinator/selection/README.md has the
/// rule that each belongs to.
struct OortConstants {
    double explore = 0.9;           ///< share of the cohort that has never taken part, before the first round
    double explore_decay = 0.95;    ///< times this in each round
    double explore_min = 0.2;       ///< and no less
    double explore_window = 5;      ///< the largest of so many times the nodes to explore are drawn from
    double round_penalty = 2;       ///< a node that is slower than T counts (T / its seconds)^this
    double clip_quantile = 0.98;    ///< utilities above this quantile count as it
    double cut_off = 0.7;           ///< drawn from are the scores of at least this times the k-th
    std::uint32_t pacer_step = 20;  ///< rounds between two looks at T
    double pacer_delta = 5;         ///< percentile points by which T then moves
    double start_percentile = 10;   ///< T: this percentile of the nodes' seconds; 100: no limit
};

/// Which nodes take part in a round; coordinator/selection has what each policy does. Only the fields of its policy
/// count, and `max_participations`, which all have.
struct Selection {
    SelectionKind policy = SelectionKind::uniform;
    std::optional<std::uint32_t> max_participations{};  ///< of a node, > 0; absent: no limit
    std::optional<std::uint32_t> candidates{};          ///< power_of_choice; of a training that is parsed: always set
    CandidateLoss loss = CandidateLoss::all;            ///< power_of_choice
    OortConstants oort{};
    double max_grams = 0;                    ///< alpha_fair, grams_cap: > 0
    BeyondCap beyond_cap = BeyondCap::skip;  ///< alpha_fair, grams_cap
    double alpha = 0.1;              ///< alpha_fair: in (0, 1]; 1 is the most work for the grams, near 0 the fairest
    std::uint32_t window_hours = 0;  ///< alpha_fair: hours of virtual time that are planned
    std::uint32_t final_rounds = 0;  ///< alpha_fair: of them the last, which all nodes have
    double slack_hours = 0;          ///< wait_for_cleaner: how long a round may wait, > 0

    /// Whether this says no more than a specification without the key.
    [[nodiscard]] bool is_default() const { return policy == SelectionKind::uniform && !max_participations; }
};

/// The most hours that a policy looks ahead: a leap year.
inline constexpr std::uint32_t most_hours = 8784;

/// What a policy must know of the grid where its nodes are.
enum class GridNeed { none, intensity, hours };
[[nodiscard]] GridNeed grid_need(SelectionKind policy);

/// Throws SpecError for a policy that needs more of the grid than is `known`. `path` is the selection's:
/// "trainings.fed.selection".
void check_grid(const Selection& selection, const std::string& path, GridNeed known);

}  // namespace fedgram::spec
