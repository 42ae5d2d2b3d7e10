#include "experiments/priced_run.hpp"

#include <charconv>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "experiments/record_lookup.hpp"

namespace fedgram::experiments {

namespace {

nlohmann::ordered_json number_or_text(const std::string& text)
{
    double number = 0;
    const auto end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc{} && stop == end) return number;
    return text;
}

carbon::Accounting accounting(const carbon::Accounting& of_run, const AssumptionOptions& options)
{
    auto section = carbon::to_json(of_run);
    if (!options.countries.empty()) section["countries"] = options.countries;
    if (!options.pue.empty()) section["pue"] = options.pue;
    if (!options.datacenter_devices.empty()) section["datacenter_devices"] = options.datacenter_devices;
    if (!options.edge_device.empty()) section["edge_device"] = options.edge_device;
    if (!options.network.empty()) section["network"]["method"] = options.network;
    if (!options.kwh_per_gb.empty()) section["network"]["kwh_per_gb"] = number_or_text(options.kwh_per_gb);
    return carbon::parse_accounting(resolved_accounting(section));
}

}  // namespace

PricedRun priced_run(const std::filesystem::path& folder, const AssumptionOptions& options)
{
    auto run = carbon::read_run(folder);
    const auto assumptions = accounting(run.accounting, options);
    std::optional<carbon::PublishedTable> published;
    if (assumptions.published) published = published_table(*assumptions.published);
    auto table = carbon::build_table(run, assumptions, published);
    return {std::move(run), std::move(table)};
}

}  // namespace fedgram::experiments
