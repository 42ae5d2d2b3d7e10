#include "common/text/text_grid.hpp"

#include <catch2/catch.hpp>

TEST_CASE("Columns are as wide as their widest cell, and headings are broken at their last comma")
{
    fedgram::carbon::TextGrid grid;
    grid.add_headings({"gCO2e", "v100, PUE 1.67", "sum"});
    grid.add({"France", "0.2", "1234"});
    CHECK(grid.text() ==
          "           v100,\n"
          "gCO2e   PUE 1.67   sum\n"
          "France       0.2  1234\n");
}
