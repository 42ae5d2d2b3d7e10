#include <catch2/catch.hpp>

#include "common/text/text_table.hpp"

using fedgram::experiments::TextTable;

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
