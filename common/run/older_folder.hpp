#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/learning/model/kernels.hpp"
#include "common/run/ledger.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::run {

// What a run folder of an earlier version lacks, and where it comes from.

/// A resolved section `accounting` with today's profile of record in the place of each that is of the older form and
/// has the id of one. `renewed` gets their ids. Other profiles of that form stay, and are refused where they are
/// parsed.
[[nodiscard]] nlohmann::ordered_json with_renewed_devices(nlohmann::ordered_json accounting,
                                                          std::vector<std::string>& renewed);

/// The kernels of a ledger from before they were counted: its steps times those of the specification's model.
class UncountedKernels {
public:
    /// Of the run in `folder`. Throws DataError and SpecError as its spec.json does.
    explicit UncountedKernels(const std::filesystem::path& folder);

    /// False for a TorchScript model, whose operators aren't known without opening it.
    [[nodiscard]] bool known() const { return !experiment_.model.layers.empty(); }

    /// 0 where they aren't known.
    [[nodiscard]] std::uint64_t of(const LedgerLine& line) const;

private:
    spec::Experiment experiment_;
    learning::LayerKernels model_;
    std::map<std::string, std::uint64_t> of_a_step_;  // by the training's label
};

}  // namespace fedgram::run
