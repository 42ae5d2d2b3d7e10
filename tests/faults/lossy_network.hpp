#pragma once

#include <string>
#include <vector>

#include "tests/faults/network_namespace.hpp"
#include "tests/support/command.hpp"

namespace fedgram::test {

/// A coordinator's machine and a client's, joined by `fedgram-lossy-link`: `wire0` at either end, 10.77.0.1 at the
/// coordinator's.
class LossyNetwork {
public:
    /// `options` are fedgram-lossy-link's.
    explicit LossyNetwork(const std::vector<std::string>& options);

    [[nodiscard]] const NetworkNamespace& coordinator() const { return coordinator_; }
    [[nodiscard]] const NetworkNamespace& client() const { return client_; }
    static constexpr const char* coordinator_address = "10.77.0.1";

    /// How many packets the line has lost. It ends.
    [[nodiscard]] unsigned long lost_packets();

private:
    NetworkNamespace coordinator_{"coordinator"};
    NetworkNamespace client_{"client"};
    Process line_;  // last: it ends before the namespaces do
};

}  // namespace fedgram::test
