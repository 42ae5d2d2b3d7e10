#include "client/serving/request_image.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>

#include <catch2/catch.hpp>

#include "tests/support/served_file.hpp"

using namespace fedgram;
using namespace fedgram::client;
using Reason = wire::InferenceRefusal;

namespace {

const spec::ModelSpec tiny{.name = "tiny", .layers = {spec::Flatten{}, spec::Linear{2}}};
const learning::Shape tiny_shape{.channels = 2, .height = 1, .width = 2, .classes = 2};

ServedModel tiny_model(std::optional<spec::Normalization> normalization = {})
{
    return {.model = learning::build_model(tiny, tiny_shape), .normalization = std::move(normalization)};
}

protocol::Frame frame_of(std::vector<float> payload, std::uint64_t bytes)
{
    return {protocol::MessageType::inference_request, {}, std::move(payload), bytes};
}

protocol::Frame frame_of_bytes(const std::vector<std::uint8_t>& bytes)
{
    std::vector<float> payload(protocol::floats_for(bytes.size()));
    std::memcpy(payload.data(), bytes.data(), bytes.size());
    return frame_of(std::move(payload), bytes.size());
}

}  // namespace

TEST_CASE("An image in float32 is taken as it is", "[serving]")
{
    const RequestImages images{tiny_model()};
    const auto pool = std::make_shared<protocol::PayloadPool>();
    CHECK(images.most_bytes() == 16);
    const auto image = images.image(frame_of({0.5F, -1, 2, 0}, 16), *pool);
    CHECK(std::get<std::vector<float>>(image) == std::vector<float>{0.5F, -1, 2, 0});
}

TEST_CASE("Bytes become pixels as the training's did, channel by channel", "[serving]")
{
    const RequestImages images{tiny_model(spec::Normalization{{0, 0.5}, {1, 0.25}})};
    const auto pool = std::make_shared<protocol::PayloadPool>();
    CHECK(images.takes_bytes());
    // By hand: 0 and 255 in the first channel are 0 and 1, in the second (0 - 0.5) / 0.25 and (1 - 0.5) / 0.25.
    const auto image = images.image(frame_of_bytes({0, 255, 0, 255}), *pool);
    CHECK(std::get<std::vector<float>>(image) == std::vector<float>{0, 1, -2, 2});
}

TEST_CASE("A payload that is no image is refused, and why is said", "[serving]")
{
    const auto pool = std::make_shared<protocol::PayloadPool>();
    const RequestImages known{tiny_model(spec::Normalization{})};
    const RequestImages unknown{tiny_model()};
    CHECK_FALSE(unknown.takes_bytes());
    const auto reason = [&](const RequestImages& images, protocol::Frame frame) {
        return std::get<Reason::Reason>(images.image(std::move(frame), *pool));
    };
    for (const std::uint64_t bytes : {0, 1, 3, 5, 8, 12, 15})
        CHECK(reason(known, frame_of(std::vector<float>(protocol::floats_for(bytes)), bytes)) == Reason::BAD_SIZE);
    CHECK(reason(unknown, frame_of_bytes({1, 2, 3, 4})) == Reason::BAD_SIZE);
    for (const float pixel : {std::numeric_limits<float>::infinity(), std::nanf("")})
        CHECK(reason(known, frame_of({0, 0, pixel, 0}, 16)) == Reason::NOT_FINITE);
}
