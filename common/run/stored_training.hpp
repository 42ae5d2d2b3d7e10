#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/energy/pricing/pricing.hpp"
#include "common/energy/work/work.hpp"
#include "common/run/round_line.hpp"
#include "common/run/summary.hpp"

namespace fedgram::run {

/// A round, or an interval of a centralized training, free of any device.
struct StoredRound {
    /// How the model did that came of it, and what it took to see that.
    struct Evaluated {
        RoundEvaluation result;
        energy::Work work;

        friend bool operator==(const Evaluated&, const Evaluated&) = default;
    };

    std::uint32_t number = 0;
    std::vector<energy::NodeRound> nodes;     ///< ascending; of a centralized training, one
    std::optional<energy::Work> aggregation;  ///< nothing in a centralized training
    std::optional<Evaluated> evaluation;
    double train_loss = 0;
    std::vector<energy::NodeRound> lost{};  ///< ascending, of nodes whose updates were lost by virtual time
    std::uint32_t lost_updates = 0;
    std::optional<energy::RoundTimes> times{};  ///< where the fleet decided on them
    std::optional<double> epsilon{};            ///< that the rounds so far have spent; nothing without privacy
};

/// What came of a training, for runs that would train the same: its Work, its course and its model. On what devices and
/// where it is priced is a matter of the run that takes it.
struct StoredTraining {
    std::string key;         ///< the text of all that decided it
    TrainingSummary result;  ///< of the run that trained it
    std::vector<StoredRound> rounds;
    std::optional<energy::Work> node_test;  ///< of testing the final model on the nodes' own sets
    std::vector<float> parameters;          ///< of the final model
};

/// Of a training that has ended in the run in `folder`: its rounds are read from rounds.jsonl and ledger.jsonl. Throws
/// DataError where these are damaged.
[[nodiscard]] StoredTraining stored_training(const std::filesystem::path& folder, std::string key,
                                             TrainingSummary result, std::vector<float> parameters);

/// The bytes of one, and back. `where` names them in errors; throws DataError for what is damaged.
[[nodiscard]] std::string encode(const StoredTraining& training);
[[nodiscard]] StoredTraining decode_stored_training(std::string_view bytes, const std::string& where);

}  // namespace fedgram::run
