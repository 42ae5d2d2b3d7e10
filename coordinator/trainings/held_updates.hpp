#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "common/learning/training/state_bytes.hpp"

namespace fedgram::coordinator {

/// What asynchronous training holds in host memory: updates that have been computed and arrive later in virtual time,
/// and the versions of the model that they began from. An update is that of (node, version).
class HeldUpdates {
public:
    using Model = std::shared_ptr<const std::vector<float>>;

    struct Update {
        std::vector<float> parameters;
        double mean_loss = 0;
        std::uint64_t bytes = 0;  ///< that carried it
    };

    /// The model that updates of this version begin from.
    void hold(std::uint32_t version, Model model) { models_[version] = std::move(model); }
    void hold(std::uint32_t node, std::uint32_t version, Update update)
    {
        updates_[{version, node}] = std::move(update);
    }

    /// Nullptr where it was lost on this machine.
    [[nodiscard]] const Update* find(std::uint32_t node, std::uint32_t version) const;
    [[nodiscard]] const std::vector<float>& model(std::uint32_t version) const { return *models_.at(version); }
    void drop(std::uint32_t node, std::uint32_t version) { updates_.erase({version, node}); }
    /// Of models, all but those of updates that are held.
    void drop_idle_models();

    [[nodiscard]] std::size_t updates() const { return updates_.size(); }

    /// For a checkpoint.
    void write(learning::StateWriter& state) const;
    void read(learning::StateReader& state);

private:
    std::map<std::uint32_t, Model> models_;                              // by version
    std::map<std::pair<std::uint32_t, std::uint32_t>, Update> updates_;  // by version and node
};

/// What a stale update adds to the mean: the present model moved by what the update moved the one that it began from,
/// times `weight`. An update of the present model with weight 1 is itself, bit for bit.
[[nodiscard]] std::vector<float> moved(std::span<const float> present, std::span<const float> update,
                                       std::span<const float> began_from, double weight);

/// (1 + staleness)^-exponent: FedBuff's polynomial weight has 0.5.
[[nodiscard]] double staleness_weight(std::uint32_t staleness, double exponent);

}  // namespace fedgram::coordinator
