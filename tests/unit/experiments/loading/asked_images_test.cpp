#include "experiments/loading/asked_images.hpp"

#include <array>
#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::experiments;
using Catch::Contains;

namespace {

/// Two pixels, three classes.
wire::ServerHello server(bool takes_bytes)
{
    wire::ServerHello hello;
    hello.set_channels(1);
    hello.set_height(1);
    hello.set_width(2);
    hello.set_classes(3);
    hello.set_takes_bytes(takes_bytes);
    return hello;
}

constexpr std::array<float, 3> first_class{2, 1, 0};
constexpr std::array<float, 3> last_class{-2, -1, 0};

}  // namespace

TEST_CASE("An image has one class in all its answers", "[loading]")
{
    AskedImages images{random_images(2, PixelForm::float32, server(false), 1), server(false)};
    images.answered(0, first_class);
    images.answered(1, last_class);
    images.answered(0, first_class);
    CHECK_THROWS_WITH(images.answered(1, first_class), Contains("class 0 that was of class 2 at first"));
    CHECK_FALSE(images.labelled());
}

TEST_CASE("Images with labels are right or wrong once each, by their first answer", "[loading]")
{
    auto set = random_images(3, PixelForm::bytes, server(true), 1);
    set.labels = {0, 0, 0};
    AskedImages images{set, server(true)};
    CHECK_FALSE(images.labelled());
    images.answered(0, first_class);
    images.answered(0, first_class);
    images.answered(2, last_class);
    CHECK(images.labelled().value().images == 2);
    CHECK(images.labelled().value().right == 1);
    CHECK(images.labelled().value().accuracy() == 0.5);
}

TEST_CASE("Random images are the seed's, and of the server's size", "[loading]")
{
    const auto one = random_images(2, PixelForm::float32, server(false), 1);
    CHECK(one.images == random_images(2, PixelForm::float32, server(false), 1).images);
    CHECK(one.images != random_images(2, PixelForm::float32, server(false), 2).images);
    CHECK(one.images[0] != one.images[1]);
    CHECK(one.images[0].size() == 8);
    CHECK(random_images(1, PixelForm::bytes, server(true), 1).images[0].size() == 2);
}

TEST_CASE("Images of another model, and bytes that a server doesn't take, are refused", "[loading]")
{
    ImageSet set;
    set.images.emplace_back(12);
    CHECK_THROWS_WITH((AskedImages{set, server(true)}), Contains("12 bytes") && Contains("1 x 1 x 2 pixels"));
    const auto bytes = random_images(1, PixelForm::bytes, server(true), 1);
    CHECK_THROWS_WITH((AskedImages{bytes, server(false)}), Contains("takes no bytes"));
    CHECK_THROWS_AS((AskedImages{bytes, server(false)}), SpecError);
}
