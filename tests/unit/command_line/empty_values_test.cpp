#include "common/command_line/empty_values.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/command_line/shared_options.hpp"
#include "common/error/error.hpp"

using namespace fedgram;

namespace {

struct Scales {
    CLI::App app{"Weighs things", "scales"};
    std::string unit;
    std::optional<double> grams{};
    int stones = 1;
    std::vector<std::string> pans;
    std::string loan = "none";
    bool loud = false;

    Scales()
    {
        app.add_option("--unit", unit);
        app.add_option("--grams", grams);
        app.add_option("--stones", stones)->check(CLI::Range(1, 4));
        app.add_option("--pans", pans)->delimiter(',');
        app.add_option("--loan", loan)->expected(0, 1);
        app.add_flag("--loud", loud);
    }

    std::string error_of(const std::vector<std::string>& arguments)
    {
        try {
            static_cast<void>(command_line::parse(app, arguments));
        } catch (const SpecError& error) {
            return error.what();
        }
        return "no error";
    }
};

}  // namespace

TEST_CASE("every option refuses an empty value before it says anything else of it", "[command_line]")
{
    for (const std::string option : {"--unit", "--grams", "--stones", "--pans"})
        CHECK(Scales{}.error_of({option, ""}) == option + ": is empty; give a value or leave it out");
}

TEST_CASE("an option that may stand without a value may, and a flag takes none", "[command_line]")
{
    CHECK(Scales{}.error_of({"--loan", "--loud"}) == "no error");
    CHECK(Scales{}.error_of({"--unit", "kg", "--grams", "7", "--stones", "2", "--pans", "a,b"}) == "no error");
}
