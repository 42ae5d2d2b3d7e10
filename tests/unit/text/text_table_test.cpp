#include <catch2/catch.hpp>

#include "common/text/text_table.hpp"

using fedgram::text::TextTable;

TEST_CASE("a table aligns words to the left and numbers to the right, counting characters and not bytes",
          "[experiments]")
{
    TextTable table{{"name", "g"}};
    table.add({"é", "1.5"});
    table.add({"longer", "-10"});
    table.add({"more", "+2"});
    CHECK(table.text() ==
          "name      g\n"
          "é       1.5\n"
          "longer  -10\n"
          "more     +2\n");
    CHECK(table.markdown() ==
          "| name | g |\n"
          "|---|---:|\n"
          "| é | 1.5 |\n"
          "| longer | -10 |\n"
          "| more | +2 |\n");
}

TEST_CASE("A table without a heading has its first column to the left and all others to the right")
{
    TextTable table;
    table.add_headings({"gCO2e", "v100, PUE 1.67", "sum"});
    table.add({"France", "0.2", "1234"});
    table.add({"a note"});
    CHECK(table.text() ==
          "           v100,\n"
          "gCO2e   PUE 1.67   sum\n"
          "France       0.2  1234\n"
          "a note\n");
}
