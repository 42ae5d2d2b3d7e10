#include "common/net/descriptor_limit.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::net;

TEST_CASE("Each client takes one descriptor beside those of the coordinator itself", "[net]")
{
    CHECK(descriptors_for(1) == 73);
    CHECK(descriptors_for(20) == 92);
    CHECK(clients_within(92) == 20);
    CHECK(clients_within(73) == 1);
    CHECK(clients_within(72) == 0);
    CHECK(clients_within(64) == 0);
}
