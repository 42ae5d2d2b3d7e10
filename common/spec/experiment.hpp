#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/aggregation.hpp"
#include "common/spec/compression.hpp"
#include "common/spec/data_files.hpp"
#include "common/spec/layer.hpp"
#include "common/spec/optimizer.hpp"
#include "common/spec/presum.hpp"
#include "common/spec/privacy.hpp"
#include "common/spec/pruning.hpp"
#include "common/spec/rate_schedule.hpp"
#include "common/spec/reduction.hpp"
#include "common/spec/secure_aggregation.hpp"
#include "common/spec/selection.hpp"
#include "common/spec/strategy.hpp"

namespace fedgram::spec {

enum class PartitionKind { iid, dirichlet, shards, quantity_skew, iid_fraction, draws, natural, classes };

/// Which samples of the training set a node holds; see datasets/node_shares.hpp. Only the fields of its kind count.
struct Partition {
    PartitionKind kind = PartitionKind::iid;
    double alpha = 0.5;                  ///< dirichlet, quantity_skew: concentration, > 0
    std::uint32_t shards_per_node = 2;   ///< shards
    double iid_fraction = 1;             ///< iid_fraction: in [0, 1]
    std::uint32_t samples_per_node = 0;  ///< draws: > 0
    std::optional<double> mix_alpha{};   ///< draws: concentration of each node's mix of classes, > 0; absent: no mix
    std::uint32_t classes_per_node = 2;  ///< classes: > 0
    std::optional<double> quantity_alpha{};  ///< classes: of how a class is spread over its nodes, > 0; absent: evenly
};

enum class FeatureSkewKind { none, noise, rotation };

/// How the nodes' features differ, see common/learning/training/node_skew.hpp. Only the fields of its kind count.
struct FeatureSkew {
    FeatureSkewKind kind = FeatureSkewKind::none;
    double deviation = 0.5;   ///< noise: of the last node, on normalized features, > 0
    std::uint32_t turns = 4;  ///< rotation: into how many parts a whole turn goes, 2 or 4
};

/// Pixels become (x / 255 - mean) / standard_deviation, values that aren't bytes (x - mean) / standard_deviation. Each
/// is one value, or one for each channel.
struct Normalization {
    std::vector<double> mean{0};
    std::vector<double> standard_deviation{1};
};

struct Data {
    std::string dataset = "fashion-mnist";
    std::optional<DataFiles> own{};         ///< files of the user's, which `dataset` is then a name for
    std::optional<std::string> stand_in{};  ///< the dataset to take where that one is not at hand; resolved: absent
    Normalization normalization{};
    std::optional<std::uint32_t> train_samples{};  ///< a seeded, class-balanced subset of the training set; absent: all
    /// Of the training samples: these train nothing, and evaluations look at them in place of the test set; in [0, 1).
    double validation_share = 0;
    bool measure_test = true;  ///< with a validation split: whether the final model is measured on the test set, once
};

/// The training ends at the `evaluations_in_a_row`-th consecutive evaluation at or above the target.
struct StopRule {
    std::uint32_t evaluations_in_a_row = 1;
};

/// What becomes of an epoch's samples behind its last whole batch: a smaller batch, nothing, or part of the batch
/// before.
enum class LastBatch { keep, drop, merge };

/// One node with all the data.
struct Centralized {
    std::uint32_t batch_size = 32;
    LastBatch last_batch = LastBatch::keep;
    Optimizer optimizer{};
    std::uint32_t max_epochs = 10;
    std::optional<double>
        linear_decay_epochs{};   ///< learning rate falls linearly to 0 over so many epochs; absent: constant
    std::string device = "cpu";  ///< where it trains: "cpu", or "cuda" by the torch engine
    std::optional<std::uint64_t>
        evaluate_every_samples{};  ///< resolved: always set; a multiple of no batch is rounded up to a step
};

/// Asynchronous training with a buffer (FedBuff, Nguyen et al. 2022); coordinator/rounds/buffered_schedule.hpp.
struct Buffered {
    std::uint32_t concurrency = 10;   ///< nodes that train at once
    std::uint32_t buffer = 10;        ///< updates that make the next version of the model
    double staleness_exponent = 0.5;  ///< an update that is s versions old counts (1 + s)^-this; 0: all alike
    std::optional<std::uint32_t> max_staleness{};  ///< older ones are lost
};

struct Federated {
    std::uint32_t nodes = 10;
    double client_fraction = 1;  ///< cohort = max(1, round(fraction * nodes)), drawn anew each round
    std::uint32_t local_epochs = 1;
    std::uint32_t batch_size = 32;
    LastBatch last_batch = LastBatch::keep;
    Optimizer optimizer{};
    RateSchedule rate_schedule{};  ///< of the local learning rate, by round
    Partition partition{};
    FeatureSkew feature_skew{};
    /// The value of the key `fleet`, a list that common/fleet reads: what the nodes are, and where. Null: all are as
    /// the section `accounting` says. Shared so that this header needs no JSON.
    std::shared_ptr<const nlohmann::ordered_json> fleet{};
    std::optional<Buffered> buffered{};          ///< nothing: rounds are synchronous
    std::optional<std::uint32_t> goal{};         ///< updates that end a round; the later ones of the cohort are lost
    std::optional<double> virtual_deadline_s{};  ///< virtual time after which a round ends
    /// A node that can't be through by the deadline does the steps that it can, and delivers (FedProx, Li et al. 2020).
    bool partial_work = false;
    std::optional<std::string> start{};  ///< when virtual time begins: "2020-09-14T06:00:00Z"
    double node_test_share = 0;  ///< of a node's samples, which test the final model there and train nothing; in [0, 1)
    std::uint32_t max_rounds = 100;
    std::uint32_t evaluate_every_rounds = 1;  ///< the last one is evaluated in any case
    /// In place of that: the first round that ends in each further such span of virtual time is.
    std::optional<double> evaluate_every_virtual_minutes{};
    double quorum = 0.5;  ///< share of the cohort that must deliver for a round to count
    Selection selection{};
    Aggregation aggregation{};
    Strategy strategy{};
    Compression compression{};           ///< of what a node sends
    Compression download_compression{};  ///< of the model that nodes take down
    std::optional<Pruning> pruning{};    ///< of the global model; nothing: none
    std::optional<SecureAggregation> secure_aggregation{};
    std::optional<Privacy> privacy{};  ///< of the nodes, by noise on their sum; nothing: none
    /// An update further than this from the global model, in L2 norm over all parameters, is refused. A sane local
    /// training moves a model by no more than a few times the model's own norm, which is around ten for the models
    /// that ship, and 0.02 x sqrt(10^9) = 632 for a billion parameters of deviation 0.02.
    double max_update_norm = 1e4;
    Presum presum = Presum::local;   ///< used where it sends less, and may_presum() says yes
    double silence_deadline_s = 60;  ///< host time without a word from a client before it counts as lost
    double round_deadline_s = 3600;  ///< host time after which a round ends without the nodes that are still training
    double rejoin_wait_s = 10;       ///< host time that a round waits for a client that it has lost to come back
    double quorum_wait_s = 60;  ///< host time that a round without its quorum waits for clients before the run fails
};

struct Training {
    std::string label;
    std::variant<Centralized, Federated> kind;
};

struct Experiment {
    std::string name;
    std::uint64_t seed = 1;
    std::string engine = "native";          ///< "torch" where the model is a TorchScript file
    std::optional<double> target_accuracy;  ///< in (0, 1); absent: trainings run to their limits
    StopRule stop;
    Data data;
    ModelSpec model;
    std::vector<Training> trainings;
    std::vector<Reduction> reductions{};  ///< of the models that the trainings end with
    /// The section `accounting`, checked as a JSON object here and parsed by carbon: the assumptions that turn
    /// Work into the table. Shared so that this header needs no JSON.
    std::shared_ptr<const nlohmann::ordered_json> accounting;
    std::string title_note;  ///< what a table's title must say of this spec (the quick one's cuts); may be empty
};

}  // namespace fedgram::spec
