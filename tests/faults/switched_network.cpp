#include "tests/faults/switched_network.hpp"

#include <iterator>

namespace fedgram::test {

SwitchedNetwork::SwitchedNetwork(int clients)
{
    coordinator_.command("ip link add bridge type bridge");
    coordinator_.command("ip address add " + std::string{coordinator_address} + "/24 dev bridge");
    coordinator_.command("ip link set bridge up");
    for (int number = 0; number < clients; ++number) {
        const auto& client = clients_.emplace_back("client-" + std::to_string(number));
        coordinator_.command("ip link add " + port(number) + " type veth peer name cable netns " + client.name());
        coordinator_.command("ip link set " + port(number) + " master bridge");
        client.command("ip address add 10.77.0." + std::to_string(number + 2) + "/24 dev cable");
        client.command("ip link set cable up");
        plug_in(number);
    }
}

const NetworkNamespace& SwitchedNetwork::client(int number) const { return *std::next(clients_.begin(), number); }

void SwitchedNetwork::limit(int client, unsigned kbit_s) const
{
    // A bucket of some packets, so that little of an update is through before the rate is felt, and a queue of half a
    // second.
    const auto bucket = " root tbf burst 5kb latency 500ms rate " + std::to_string(kbit_s) + "kbit";
    coordinator_.command("tc qdisc add dev " + port(client) + bucket);
    this->client(client).command("tc qdisc add dev cable" + bucket);
}

void SwitchedNetwork::unplug(int client) const { coordinator_.command("ip link set " + port(client) + " down"); }

void SwitchedNetwork::plug_in(int client) const { coordinator_.command("ip link set " + port(client) + " up"); }

}  // namespace fedgram::test
