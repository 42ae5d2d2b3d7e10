#pragma once

#include <exception>
#include <string>

#include "common/error/error.hpp"

namespace fedgram::client {

/// The network's doing, or a coordinator that has lost its state: worth another try.
struct ConnectionLost : SystemError {
    using SystemError::SystemError;
};

/// Why a try to serve the coordinator ended.
struct Failure {
    enum class Cause {
        network,      ///< the connection failed; `text` is the system's message
        lost,         ///< ConnectionLost
        silence,      ///< a Timeout
        coordinator,  ///< a ProtocolError: what the coordinator said, or failed to say
        machine,      ///< a SystemError of this machine
        own,          ///< anything else: the command line, the data, the engine
    };

    Cause cause{};
    std::string text;

    /// Nobody but this process can put it right, and the coordinator doesn't know of it.
    [[nodiscard]] bool is_our_own() const { return cause == Cause::machine || cause == Cause::own; }
};

/// What this exception says. It isn't null.
[[nodiscard]] Failure failure_of(const std::exception_ptr& error);

}  // namespace fedgram::client
