#include "common/text/nearest_names.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::text;

TEST_CASE("The nearest name is meant, or up to three that are equally near")
{
    const std::vector<Named> known{{{"France", "FRA"}, "France"},
                                   {{"Greece"}, "Greece"},
                                   {{"Fiji"}, "Fiji"},
                                   {{"Grace"}, "Grace"},
                                   {{"Trace"}, "Trace"}};
    CHECK(did_you_mean("frace", known) == "did you mean France, Grace, Trace?");
    CHECK(did_you_mean("greec", known) == "did you mean Greece?");  // Grace differs in two
    CHECK(did_you_mean("FRX", known) == "did you mean France?");
    CHECK(did_you_mean("Qwertyuiop", known).empty());
    CHECK(did_you_mean("France", std::vector<Named>{}).empty());
}

TEST_CASE("A name is near that differs in a third of the letters, or in two, or in one of a short word")
{
    const std::vector<std::string> known{"seed", "rounds", "local_epochs", "ab"};
    CHECK(did_you_mean("sed", known) == "did you mean seed?");
    CHECK(did_you_mean("sd", known).empty());  // seed differs in two
    CHECK(did_you_mean("ronuds", known) == "did you mean rounds?");
    CHECK(did_you_mean("loclepcs", known).empty());  // local_epochs differs in four of eight
    CHECK(did_you_mean("localepoch", known) == "did you mean local_epochs?");
    CHECK(did_you_mean("x", {std::string{"y"}}).empty());        // not a letter stays
    CHECK(did_you_mean("ac", {std::string{"ab"}}).empty());      // one slip in two letters is another word
    CHECK(did_you_mean("korea", {std::string{"kor"}}).empty());  // nor are two in three
}

TEST_CASE("Where no name is near, those are meant that hold it as a word")
{
    const std::vector<std::string> known{"North Korea", "South Korea", "Koreatown"};
    CHECK(did_you_mean("korea", known) == "did you mean North Korea, South Korea?");
    CHECK(did_you_mean("", known).empty());
}
