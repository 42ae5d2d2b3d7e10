#include "common/text/year_list.hpp"

#include <catch2/catch.hpp>

using fedgram::text::year_list;

TEST_CASE("Years in a row are told as a span, others one by one")
{
    CHECK(year_list({{"direct", {2019}}}) == "direct 2019");
    CHECK(year_list({{"direct", {2022, 2023}}, {"lifecycle", {2015, 2017, 2018, 2019, 2021}}}) ==
          "direct 2022, 2023; lifecycle 2015, 2017 to 2019, 2021");
    CHECK(year_list({}).empty());
}
