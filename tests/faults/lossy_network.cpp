#include "tests/faults/lossy_network.hpp"

#include <signal.h>

#include <stdexcept>

namespace fedgram::test {

namespace {

std::vector<std::string> arguments(const NetworkNamespace& one, const NetworkNamespace& other,
                                   const std::vector<std::string>& options)
{
    std::vector<std::string> all{one.name(), other.name()};
    all.insert(all.end(), options.begin(), options.end());
    return all;
}

}  // namespace

LossyNetwork::LossyNetwork(const std::vector<std::string>& options)
    : line_{"fedgram-lossy-link", arguments(coordinator_, client_, options)}
{
    if (line_.read_line() != "open") throw std::runtime_error{"the lossy link can't be opened: " + line_.wait().err};
    coordinator_.command("ip address add " + std::string{coordinator_address} + "/24 dev wire0");
    coordinator_.command("ip link set wire0 up");
    client_.command("ip address add 10.77.0.2/24 dev wire0");
    client_.command("ip link set wire0 up");
}

unsigned long LossyNetwork::lost_packets()
{
    line_.send(SIGTERM);
    const auto outcome = line_.wait();
    const auto lost = outcome.out.find("lost ");
    if (lost == std::string::npos) throw std::runtime_error{"the lossy link failed: " + outcome.err};
    return std::stoul(outcome.out.substr(lost + 5));
}

}  // namespace fedgram::test
