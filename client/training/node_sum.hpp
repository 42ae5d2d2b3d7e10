#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "client/training/job.hpp"
#include "common/learning/updates/exact_sum.hpp"
#include "common/learning/updates/update_check.hpp"

namespace fedgram::client {

/// The sum of checked updates of this process's nodes, of one round at a time. Twenty bytes a parameter, once it is
/// used.
class NodeSum {
public:
    /// Whether there are updates in it of the round that this job is of.
    [[nodiscard]] bool is_of(const Job& job) const;
    /// Adds an update, times its samples. False where it fails a check that the coordinator makes of each update: it
    /// goes to the coordinator by itself then, which refuses it. Updates of another round are forgotten.
    [[nodiscard]] bool add(const Job& job, const NodeResult& result);
    /// What has been added, in `buffer`. There is something.
    [[nodiscard]] SummedUpdates take(std::vector<float> buffer);

private:
    void begin(const Job& job);

    SummedUpdates updates_;                             // without words
    std::shared_ptr<const std::vector<float>> global_;  // that limits_ borrows
    std::optional<learning::UpdateLimits> limits_;
    learning::ExactSum sum_{0};
};

}  // namespace fedgram::client
