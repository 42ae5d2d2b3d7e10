#include "common/spec/parse_compression.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using nlohmann::ordered_json;
using spec::Compression;
using spec::Quantizer;
using spec::Sparsifier;

namespace {

Compression compression_of(const std::string& value)
{
    const auto json = ordered_json::parse("{\"compression\": " + value + "}");
    spec::StrictObject federated{json, "federated", spec::Wording::specification};
    Compression compression{.fraction = 0.5, .quantizer = Quantizer::fp16};
    spec::read_compression(federated, "compression", compression);
    return compression;
}

std::string error_of(const std::string& value)
{
    try {
        static_cast<void>(compression_of(value));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("a compression is a word, an object or a chain of both, and takes nothing from an earlier one", "[spec]")
{
    CHECK(compression_of(R"("none")").is_none());
    CHECK(compression_of(R"({"kind": "none"})") == Compression{});
    CHECK(compression_of(R"("bf16")") == Compression{.quantizer = Quantizer::bf16});
    CHECK(compression_of(R"("int8")") == Compression{.quantizer = Quantizer::int8, .block = 256});
    CHECK(compression_of(R"({"kind": "int4", "block": 64})") == Compression{.quantizer = Quantizer::int4, .block = 64});
    CHECK(compression_of(R"({"kind": "qsgd", "levels": 4})") == Compression{.quantizer = Quantizer::qsgd, .levels = 4});
    CHECK(compression_of(R"("sign")") == Compression{.quantizer = Quantizer::sign, .error_feedback = true});
    CHECK(compression_of(R"("top-k")") ==
          Compression{.sparsifier = Sparsifier::top_k, .fraction = 0.01, .error_feedback = true});
    CHECK(compression_of(R"({"kind": "random-k", "fraction": 1, "error_feedback": false})") ==
          Compression{.sparsifier = Sparsifier::random_k, .fraction = 1});
    CHECK(compression_of(R"([{"kind": "top-k", "fraction": 0.25}, {"kind": "int8", "block": 32}])") ==
          Compression{.sparsifier = Sparsifier::top_k,
                      .fraction = 0.25,
                      .quantizer = Quantizer::int8,
                      .block = 32,
                      .error_feedback = true});
    CHECK(compression_of(R"([{"kind": "random-k", "error_feedback": false}, "sign"])") ==
          Compression{.sparsifier = Sparsifier::random_k, .quantizer = Quantizer::sign});
    CHECK(compression_of(R"(["int8"])") == compression_of(R"("int8")"));
}

TEST_CASE("each compression is written so that it reads back equal", "[spec]")
{
    const auto [value, written] = GENERATE(table<std::string, std::string>({
        {R"("none")", R"("none")"},
        {R"({"kind": "fp16"})", R"("fp16")"},
        {R"("int8")", R"({"kind":"int8","block":256})"},
        {R"({"kind": "qsgd", "levels": 32767})", R"({"kind":"qsgd","levels":32767})"},
        {R"("sign")", R"({"kind":"sign","error_feedback":true})"},
        {R"("random-k")", R"({"kind":"random-k","fraction":0.01,"error_feedback":true})"},
        {R"([{"kind": "top-k", "error_feedback": false}, "sign"])",
         R"([{"kind":"top-k","fraction":0.01,"error_feedback":false},"sign"])"},
        {R"(["top-k", "int4"])",
         R"([{"kind":"top-k","fraction":0.01,"error_feedback":true},{"kind":"int4","block":256}])"},
    }));
    CHECK(spec::to_json(compression_of(value)).dump() == written);
    CHECK(compression_of(written) == compression_of(value));
}

TEST_CASE("what is wrong in a compression is named with its path, its value and what would be valid", "[spec]")
{
    const std::string words =
        "use one of \"none\", \"fp16\", \"bf16\", \"int8\", \"int4\", \"qsgd\", \"sign\", \"top-k\", \"random-k\"";
    const std::string ways =
        "; use one sparsifier (\"top-k\", \"random-k\") and one quantizer after it (\"fp16\", \"bf16\", \"int8\", "
        "\"int4\", \"qsgd\", \"sign\"), or one of them alone";
    const auto [value, error] = GENERATE_COPY(table<std::string, std::string>({
        {R"("int3")", "federated.compression: \"int3\" is not valid; " + words},
        {"7", "federated.compression: 7 is not valid; use a word, an object {...} or a list of such"},
        {R"({"block": 3})", "federated.compression.kind: is missing"},
        {R"({"kind": "gzip"})", "federated.compression.kind: \"gzip\" is not valid; " + words},
        {R"(["top-k", "int3"])", "federated.compression[1]: \"int3\" is not valid; " + words},
        {R"(["top-k", 8])", "federated.compression[1]: 8 is not valid; use a word or an object {...}"},
        {R"({"kind": "top-k", "fraction": 0})",
         "federated.compression.fraction: 0 is not valid; use a number greater than 0 and at most 1"},
        {R"([{"kind": "random-k", "fraction": 1.5}, {"kind": "int8", "block": 0}])",
         "federated.compression[0].fraction: 1.5 is not valid; use a number greater than 0 and at most 1\n"
         "federated.compression[1].block: 0 is not valid; use a whole number from 1 to 4294967295"},
        {R"({"kind": "qsgd", "levels": 0})",
         "federated.compression.levels: 0 is not valid; use a whole number from 1 to 32767"},
        {R"({"kind": "qsgd", "levels": 32768})",
         "federated.compression.levels: 32768 is not valid; use a whole number from 1 to 32767"},
        {R"({"kind": "sign", "error_feedback": "yes"})",
         "federated.compression.error_feedback: \"yes\" is not valid; use true or false"},
        {R"({"kind": "int8", "error_feedback": true})",
         "federated.compression.error_feedback: unknown key; use one of block, kind"},
        {R"({"kind": "int8", "blok": 3})", "federated.compression.blok: unknown key; did you mean block?"},
        {R"(["top-k", {"kind": "sign", "error_feedback": true}])",
         "federated.compression[1].error_feedback: is said once for a whole chain; move it to the sparsifier before"},
        {"[]", "federated.compression: the chain has no step" + ways},
        {R"(["top-k", "int8", "fp16"])", "federated.compression: the chain has 3 steps" + ways},
        {R"(["int8", "top-k"])",
         "federated.compression: the chain begins with \"int8\", which is no sparsifier" + ways},
        {R"(["top-k", "random-k"])",
         "federated.compression: the chain ends with \"random-k\", which is no quantizer" + ways},
        {R"(["top-k", "none"])", "federated.compression: the chain ends with \"none\", which is no quantizer" + ways},
    }));
    CHECK(error_of(value) == error);
}

TEST_CASE("a sparsifier keeps the nearest number of parameters to its share, one at least", "[spec]")
{
    CHECK(spec::kept_parameters(0.01, 582026) == 5820);
    CHECK(spec::kept_parameters(0.5, 5) == 3);
    CHECK(spec::kept_parameters(1e-9, 10) == 1);
    CHECK(spec::kept_parameters(1, 4294967295) == 4294967295);
}

TEST_CASE("a compression is named by its words", "[spec]")
{
    CHECK(spec::name({}) == "none");
    CHECK(spec::name({.quantizer = Quantizer::qsgd}) == "qsgd");
    CHECK(spec::name({.sparsifier = Sparsifier::random_k}) == "random-k");
    CHECK(spec::name({.sparsifier = Sparsifier::top_k, .quantizer = Quantizer::int8}) == "top-k + int8");
}
