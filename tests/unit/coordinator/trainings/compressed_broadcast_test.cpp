#include "coordinator/trainings/compressed_broadcast.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <vector>

using namespace fedgram;
using namespace fedgram::coordinator;

namespace {

constexpr std::size_t parameters = 1000;
constexpr std::uint64_t model_bytes = 4 * parameters;
constexpr std::uint64_t message_bytes = 4 + 1000;  // one scale, and a code for each

spec::Compression int8() { return {.quantizer = spec::Quantizer::int8, .block = parameters}; }

CompressedBroadcast::Model model_of(float value)
{
    std::vector<float> values(parameters, value);
    for (std::size_t i = 0; i < parameters; ++i) values[i] += 1e-3F * static_cast<float>(i);
    return std::make_shared<const std::vector<float>>(std::move(values));
}

std::uint64_t down(const CompressedBroadcast& broadcast, std::uint32_t node)
{
    return broadcast.with_download({node, {}, model_bytes, 0}).bytes_down;
}

}  // namespace

TEST_CASE("A node takes down the model at first, then what it has missed, or the model where that is less",
          "[coordinator]")
{
    CompressedBroadcast broadcast{int8(), 1, 3, parameters};
    const auto first = model_of(0);
    CHECK(*broadcast.begin(1, first) == *first);
    CHECK(down(broadcast, 0) == model_bytes);
    CHECK(broadcast.work().flops == 0);
    auto global = std::make_shared<const std::vector<float>>(broadcast.ended(std::vector{0U}, *model_of(0.5F)));
    // What a round cost is asked behind it.
    CHECK(down(broadcast, 0) == model_bytes);

    const auto second = broadcast.begin(2, global);
    CHECK(*second != *global);
    for (std::size_t i = 0; i < parameters; ++i) CHECK((*second)[i] == Approx((*global)[i]).margin(0.5 / 127 + 1e-6));
    CHECK(down(broadcast, 0) == message_bytes);
    CHECK(down(broadcast, 1) == model_bytes);
    CHECK(broadcast.with_download({0, {}, model_bytes, 0}).train.flops > 0);
    CHECK(broadcast.work().flops > 0);
    // Begun again, a round is the same.
    CHECK(broadcast.begin(2, global) == second);
    global = std::make_shared<const std::vector<float>>(broadcast.ended(std::vector{1U}, *model_of(0.75F)));

    static_cast<void>(broadcast.begin(3, global));
    CHECK(down(broadcast, 0) == 2 * message_bytes);
    CHECK(down(broadcast, 1) == message_bytes);
    for (std::uint32_t round = 4; round < 7; ++round) {
        global = std::make_shared<const std::vector<float>>(broadcast.ended({}, *global));
        static_cast<void>(broadcast.begin(round, global));
    }
    CHECK(down(broadcast, 0) == model_bytes);
    CHECK(down(broadcast, 1) == model_bytes);
}

TEST_CASE("With error feedback the global model keeps what a message has left out", "[coordinator]")
{
    const spec::Compression top{.sparsifier = spec::Sparsifier::top_k, .fraction = 0.1, .error_feedback = true};
    CompressedBroadcast broadcast{top, 1, 1, parameters};
    auto global = model_of(0);
    static_cast<void>(broadcast.begin(1, global));
    global = std::make_shared<const std::vector<float>>(broadcast.ended(std::vector{0U}, *model_of(1)));
    // Nothing moves from here on, and each round sends a tenth of the way.
    for (std::uint32_t round = 2; round < 12; ++round) {
        const auto nodes_model = broadcast.begin(round, global);
        global = std::make_shared<const std::vector<float>>(broadcast.ended(std::vector{0U}, *nodes_model));
    }
    CHECK(*broadcast.begin(12, global) == *model_of(1));
}

TEST_CASE("A compressed broadcast goes on from a checkpoint, bit for bit", "[coordinator]")
{
    CompressedBroadcast whole{int8(), 1, 2, parameters};
    static_cast<void>(whole.begin(1, model_of(0)));
    const auto global = std::make_shared<const std::vector<float>>(whole.ended(std::vector{1U}, *model_of(0.5F)));
    learning::StateWriter writer;
    whole.write(writer);
    const auto bytes = writer.take();
    CompressedBroadcast resumed{int8(), 1, 2, parameters};
    learning::StateReader reader{bytes};
    resumed.read(reader);
    CHECK(*resumed.begin(2, global) == *whole.begin(2, global));
    CHECK(down(resumed, 1) == message_bytes);
    CHECK(down(resumed, 0) == model_bytes);
}
