#include "client/serving/served_network.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"
#include "tests/support/served_file.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::client;
using fedgram::test::ServedIn;
using fedgram::test::TemporaryFolder;

namespace {

std::vector<std::vector<float>> random_images(std::size_t count, std::size_t pixels)
{
    std::vector<std::vector<float>> images(count, std::vector<float>(pixels));
    Stream stream{7, Purpose::probe};
    for (auto& image : images)
        for (auto& pixel : image) pixel = static_cast<float>(stream.uniform());
    return images;
}

}  // namespace

TEST_CASE("An image has the same logits, bit for bit, in whatever batch it is", "[serving]")
{
    const TemporaryFolder folder;
    for (const auto arithmetic : {ServedIn::float32, ServedIn::int8}) {
        fedgram::test::write_servable(folder / "model.fgm", fedgram::test::built_in("small-cnn"), arithmetic);
        const auto model = read_served_model(folder / "model.fgm");
        CHECK(model.arithmetic() == (arithmetic == ServedIn::int8 ? "int8" : "float32"));
        ServedNetwork network{model};
        const auto images = random_images(130, model.pixels());  // more than the engine takes at once
        std::vector<float> together(images.size() * 10);
        network.logits(std::vector<std::span<const float>>{images.begin(), images.end()}, together);
        std::vector<float> alone(10);
        for (std::size_t i = 0; i < images.size(); ++i) {
            network.logits(std::vector<std::span<const float>>{images[i]}, alone);
            CHECK(std::equal(alone.begin(), alone.end(), together.begin() + static_cast<std::ptrdiff_t>(10 * i)));
        }
    }
}

TEST_CASE("A model in int8 takes a quarter of the memory, but for its biases and scales", "[serving]")
{
    const TemporaryFolder folder;
    fedgram::test::write_servable(folder / "float.fgm", fedgram::test::built_in("mlp-32"));
    fedgram::test::write_servable(folder / "int8.fgm", fedgram::test::built_in("mlp-32"), ServedIn::int8);
    // 784 x 32 + 32 and 32 x 10 + 10 parameters; in int8 a bias of 4 bytes and a scale of 4 for each output.
    CHECK(read_served_model(folder / "float.fgm").bytes() == 4 * (784 * 32 + 32 + 32 * 10 + 10));
    CHECK(read_served_model(folder / "int8.fgm").bytes() == 784 * 32 + 32 * 10 + (4 + 4) * (32 + 10));
}

TEST_CASE("What can't be served is said in a line", "[serving]")
{
    const TemporaryFolder folder;
    CHECK_THROWS_WITH(read_served_model("model.onnx"), Catch::Contains("model.onnx is no model that can be served"));
    CHECK_THROWS_AS(read_served_model(folder / "missing.fgm"), SystemError);
    fedgram::test::write_file(folder / "alone.pt", "x");
    CHECK_THROWS_WITH(read_served_model(folder / "alone.pt"), Catch::Contains("there is no spec.json beside it"));
    fedgram::test::write_file(folder / "damaged.fgm", "FGM?");
    CHECK_THROWS_AS(read_served_model(folder / "damaged.fgm"), DataError);
}
