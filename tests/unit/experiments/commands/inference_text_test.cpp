#include "experiments/commands/inference_text.hpp"

#include <array>

#include <catch2/catch.hpp>

#include "experiments/lookup/record_lookup.hpp"

using namespace fedgram::experiments;
using Catch::Matchers::Contains;

TEST_CASE("A device without a measured float32 says by what requests in it are priced", "[experiments]")
{
    CHECK_THAT(inference_text(*find_inference_device("raspberry-pi-4")),
               Contains("fp32: no measured row gives a rate; requests are priced as training is, by the device "
                        "profile's figures.\n"));
    CHECK_THAT(inference_text(*find_inference_device("ndp9120")),
               Contains("fp32: no measured row gives a rate, so no request is priced.\n"));
}

TEST_CASE("The list has the band of float32 that is int8 slowed down", "[experiments]")
{
    // 5.09 mJ / 12.501632 MMAC = 0.407 J/GMAC, x 2.71 (2 to 4).
    CHECK_THAT(inference_list_text(std::array{*find_inference_device("nucleo-h7a3zi-q")}),
               Contains("1.10  0.814  1.63"));
}
