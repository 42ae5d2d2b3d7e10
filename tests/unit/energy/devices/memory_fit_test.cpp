#include "common/energy/devices/memory_fit.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::energy;

namespace {

Figure bytes(double value) { return {value, {}, {}, EvidenceLevel::published, "a data sheet"}; }

InferenceProfile board(std::optional<Figure> flash, std::optional<Figure> ram)
{
    InferenceProfile profile;
    profile.id = "board";
    profile.flash_bytes = std::move(flash);
    profile.ram_bytes = std::move(ram);
    return profile;
}

}  // namespace

TEST_CASE("A model fits up to the last byte of flash and RAM")
{
    const auto device = board(bytes(1000), bytes(500));
    CHECK(memory_fit(device, {1000, 500, "pool1"}).fits());
    CHECK(misfit_text(device, {1000, 500, "pool1"}).empty());
    CHECK_FALSE(memory_fit(device, {1001, 500, "pool1"}).fits());
    CHECK_FALSE(memory_fit(device, {1000, 501, "pool1"}).fits());
}

TEST_CASE("What doesn't fit is told in bytes, and where the activations peak")
{
    const auto device = board(bytes(1000), bytes(500));
    const auto fit = memory_fit(device, {1234, 760, "conv1, relu1, pool1"});
    CHECK(fit.flash_over == 234);
    CHECK(fit.ram_over == 260);
    CHECK(misfit_text(device, {1234, 760, "conv1, relu1, pool1"}) ==
          "board: a model of 1234 bytes is 234 too large for the flash of 1000; conv1, relu1, pool1 holds 760 bytes of "
          "activations, 260 more than the RAM of 500");
    CHECK(misfit_text(device, {10, 501, "fc1"}) ==
          "board: fc1 holds 501 bytes of activations, 1 more than the RAM of 500");
}

TEST_CASE("Without flash the weights lie in RAM, too")
{
    const auto device = board({}, bytes(500));
    CHECK(memory_fit(device, {300, 200, "pool1"}).fits());
    CHECK(memory_fit(device, {301, 200, "pool1"}).ram_over == 1);
    CHECK(misfit_text(device, {301, 200, "pool1"}) ==
          "board: pool1 holds 200 bytes of activations beside 301 of the model, 1 more than the RAM of 500");
}

TEST_CASE("A limit that isn't known refuses nothing")
{
    CHECK(memory_fit(board({}, {}), {1'000'000'000, 1'000'000'000, "pool1"}).fits());
    CHECK(memory_fit(board(bytes(10), {}), {10, 1'000'000'000, "pool1"}).fits());
}
