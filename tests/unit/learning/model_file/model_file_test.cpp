#include "common/learning/model_file/model_file.hpp"

#include <filesystem>
#include <string>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse_model.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using Catch::Matchers::StartsWith;
using fedgram::test::TemporaryFolder;

namespace {

ModelFile tiny()
{
    return {.model = {.name = "tiny", .layers = {spec::Flatten{}, spec::Linear{.features = 2}}, .torchscript = {}},
            .shape = {.channels = 1, .height = 1, .width = 2, .classes = 2},
            .notes = {{"seed", 3}},
            .tensors = {{"fc1.weight", "dense", {2, 2}, {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}}},
                        {"fc1.bias", "int8", {2}, {}}}};
}

/// Numbers from the lowest byte up.
std::string number(std::uint64_t value, int bytes)
{
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i & 0xff);
    return text;
}

/// README.md, byte by byte; the checksums are from another implementation of CRC-32.
std::string tiny_bytes()
{
    return "FDGMODL1" + number(2, 4) + number(161, 4) +
           R"({"model":{"name":"tiny","layers":[{"kind":"flatten"},{"kind":"linear","features":2}]},)"
           R"("shape":{"channels":1,"height":1,"width":2,"classes":2},"notes":{"seed":3}})" +
           number(0x13f07944, 4) +  //
           number(10, 2) + "fc1.weight" + number(5, 1) + "dense" + number(2, 1) + number(2, 4) + number(2, 4) +
           number(4, 8) + "\1\2\3\4" + number(0x86004f8a, 4) +  //
           number(8, 2) + "fc1.bias" + number(4, 1) + "int8" + number(1, 1) + number(2, 4) + number(0, 8) +
           number(0x29af84df, 4);
}

std::string error_of(const std::string& bytes)
{
    try {
        static_cast<void>(decode_model_file(bytes, "x.model"));
    } catch (const DataError& error) {
        return error.what();
    }
    return "no error";
}

std::string changed(std::string bytes, std::size_t place, char value)
{
    bytes[place] = value;
    return bytes;
}

constexpr std::size_t header_at = 16;
constexpr std::size_t tensors_at = header_at + 161 + 4;

}  // namespace

TEST_CASE("a model file is the bytes that its page says", "[model_file]")
{
    CHECK(encode(tiny()) == tiny_bytes());
    const auto read = decode_model_file(tiny_bytes(), "x.model");
    CHECK(read.model.name == "tiny");
    REQUIRE(read.model.layers.size() == 2);
    CHECK(std::get<spec::Linear>(read.model.layers[1]).features == 2);
    CHECK(read.shape.width == 2);
    CHECK(read.shape.classes == 2);
    CHECK(read.notes == tiny().notes);
    CHECK(read.tensors == tiny().tensors);
    CHECK(encode(read) == tiny_bytes());
}

TEST_CASE("a model is built from its file", "[model_file]")
{
    const auto read = decode_model_file(tiny_bytes(), "x.model");
    const auto model = build_model(read.model, read.shape);
    REQUIRE(model.parameters.slots.size() == 2);
    CHECK(model.parameters.slots[0].name == read.tensors[0].name);
    CHECK(model.parameters.size == 6);
}

TEST_CASE("each kind of layer, and muP's bases, read back", "[model_file]")
{
    ModelFile file{
        .model = {.name = "all",
                  .layers = {spec::Conv2d{.channels = 8, .kernel = 3, .padding = 1, .base_channels = 4}, spec::Relu{},
                             spec::MaxPool2d{.kernel = 2, .stride = 2}, spec::Tanh{},
                             spec::AvgPool2d{.kernel = 2, .stride = 1}, spec::Flatten{}, spec::Linear{.features = 10}},
                  .torchscript = {},
                  .parametrization = spec::Parametrization::mup},
        .shape = {},
        .notes = {{"lever", {{"kind", "prune"}, {"share", 0.9}}}, {"accuracy", nullptr}},
        .tensors = {}};
    const auto read = decode_model_file(encode(file), "x.model");
    CHECK(to_json(read.model) == to_json(file.model));
    CHECK(read.notes == file.notes);
}

TEST_CASE("what a table says of a model is what the file takes", "[model_file]")
{
    const TemporaryFolder folder;
    const auto path = folder / "tiny.model";
    auto file = tiny();
    write_model_file(path, file);
    CHECK(std::filesystem::file_size(path) == file_bytes(file));
    CHECK(encode(read_model_file(path)) == encode(file));

    // It takes the place of the one before, and nothing else is left.
    file.tensors.push_back({"more", "shared-huffman", {}, std::vector<std::byte>(100'000, std::byte{7})});
    write_model_file(path, file);
    CHECK(std::filesystem::file_size(path) == file_bytes(file));
    // By hand: 2 + 4, 1 + 14, 1, 8, 4 beside the bytes.
    CHECK(file_bytes(file) == file_bytes(tiny()) + 34 + 100'000);
    CHECK(read_model_file(path).tensors == file.tensors);
    CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 1);
}

TEST_CASE("a file that is cut off, goes on or has any byte changed is refused", "[model_file]")
{
    const auto good = tiny_bytes();
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const auto bit : {1, 0x10, 0x80, 0xff})
            CHECK_THROWS_AS(decode_model_file(changed(good, i, static_cast<char>(good[i] ^ bit)), "x.model"),
                            DataError);
        CHECK_THROWS_AS(decode_model_file(good.substr(0, i), "x.model"), DataError);
    }
    CHECK_THROWS_AS(decode_model_file(good + "x", "x.model"), DataError);
}

TEST_CASE("what is wrong with a file is said in a line that names it", "[model_file]")
{
    const auto good = tiny_bytes();
    CHECK(error_of("") == "x.model is cut off or damaged: its beginning needs 7 bytes more, and 0 are left");
    CHECK(error_of("PK\3\4 something else") == "x.model is no model file");
    CHECK(error_of(changed(good, 7, 'a')) == "x.model is no model file");
    CHECK(error_of(changed(good, 7, '2')) ==
          "x.model has the format 2, newer than 1, the newest that this Fedgram reads; use the version that wrote it, "
          "or a later one");
    CHECK(error_of(changed(good, 15, 1)) ==
          "x.model is cut off or damaged: its header needs 16777377 bytes more, and " +
              std::to_string(good.size() - header_at) + " are left");
    CHECK(error_of(changed(good, header_at + 20, 'T')) == "x.model is damaged: the checksum of its header is another");
    CHECK(error_of(changed(good, 8, 3)) == "x.model is damaged: the checksum of its header is another");
    CHECK(error_of(changed(good, good.size() - 9, 1)) ==
          "x.model is cut off or damaged: its tensor 2 needs 16777216 bytes more, and 4 are left");
    CHECK(error_of(changed(good, tensors_at + 4, 'x')) ==
          "x.model is damaged: the checksum of its tensor 1 is another");
    CHECK(error_of(good.substr(0, good.size() - 1)) ==
          "x.model is cut off or damaged: its tensor 2 needs 4 bytes more, and 3 are left");
    CHECK(error_of(good + "ab") == "x.model is damaged: 2 bytes stand behind its last tensor");
}

TEST_CASE("a header that isn't a model's is refused, though its checksum is right", "[model_file]")
{
    // Each with its checksum, from another implementation.
    const auto file = [](const std::string& header, std::uint32_t checksum) {
        return "FDGMODL1" + number(0, 4) + number(header.size(), 4) + header + number(checksum, 4);
    };
    CHECK(error_of(file("nothing", 0xac02d2a6)) ==
          "x.model is damaged: header:1:2: syntax error while parsing value - invalid literal; last read: 'no'");
    CHECK(error_of(file("[]", 0xaf1f9827)) == "x.model is damaged: header: [] is not valid; use an object");
    CHECK(error_of(file(R"({"model":"mlp","shape":{"channels":1,"height":28,"width":28},"notes":{}})", 0x6969547a)) ==
          "x.model is damaged: header.shape.classes: missing; add it");
    const auto layers = error_of(file(R"({"model":{"layers":[{"kind":"wavelet"},{"kind":"none"}]}})", 0xc1fc8a74));
    CHECK_THAT(layers, StartsWith(R"(x.model is damaged: header.model.layers[0].kind: "wavelet" is not valid; use )"));
    CHECK(layers.find('\n') == std::string::npos);
}

TEST_CASE("a folder that isn't there, and a name that is too long, are refused", "[model_file]")
{
    CHECK_THROWS_AS(read_model_file("/nowhere/tiny.model"), SystemError);
    CHECK_THROWS_AS(write_model_file("/nowhere/tiny.model", tiny()), SystemError);
    auto file = tiny();
    file.tensors[0].encoding.resize(256, 'x');
    CHECK_THROWS_WITH(write_model_file("/nowhere/tiny.model", file),
                      "/nowhere/tiny.model: tensor fc1.weight: its encoding's name is of 256, more than the 255 that a "
                      "model file holds");
}
