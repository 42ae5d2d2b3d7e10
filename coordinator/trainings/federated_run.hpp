#pragma once

#include <asio/awaitable.hpp>
#include <asio/thread_pool.hpp>

#include "coordinator/clients/client_connections.hpp"
#include "coordinator/trainings/training_recorder.hpp"

namespace fedgram::coordinator {

/// A federated training over these clients, on the thread that the connections are used on; aggregations and
/// evaluations run on `worker`. Ends early, with the last whole round, once it is to stop. Throws SystemError when a
/// round falls below its quorum.
[[nodiscard]] asio::awaitable<TrainingResult> run_federated(RunContext context, std::uint32_t training_index,
                                                            ClientConnections& connections, asio::thread_pool& worker);

}  // namespace fedgram::coordinator
