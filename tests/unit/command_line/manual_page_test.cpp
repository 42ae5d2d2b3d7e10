#include "common/command_line/manual_page.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

using namespace fedgram::command_line;
using Catch::Contains;

TEST_CASE("a text stays what it is in roff", "[command_line]")
{
    CHECK(as_roff("--set") == "\\-\\-set");
    CHECK(as_roff("C:\\n") == "C:\\en");
    CHECK(as_roff("a.csv\n.csv\n'quoted'") == "a.csv\n\\&.csv\n\\(aqquoted\\(aq");
    CHECK(as_roff(".SH") == "\\&.SH");
    CHECK(as_roff("`~^") == "\\(ga\\(ti\\(ha");
    CHECK(as_roff("gCO2e \xC3\x97 PUE") == "gCO2e \xC3\x97 PUE");
}

TEST_CASE("a manual page says what the help says", "[command_line]")
{
    CLI::App app{"Weighs things", "scales"};
    app.footer("Examples:\n  scales weigh a.csv > out");
    auto* const weigh = app.add_subcommand("weigh", "Weigh a file");
    weigh->footer("Examples:\n  scales weigh a.csv --in 'kg'");
    std::string file;
    std::string unit = "g";
    weigh->add_option("file", file, "What to weigh")->required();
    weigh->add_option("--in", unit, ".csv has grams;\n'kg' too")->type_name("UNIT")->capture_default_str();

    CHECK(manual_page_name(app) == "scales");
    CHECK(manual_page_name(*weigh) == "scales-weigh");
    CHECK(manual_page(*weigh, "1.2", {"scales", "balance"}) ==
          ".TH scales\\-weigh 1 \"\" \"Fedgram 1.2\" \"Fedgram\"\n"
          ".nh\n"
          ".SH NAME\n"
          "scales\\-weigh \\- Weigh a file\n"
          ".SH SYNOPSIS\n"
          "\\fBscales weigh\\fR [OPTIONS] file\n"
          ".SH ARGUMENTS\n"
          ".TP\n"
          "\\fBfile\\fR TEXT REQUIRED\n"
          "What to weigh\n"
          ".SH OPTIONS\n"
          ".TP\n"
          "\\fB\\-h,\\-\\-help\\fR\n"
          "Print this help message and exit\n"
          ".TP\n"
          "\\fB\\-\\-in\\fR UNIT=g\n"
          "\\&.csv has grams;\n"
          "\\(aqkg\\(aq too\n"
          ".SH EXAMPLES\n"
          ".nf\n"
          "  scales weigh a.csv \\-\\-in \\(aqkg\\(aq\n"
          ".fi\n"
          ".SH SEE ALSO\n"
          "\\fBscales\\fR(1),\n"
          "\\fBbalance\\fR(1)\n");
    CHECK_THAT(manual_page(app, "1.2", {"balance"}),
               Contains(".SH COMMANDS\n.TP\n\\fBscales\\-weigh\\fR(1)\nWeigh a file\n") && !Contains("--in"));
}
