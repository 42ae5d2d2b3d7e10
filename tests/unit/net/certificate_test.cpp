#include "common/net/certificate.hpp"

#include <catch2/catch.hpp>

using fedgram::net::node_names;
using fedgram::protocol::NodeSet;

TEST_CASE("Each range of nodes is a URI of its own in a certificate", "[net]")
{
    CHECK(node_names(*NodeSet::parse("3")) == "URI:fedgram:nodes:3");
    CHECK(node_names(*NodeSet::parse("7,0-4")) == "URI:fedgram:nodes:0-4,URI:fedgram:nodes:7");
}
