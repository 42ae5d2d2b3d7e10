#include "coordinator/clients/node_hosts.hpp"

#include <catch2/catch.hpp>

using fedgram::coordinator::NodeHosts;
using fedgram::protocol::NodeSet;

namespace {

NodeSet nodes(const char* text) { return NodeSet::parse(text).value(); }

}  // namespace

TEST_CASE("A node has one host, who keeps it until it is released", "[coordinator]")
{
    NodeHosts hosts{10};
    CHECK_FALSE(hosts.claim(nodes("0-3,6"), 1));
    CHECK_FALSE(hosts.claim(nodes("4-5,9"), 2));
    CHECK(hosts.claim(nodes("5-8"), 3) == NodeHosts::Taken{5, 2});
    CHECK_FALSE(hosts.claim(nodes("7-8"), 4));  // nothing of it was taken
    hosts.release(nodes("7-8"), 4);

    hosts.release(nodes("4-5,9"), 2);
    CHECK(hosts.claim(nodes("5-8"), 3) == NodeHosts::Taken{6, 1});
    hosts.release(nodes("0-3,6"), 1);
    CHECK_FALSE(hosts.claim(nodes("5-8"), 3));
    CHECK_FALSE(hosts.claim(nodes("5-8"), 3));  // its own
    // Whose nodes another has taken up releases nothing of the other's.
    hosts.release(nodes("0-3,6"), 1);
    CHECK(hosts.claim(nodes("6"), 5) == NodeHosts::Taken{6, 3});
}
