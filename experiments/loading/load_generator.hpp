#pragma once

#include "experiments/loading/load_options.hpp"
#include "experiments/loading/load_result.hpp"

namespace fedgram::experiments {

/// Asks a server for inferences, and measures. In an open loop a request is due by the clock, whatever becomes of the
/// others, and its latency counts from then; in a closed one it is due when the answer before it has come.
///
/// Each answer must be to a request that was sent over the same connection and is not answered yet, and of the same
/// class as the first answer to that image. Throws ProtocolError where one is not, when a request has neither answer
/// nor refusal within 30 s behind the last one, and for a server that goes; SystemError where none listens; SpecError
/// for options that don't go together.
[[nodiscard]] LoadResult load_server(const LoadOptions& options);

/// The same for somebody who waits for it: what was measured stands though it ends early, and the result says why. It
/// ends early for what a server does wrong once it has greeted, and at SIGINT or SIGTERM, after which answers have 2 s
/// to come; a second signal ends the process.
[[nodiscard]] LoadResult load_server_watched(const LoadOptions& options);

}  // namespace fedgram::experiments
