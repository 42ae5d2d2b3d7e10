#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/protocol/messages.hpp"
#include "common/serving/nanoseconds.hpp"

namespace fedgram::client {

/// What a server has done since it began.
class ServerCounts {
public:
    void batch_ended(std::size_t requests, serving::Nanoseconds computed);
    void answered(serving::Nanoseconds queued);
    void refused(wire::InferenceRefusal::Reason reason);
    void waits(std::size_t requests);

    /// With what the process has spent and holds now.
    [[nodiscard]] wire::ServerMetrics metrics(std::size_t waiting, std::size_t connections,
                                              serving::Nanoseconds uptime) const;

private:
    wire::ServerMetrics so_far_;
};

}  // namespace fedgram::client
