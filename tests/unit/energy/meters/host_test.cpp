#include "common/energy/meters/host.hpp"

#include <sstream>

#include <catch2/catch.hpp>

using namespace fedgram::energy;

TEST_CASE("A processor's name is that of the first one")
{
    std::istringstream cpuinfo{
        "processor\t: 0\nmodel\t\t: 1\nmodel name\t: AMD EPYC 9V74 80-Core Processor\n\n"
        "processor\t: 1\nmodel name\t: Another\n"};
    CHECK(cpu_model(cpuinfo) == "AMD EPYC 9V74 80-Core Processor");
}

TEST_CASE("A processor without a name has none")
{
    std::istringstream arm{"processor\t: 0\nBogoMIPS\t: 108.00\nmodel name\t: \n"};
    CHECK_FALSE(cpu_model(arm));
}
