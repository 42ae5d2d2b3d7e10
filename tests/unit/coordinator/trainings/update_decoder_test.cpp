#include "coordinator/trainings/update_decoder.hpp"

#include <catch2/catch.hpp>
#include <cstring>

#include "common/learning/model/builtin_models.hpp"
#include "common/learning/training/node_work.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using learning::RefusalReason;
using protocol::MessageType;
using spec::Quantizer;
using spec::Sparsifier;
using Values = std::vector<float>;

namespace {

constexpr std::uint64_t seed = 7;
const Values model{1, 1, 1, 1};

spec::Federated rule(spec::Compression compression)
{
    spec::Federated rule;
    rule.compression = compression;
    return rule;
}

protocol::Frame frame_of(MessageType type, const std::vector<std::byte>& bytes)
{
    protocol::Frame frame{type, {}, Values(protocol::floats_for(bytes.size())), bytes.size()};
    if (!bytes.empty()) std::memcpy(frame.payload.data(), bytes.data(), bytes.size());
    return frame;
}

/// What a node sends of this difference in round 5, node 2.
std::vector<std::byte> message(spec::Compression compression, const Values& difference)
{
    return learning::Codec{compression, 4}.encode(difference, {seed, 5, 2});
}

learning::Refusal refused(spec::Compression compression, const protocol::Frame& frame)
{
    UpdateDecoder decoder{rule(compression), seed, 4};
    return std::get<learning::Refusal>(decoder.parameters(frame, model, 5, 2));
}

}  // namespace

TEST_CASE("Parameters are the model and the difference that was sent", "[coordinator]")
{
    const auto compression = GENERATE(spec::Compression{.quantizer = Quantizer::fp16},
                                      spec::Compression{.sparsifier = Sparsifier::random_k, .fraction = 1},
                                      spec::Compression{.sparsifier = Sparsifier::top_k, .fraction = 0.75});
    UpdateDecoder decoder{rule(compression), seed, 4};
    const auto frame = frame_of(MessageType::encoded_update, message(compression, {0.5f, -0.25f, 0, 0.125f}));
    const auto found = std::get<std::span<const float>>(decoder.parameters(frame, model, 5, 2));
    CHECK(Values(found.begin(), found.end()) == Values{1.5f, 0.75f, 1, 1.125f});
}

TEST_CASE("Uncompressed parameters are those of the frame itself", "[coordinator]")
{
    UpdateDecoder decoder{rule({}), seed, 4};
    const protocol::Frame frame{MessageType::client_update, {}, {1, 2, 3, 4}, 16};
    const auto found = std::get<std::span<const float>>(decoder.parameters(frame, model, 5, 2));
    CHECK(found.data() == frame.payload.data());
    CHECK(found.size() == 4);
}

TEST_CASE("An update of the other kind than its training's is refused", "[coordinator]")
{
    const spec::Compression sign{.quantizer = Quantizer::sign};
    const auto plain = refused(sign, {MessageType::client_update, {}, model, 16});
    CHECK(plain.reason == RefusalReason::wrong_code);
    CHECK(plain.text == "it is not compressed, and this training's updates are");
    const auto encoded = refused({}, frame_of(MessageType::encoded_update, message(sign, {1, 1, -1, 1})));
    CHECK(encoded.reason == RefusalReason::wrong_code);
    CHECK(encoded.text == "it is compressed, and this training's updates are not");
}

TEST_CASE("What a codec doesn't write is refused with its word", "[coordinator]")
{
    const spec::Compression int8{.quantizer = Quantizer::int8, .block = 2};
    auto bytes = message(int8, {0.5f, -0.25f, 1, 0.125f});
    REQUIRE(bytes.size() == 12);  // two scales, four codes
    const auto with = [&](auto change) {
        auto changed = bytes;
        change(changed);
        return refused(int8, frame_of(MessageType::encoded_update, changed));
    };
    const auto wrong = with([](auto& changed) { changed[8] = std::byte{0x80}; });  // -128
    CHECK(wrong.reason == RefusalReason::wrong_code);
    CHECK_THAT(wrong.text, Catch::StartsWith("an update by int8: "));
    const auto short_of_a_scale = with([](auto& changed) { changed.resize(8); });
    CHECK(short_of_a_scale.reason == RefusalReason::wrong_code);
    CHECK_THAT(short_of_a_scale.text, Catch::Contains("has 8 bytes; it must be 12 for 4 parameters"));
    const auto infinite = with([](auto& changed) {
        changed[2] = std::byte{0x80};
        changed[3] = std::byte{0x7f};
    });
    CHECK(infinite.reason == RefusalReason::wrong_code);

    // A map of two of four parameters where one is kept.
    const spec::Compression top{.sparsifier = Sparsifier::top_k, .fraction = 0.25};
    const auto two_kept =
        refused(top, frame_of(MessageType::encoded_update, {std::byte{1}, std::byte{0b0101}, {}, {}, {}, {}}));
    CHECK(two_kept.reason == RefusalReason::wrong_code);
}

TEST_CASE("An empty message is of a training that gave no finite value", "[coordinator]")
{
    const auto refusal =
        refused({.quantizer = Quantizer::int8}, protocol::Frame{MessageType::encoded_update, {}, {}, 0});
    CHECK(refusal.reason == RefusalReason::not_finite);
}

TEST_CASE("The largest encoded update is that of all trainings", "[coordinator]")
{
    const auto model_of_25450 =
        learning::build_model({.name = "mlp-32", .layers = {}, .torchscript = {}}, learning::Shape{});
    spec::Experiment experiment;
    experiment.trainings = {{"plain", rule({})}, {"central", spec::Centralized{}}};
    CHECK(largest_encoded_update(experiment, model_of_25450) == 0);
    experiment.trainings.push_back({"sign", rule({.quantizer = Quantizer::sign})});
    experiment.trainings.push_back({"half", rule({.quantizer = Quantizer::bf16})});
    experiment.trainings.push_back({"int8", rule({.quantizer = Quantizer::int8})});
    CHECK(largest_encoded_update(experiment, model_of_25450) == 2 * 25'450);
    experiment.trainings.push_back({"pruned", rule({})});
    std::get<spec::Federated>(experiment.trainings.back().kind).pruning.emplace();
    CHECK(largest_encoded_update(experiment, model_of_25450) == 4 * 25'450);
}
