#include "common/text/mass_unit.hpp"

#include <catch2/catch.hpp>

using fedgram::GramsCO2e;
using fedgram::text::mass_unit;

TEST_CASE("A mass is read in the unit that leaves it few zeros")
{
    const auto text = [](double grams) {
        const GramsCO2e mass{grams};
        const auto unit = mass_unit(mass);
        return unit.text(mass) + " " + unit.name;
    };
    CHECK(text(0) == "0 g");
    CHECK(text(0.01) == "0.0100 g");
    CHECK(text(0.0099) == "9.90 mg");
    CHECK(text(1e-5) == "0.0100 mg");
    CHECK(text(2.5e-6) == "2.50 µg");
    CHECK(text(9999) == "10000 g");
    CHECK(text(10000) == "10.0 kg");
    CHECK(text(24.7e6) == "24.7 t");
}
