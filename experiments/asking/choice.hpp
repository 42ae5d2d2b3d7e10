#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/statistics/censored_mean.hpp"
#include "common/statistics/paired_comparison.hpp"
#include "experiments/asking/candidate.hpp"
#include "experiments/search/objective.hpp"

namespace fedgram::experiments {

/// How one candidate does by an objective.
struct Standing {
    std::string name;
    statistics::CensoredMean gco2e{};                    ///< until it answers; censored where a seed never does
    std::optional<statistics::CensoredMean> accuracy{};  ///< of its answers; nothing where no seed has one
    std::size_t place = 0;                               ///< among the candidates
};

/// What a key does to the grams, all else as it happened to be.
struct KeyInfluence {
    std::string key;
    std::string least{};  ///< the value with the least mean
    std::string most{};
    double factor = 1;  ///< of the geometric means at the two
    double share = 0;   ///< of the variance of the grams' logarithm, that lies between the key's values
};

/// Who answers a question best.
struct Choice {
    std::vector<Standing> standings;  ///< best first; behind them those that don't answer in each seed
    std::size_t answering = 0;        ///< how many do in each
    /// The second one beside the first, seed by seed: grams, or accuracies. Nothing with fewer than two that answer.
    std::optional<statistics::PairedComparison> next{};
    std::vector<KeyInfluence> influences{};  ///< of a sweep, the strongest first; over the candidates that answer
};

[[nodiscard]] Choice choose(const Candidates& candidates, const Objective& objective);

/// In whole sentences, and behind a table: for a terminal and for a paper.
[[nodiscard]] std::string choice_text(const Candidates& candidates, const Objective& objective, const Choice& choice);
[[nodiscard]] std::vector<std::string> choice_sentences(const Candidates& candidates, const Objective& objective,
                                                        const Choice& choice);

}  // namespace fedgram::experiments
