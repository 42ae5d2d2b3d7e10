#include "common/run/inputs.hpp"

#include <span>

#include <nlohmann/json.hpp>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/files/sha256.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/format_version.hpp"
#include "common/run/json_file.hpp"
#include "common/run/summary.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::run {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t newest_format = 1;

Json to_json(const Inputs& inputs)
{
    Json json{{"format", newest_format}, {"dataset", inputs.dataset}, {"data_sha256", inputs.data_sha256}};
    if (!inputs.facts.empty()) json["data"] = Json::parse(inputs.facts);
    if (inputs.model_file) json["model_file"] = *inputs.model_file;
    if (inputs.model_sha256) json["model_sha256"] = *inputs.model_sha256;
    return json;
}

Inputs parse(const Json& json, const std::string& where)
{
    spec::StrictObject object{json, where};
    check_format(object, "format", newest_format);
    Inputs inputs{object.text("dataset"), object.text("data_sha256")};
    if (const auto* facts = object.find("data")) inputs.facts = facts->dump();
    object.read("model_file", inputs.model_file);
    object.read("model_sha256", inputs.model_sha256);
    object.finish();
    return inputs;
}

/// What the run began with; nothing where no file says it yet.
std::optional<Inputs> known(const std::filesystem::path& folder)
{
    const auto path = folder / "inputs.json";
    if (std::filesystem::exists(path)) return of_file([&] { return parse(read_json_file(path), path.string()); });
    const auto summary = std::filesystem::exists(folder / "summary.json") ? find_summary(folder) : std::nullopt;
    if (!summary || summary->data_sha256.empty()) return std::nullopt;
    return Inputs{summary->dataset, summary->data_sha256};
}

std::string begin_of(const std::string& digest)
{
    constexpr std::size_t shown = 12;
    return digest.substr(0, shown) + "…";
}

}  // namespace

Inputs inputs_of(const std::string& dataset, const std::string& data_sha256, const spec::ModelSpec& model,
                 const std::string& facts)
{
    Inputs inputs{dataset, data_sha256, facts};
    const auto& path = model.torchscript.empty() ? model.start : model.torchscript;  // never both
    if (path.empty()) return inputs;
    inputs.model_file = path;
    const auto file = with_context(model.start.empty() ? "model.torchscript" : "model.start", [&] {
        if (std::filesystem::exists(path) && !std::filesystem::is_regular_file(path))
            throw SystemError{path + " is no file; give that of a model"};
        return files::read_file(path);
    });
    inputs.model_sha256 = files::sha256(std::as_bytes(std::span<const char>{file}));
    return inputs;
}

void pin_inputs(const std::filesystem::path& folder, const Inputs& inputs)
{
    const auto began = known(folder);
    if (began && began->data_sha256 != inputs.data_sha256)
        throw DataError{folder.string() + ": the run began on data (" + began->dataset + ") with the digest " +
                        begin_of(began->data_sha256) + "; what is given has " + begin_of(inputs.data_sha256) +
                        ": give the same data, with --data-dir where it lay elsewhere, or begin a new run"};
    if (began && began->model_sha256 && inputs.model_sha256 && began->model_sha256 != inputs.model_sha256)
        throw DataError{*inputs.model_file + ": the run in " + folder.string() + " began with a file of the digest " +
                        begin_of(*began->model_sha256) + "; now it has " + begin_of(*inputs.model_sha256) +
                        ": put the file back, or begin a new run"};
    const auto path = folder / "inputs.json";
    if (!std::filesystem::exists(path)) files::write_file(path, to_json(inputs).dump(2) + "\n");
}

}  // namespace fedgram::run
