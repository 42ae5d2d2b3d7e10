#include "common/text/banded_number.hpp"

#include <catch2/catch.hpp>

using fedgram::text::band_text;
using fedgram::text::banded;

TEST_CASE("A number has as many digits as its band deserves, two at least")
{
    CHECK(banded(0.12345, {0.1, 0.2}) == "0.12");
    CHECK(banded(123.45, {120, 124}) == "123");
    CHECK(banded(0.123456, {0.1233, 0.1236}) == "0.1235");
    CHECK(banded(12345, {1000, 50000}) == "12000");
    CHECK(banded(0.996, {0.5, 2}) == "1.0");
    CHECK(banded(0, {0, 1}) == "0");
}

TEST_CASE("A number without a band has three digits")
{
    CHECK(banded(0.12345, {0.12345, 0.12345}) == "0.123");
    CHECK(banded(0, {0, 0}) == "0");
}

TEST_CASE("A band's ends have two digits, or as many as tell them apart")
{
    CHECK(band_text({0.0312, 0.1234}) == "0.031-0.12");
    CHECK(band_text({0.1233, 0.1236}) == "0.123-0.124");
    CHECK(band_text({0.1233, 0.1234}) == "0.1233-0.1234");
    CHECK(band_text({5, 5}).empty());
}
