#include "experiments/lookup/idle_options.hpp"

#include <algorithm>
#include <filesystem>

#include "common/error/error.hpp"

namespace fedgram::experiments {

namespace {

bool has_any(const run::RunRecord& run, run::TrainingKind kind)
{
    return std::ranges::any_of(run.trainings, [&](const auto& training) { return training.outcome.kind == kind; });
}

bool is_of_file(const carbon::GridIntensity& grid, const std::string& file)
{
    return grid.source.ends_with(", in " + std::filesystem::path{file}.filename().string());
}

bool uses_file(const carbon::Accounting& assumptions, const std::string& file)
{
    return std::ranges::any_of(assumptions.countries, [&](const auto& row) { return is_of_file(row, file); }) ||
           std::ranges::any_of(assumptions.node_places,
                               [&](const auto& place) { return place && is_of_file(*place, file); });
}

}  // namespace

std::vector<std::string> idle_options(const run::RunRecord& run, const carbon::Accounting& assumptions,
                                      const AssumptionOptions& options)
{
    const bool federated = has_any(run, run::TrainingKind::federated);
    const bool centralized = has_any(run, run::TrainingKind::centralized);
    const bool sends = federated || (centralized && assumptions.raw_data_upload);
    std::vector<std::string> idle;
    const auto check = [&](bool given, bool has_effect, const std::string& what) {
        if (given && !has_effect) idle.push_back(what + " leave it out");
    };
    const std::string no_federated = " changes federated trainings alone, and there is none;";
    const std::string no_centralized = " changes centralized trainings alone, and there is none;";
    check(!options.node_places.empty(), federated, "--node-places" + no_federated);
    check(!options.edge_device.empty(), federated, "--edge-device" + no_federated);
    check(!options.fleet.empty(), federated, "--fleet" + no_federated);
    check(!options.sites.empty(), centralized, "--site" + no_centralized);
    check(!options.pue.empty(), centralized, "--pue" + no_centralized);
    check(!options.datacenter_devices.empty(), centralized, "--datacenter-device" + no_centralized);
    const std::string no_reduced = " changes what requests to smaller models take, and the run has none;";
    check(!options.inference_devices.empty(), !run.reductions.empty(), "--inference-devices" + no_reduced);
    check(options.inference_rate.has_value(), !run.reductions.empty(), "--inference-rate" + no_reduced);
    check(!options.network.empty(), sends, "--network changes what is sent, and nothing is;");
    check(!options.kwh_per_gb.empty(), assumptions.network.method == carbon::NetworkMethod::kwh_per_gb && sends,
          sends ? "--kwh-per-gb has no effect while the network counts by its router: add --network kwh_per_gb, or"
                : "--kwh-per-gb changes what is sent, and nothing is;");
    check(!options.grid_file.empty(), uses_file(assumptions, options.grid_file),
          "--grid-file: no row and no node is in a country of " + options.grid_file +
              ": name one by --countries or --node-places, or");
    return idle;
}

void refuse_idle_options(std::span<const PricedRun* const> runs)
{
    for (const auto& idle : runs.front()->idle_options)
        if (std::ranges::all_of(runs, [&](const auto* run) {
                return std::ranges::find(run->idle_options, idle) != run->idle_options.end();
            }))
            throw SpecError{idle};
}

}  // namespace fedgram::experiments
