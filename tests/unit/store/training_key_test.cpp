#include "common/store/training_key.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <span>

#include <nlohmann/json.hpp>

#include "common/files/files.hpp"
#include "common/files/sha256.hpp"
#include "common/spec/parse.hpp"

using namespace fedgram;
using Json = nlohmann::ordered_json;

namespace {

Json spec_json()
{
    return Json::parse(R"({
      "name": "one", "seed": 3, "target_accuracy": 0.8,
      "data": {"dataset": "fashion-mnist", "train_samples": 600},
      "model": "mlp-32",
      "centralized": {"learning_rate": 0.05, "max_epochs": 2},
      "federated": {"nodes": 5, "learning_rate": 0.05, "max_rounds": 3},
      "trainings": [{"label": "central", "kind": "centralized"}, {"label": "iid", "kind": "federated"}]
    })");
}

const store::Surroundings here{"data", std::nullopt, {"native", "1", "none", "avx2"}, "programs"};

std::string key(const Json& spec, std::size_t training = 1, const store::Surroundings& surroundings = here)
{
    return store::training_key(spec::parse_experiment(spec), training, surroundings);
}

Json with(const char* pointer, const Json& value)
{
    auto spec = spec_json();
    spec[Json::json_pointer{pointer}] = value;
    return spec;
}

}  // namespace

TEST_CASE("Trainings that come out the same have one key, whatever they are called and wherever they are priced",
          "[store]")
{
    const auto same = key(spec_json());
    CHECK(key(with("/name", "other")) == same);
    CHECK(key(with("/trainings/1/label", "other")) == same);
    CHECK(key(with("/centralized/max_epochs", 9)) == same);
    CHECK(key(with("/accounting", Json{{"idle", false}})) == same);
    CHECK(key(with("/trainings/1/max_rounds", 3)) == same);  // what it has from the common part
}

TEST_CASE("Each value that can decide a training is in its key", "[store]")
{
    const auto same = key(spec_json());
    for (const auto& [pointer, value] : {std::pair<const char*, Json>{"/seed", 4},
                                         {"/target_accuracy", 0.9},
                                         {"/data/train_samples", 700},
                                         {"/model", "small-cnn"},
                                         {"/federated/max_rounds", 4},
                                         {"/federated/learning_rate", 0.1},
                                         {"/federated/precision", "bf16"},
                                         {"/federated/nodes", 6},
                                         {"/stop", Json{{"evaluations_in_a_row", 2}}},
                                         {"/trainings/1/partition", Json{{"kind", "dirichlet"}, {"alpha", 0.5}}}})
        CHECK(key(with(pointer, value)) != same);
    CHECK(key(spec_json(), 0) != same);
    auto elsewhere = here;
    elsewhere.data_sha256 = "other data";
    CHECK(key(spec_json(), 1, elsewhere) != same);
    elsewhere = here;
    elsewhere.engine.cpu = "avx512";
    CHECK(key(spec_json(), 1, elsewhere) != same);
    elsewhere = here;
    elsewhere.programs = "built anew";
    CHECK(key(spec_json(), 1, elsewhere) != same);
    elsewhere = here;
    elsewhere.model_sha256 = "a model";
    CHECK(key(spec_json(), 1, elsewhere) != same);
}

TEST_CASE("Of what a training begins with the content is in its key, and not where that lies", "[store]")
{
    const auto begun = [&](const char* start, const char* digest, const char* frozen_to = "fc1") {
        auto surroundings = here;
        surroundings.model_sha256 = digest;
        return key(with("/model", Json{{"name", "mlp-32"}, {"start", start}, {"frozen_to", frozen_to}}), 1,
                   surroundings);
    };
    CHECK(begun("a.pt", "one") == begun("b.pt", "one"));
    CHECK(begun("a.pt", "one") != begun("a.pt", "other"));
    CHECK(begun("a.pt", "one") != begun("a.pt", "one", "fc2"));
}

TEST_CASE("The programs' digest is that of their files", "[store]")
{
    // No client lies beside this program; a LibTorch engine may.
    const std::filesystem::path program = "/proc/self/exe";
    const auto folder = std::filesystem::read_symlink(program).parent_path();
    const auto bytes =
        files::read_file(program) +
        files::try_read_file(folder.parent_path() / "lib/fedgram/libfedgram_torch_engine.so").value_or("");
    REQUIRE_FALSE(std::filesystem::exists(folder / "fedgram-client"));
    CHECK(store::programs_digest() == files::sha256(std::as_bytes(std::span{bytes})));
}
