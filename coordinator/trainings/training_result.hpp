#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/meters/meter_record.hpp"
#include "common/learning/updates/update_check.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::coordinator {

/// Why a training came to its end.
enum class Ending { target, limit, interrupted };

/// How one training ended.
struct TrainingResult {
    std::string label;
    bool federated = false;
    Ending ending = Ending::limit;
    std::optional<bool> reached_target;  ///< nothing where the spec has no target
    double test_accuracy = 0;            ///< of the final model
    double test_loss = 0;
    double best_test_accuracy = 0;
    std::uint32_t rounds = 0;       ///< evaluations, of a centralized training
    std::vector<float> parameters;  ///< the final ones
    Seconds virtual_seconds;
    std::map<learning::RefusalReason, std::uint64_t> refused_updates;  ///< how many, by reason
    double host_cpu_seconds = 0;                                       ///< over all processes
    double host_wall_seconds = 0;
    double host_node_cpu_seconds = 0;  ///< of the local trainings alone, each on its own thread's clock
    std::optional<energy::MeterRecord> host_node_estimate;  ///< their sum; nothing where no core's watts are stated
    std::vector<energy::MeterRecord> host_meters;           ///< by process; machines' meters and estimates side by side
    std::uint64_t wasted_lines = 0;                         ///< of the ledger: work that was lost to faults
    Joules wasted;
};

/// A training's entry in summary.json; the parameters stand in it by their SHA-256.
[[nodiscard]] nlohmann::ordered_json to_json(const TrainingResult& result);

/// The same of a training in hand, whose parameters and ending aren't known yet, from its entry. Throws DataError for
/// what is no such entry.
[[nodiscard]] TrainingResult training_so_far(const nlohmann::ordered_json& entry);

}  // namespace fedgram::coordinator
