#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/energy/pricing/pricing.hpp"
#include "common/run/summary.hpp"

namespace fedgram::experiments {

/// One round of a training that another framework ran; of a centralized one, what lies between two evaluations.
struct RecordedRound {
    std::uint32_t number{};                ///< from 1
    std::vector<energy::NodeRound> nodes;  ///< by node, ascending; of a centralized training one
    std::optional<double> test_accuracy;   ///< of the model after it, a fraction of 1
};

struct RecordedTraining {
    std::string label;
    run::TrainingKind kind{};
    std::vector<RecordedRound> rounds;  ///< 1, 2, 3, ...
};

/// What another framework's trainings computed and sent.
struct RecordedWork {
    std::vector<RecordedTraining> trainings;  ///< at least one, in the order of the file
    std::vector<std::string> lacks;           ///< the columns of Work that may be absent, and are
};

/// Reads a CSV text with a heading, a row for each node and round; experiments/README.md has its columns. `where` names
/// it in errors. Throws DataError with the line, the column and what would be right: an unknown or missing column, a
/// field that is no whole number or a row that has too few or too many, a row that stands twice, a round that is
/// missing, nodes and no node in one training, sums beyond 2^63.
[[nodiscard]] RecordedWork parse_recorded_work(std::string_view text, const std::string& where);

}  // namespace fedgram::experiments
