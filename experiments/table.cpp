#include "experiments/table.hpp"

#include <iostream>

#include <nlohmann/json.hpp>

#include "common/carbon/render.hpp"
#include "common/carbon/run_record.hpp"
#include "common/carbon/table.hpp"
#include "experiments/record_lookup.hpp"

namespace fedgram::experiments {

namespace {

carbon::Accounting accounting(const carbon::Accounting& of_run, const TableOptions& options)
{
    auto section = carbon::to_json(of_run);
    if (!options.countries.empty()) section["countries"] = options.countries;
    if (!options.pue.empty()) section["pue"] = options.pue;
    if (!options.datacenter_devices.empty()) section["datacenter_devices"] = options.datacenter_devices;
    if (!options.edge_device.empty()) section["edge_device"] = options.edge_device;
    if (!options.network.empty()) section["network"]["method"] = options.network;
    return carbon::parse_accounting(resolved_accounting(section));
}

}  // namespace

int table(const TableOptions& options)
{
    const auto format = carbon::parse_format(options.format);
    const auto run = carbon::read_run(options.run);
    const auto assumptions = accounting(run.accounting, options);
    std::optional<carbon::PublishedTable> published;
    if (assumptions.published) published = published_table(*assumptions.published);
    std::cout << carbon::render(carbon::build_table(run, assumptions, published), format, carbon::footnotes(run));
    return 0;
}

}  // namespace fedgram::experiments
