#include "common/run/older_folder.hpp"

#include <algorithm>
#include <variant>

#include <nlohmann/json.hpp>

#include "common/energy/devices/device_profile.hpp"
#include "common/files/files.hpp"
#include "common/run/spec_file.hpp"
#include "datasets/records/records.hpp"

namespace fedgram::run {

using Json = nlohmann::ordered_json;

namespace {

void renew(Json& device, std::vector<std::string>& renewed)
{
    if (!energy::is_older_form(device) || !device.contains("id") || !device["id"].is_string()) return;
    const auto id = device["id"].get<std::string>();
    const auto name = "devices/" + id + ".json";
    const auto known = datasets::record_names("devices/");
    if (std::ranges::find(known, name) == known.end()) return;
    device = Json::parse(datasets::record(name));
    renewed.push_back(id);
}

}  // namespace

Json with_renewed_devices(Json accounting, std::vector<std::string>& renewed)
{
    if (!accounting.is_object()) return accounting;
    if (const auto devices = accounting.find("datacenter_devices"); devices != accounting.end() && devices->is_array())
        for (auto& device : *devices) renew(device, renewed);
    if (const auto device = accounting.find("edge_device"); device != accounting.end()) renew(*device, renewed);
    return accounting;
}

UncountedKernels::UncountedKernels(const std::filesystem::path& folder)
    : experiment_{parse_spec_text(files::read_file(folder / "spec.json"), (folder / "spec.json").string())},
      model_{learning::kernels_of(experiment_.model.layers)}
{
    for (const auto& training : experiment_.trainings)
        std::visit(
            [&](const auto& kind) { of_a_step_[training.label] = learning::step_kernels(model_, kind.optimizer); },
            training.kind);
}

std::uint64_t UncountedKernels::of(const LedgerLine& line) const
{
    const auto steps = line.work.steps;
    if (line.phase == energy::Phase::aggregate) return steps;  // each update is added in one pass
    if (!known()) return 0;
    if (line.phase == energy::Phase::evaluate) return steps * learning::evaluation_kernels(model_);
    const auto of_a_step = of_a_step_.find(line.training);
    return of_a_step == of_a_step_.end() ? 0 : steps * of_a_step->second;
}

}  // namespace fedgram::run
