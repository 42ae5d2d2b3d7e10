#include "common/store/training_key.hpp"

#include <algorithm>
#include <filesystem>
#include <span>

#include <nlohmann/json.hpp>

#include "common/files/files.hpp"
#include "common/files/sha256.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/virtual_rules.hpp"

namespace fedgram::store {

using Json = nlohmann::ordered_json;

namespace {

/// Whether the time that nodes take, and their hours, decide what is trained.
bool decides(const Json& training)
{
    if (spec::has_virtual_rules(training)) return true;
    if (!training.contains("fleet")) return false;
    return std::ranges::any_of(training.at("fleet"), [](const Json& group) {
        return group.contains("availability") && group.at("availability") != "always";
    });
}

}  // namespace

std::string programs_digest()
{
    const auto program = std::filesystem::read_symlink("/proc/self/exe");
    const auto beside = program.parent_path();
    std::string bytes = files::read_file(program);
    for (const auto& file :
         {beside / "fedgram-client", beside.parent_path() / "lib/fedgram/libfedgram_torch_engine.so"})
        bytes += files::try_read_file(file).value_or("");
    return files::sha256(std::as_bytes(std::span{bytes}));
}

std::string training_key(const spec::Experiment& experiment, std::size_t training, const Surroundings& surroundings)
{
    auto spec = spec::to_json(experiment);
    auto own = spec.at("trainings").at(training);
    own.erase("label");
    own.erase("presum");  // the sums are exact, whoever adds them up
    const bool is_scheduled = decides(own);
    if (!is_scheduled) own.erase("fleet");  // it prices what was done, and decides nothing
    const auto& engine = surroundings.engine;
    Json key{{"format", 1},
             {"programs", surroundings.programs},
             {"engine", {engine.name, engine.version, engine.blas, engine.cpu}},
             {"data_sha256", surroundings.data_sha256},
             {"model_sha256", surroundings.model_sha256 ? Json(*surroundings.model_sha256) : Json(nullptr)},
             {"training", std::move(own)}};
    for (const char* part : {"seed", "engine", "target_accuracy", "stop", "data", "model"})
        key["spec"][part] = spec.contains(part) ? spec.at(part) : Json(nullptr);
    // Its digest says more than where it lies.
    if (auto& model = key["spec"]["model"]; model.is_object()) model.erase("start");
    key["spec"]["data"].erase("measure_test");  // what is looked at afterwards decides nothing
    if (is_scheduled)
        for (const char* part : {"edge_device", "link", "execution"})
            key["accounting"][part] = spec.at("accounting").at(part);
    return key.dump();
}

}  // namespace fedgram::store
