#pragma once

#include <asio/awaitable.hpp>
#include <asio/thread_pool.hpp>

#include "coordinator/clients/client_hub.hpp"
#include "coordinator/trainings/training_recorder.hpp"

namespace fedgram::coordinator {

/// A federated training over the hub's clients, on the hub's thread; evaluations run on `worker`. Ends early,
/// with the last whole round, once the hub is asked to stop. Throws SystemError when a round falls below its quorum.
[[nodiscard]] asio::awaitable<TrainingResult> run_federated(RunContext context, std::uint32_t training_index,
                                                            ClientHub& hub, asio::thread_pool& worker);

}  // namespace fedgram::coordinator
