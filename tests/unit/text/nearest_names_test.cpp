#include "common/text/nearest_names.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::text;

TEST_CASE("The nearest names come first, three of them at most")
{
    const std::vector<Named> known{{{"France", "FRA"}, "France"},
                                   {{"Greece"}, "Greece"},
                                   {{"Fiji"}, "Fiji"},
                                   {{"Grace"}, "Grace"},
                                   {{"Trace"}, "Trace"}};
    CHECK(did_you_mean("frace", known) == "did you mean France, Grace, Trace?");
    CHECK(did_you_mean("FRX", known) == "did you mean France?");
    CHECK(did_you_mean("Qwertyuiop", known).empty());
    CHECK(did_you_mean("France", {}).empty());
}
