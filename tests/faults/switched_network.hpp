#pragma once

#include <list>
#include <string>

#include "tests/faults/network_namespace.hpp"

namespace fedgram::test {

/// A coordinator's machine and its clients' machines, each a namespace, every client on a cable of its own to a bridge
/// at the coordinator's: 10.77.0.1 is the coordinator, 10.77.0.2 the first client. A cable is a veth pair: `portN` at
/// the coordinator's end, `cable` at the client's. No machine's own devices are called so: a process that has not
/// entered its namespace yet is not taken for one that has.
class SwitchedNetwork {
public:
    explicit SwitchedNetwork(int clients);

    [[nodiscard]] const NetworkNamespace& coordinator() const { return coordinator_; }
    [[nodiscard]] const NetworkNamespace& client(int number) const;  ///< counted from 0
    [[nodiscard]] static std::string port(int client) { return "port" + std::to_string(client); }
    static constexpr const char* coordinator_address = "10.77.0.1";

    /// No faster than so many kilobits (1000 bits) a second, either way, by a token bucket in the kernel.
    void limit(int client, unsigned kbit_s) const;
    /// The cable is out of the bridge's port: both ends lose their carrier, and whatever is sent is lost.
    void unplug(int client) const;
    void plug_in(int client) const;

private:
    NetworkNamespace coordinator_{"coordinator"};
    std::list<NetworkNamespace> clients_;
};

}  // namespace fedgram::test
