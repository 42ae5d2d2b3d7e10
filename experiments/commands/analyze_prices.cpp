#include "experiments/commands/analyze_prices.hpp"

#include <filesystem>

#include <nlohmann/json.hpp>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/carbon/assumptions/network_energy.hpp"
#include "common/run/spec_file.hpp"
#include "common/text/number_text.hpp"
#include "experiments/commands/request_options.hpp"
#include "experiments/lookup/priced_run.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

// A run's own, resolved.
carbon::Accounting assumptions_of(const AnalyzeOptions& options)
{
    const auto own =
        is_run(options) ? carbon::parse_accounting(*run::read_spec_file(options.subject).accounting, carbon::no_names())
                        : read_accounting(Json::object());
    return assumed(own, {.network = options.network, .kwh_per_gb = options.kwh_per_gb});
}

/// Of the joules for 1,000 answers, which are in the figure's proportion.
std::optional<text::Band> band_of(Joules each, const energy::Figure& figure)
{
    if (!(figure.low || figure.high) || figure.value == 0) return std::nullopt;
    const double of_one = 1000 * each.count() / figure.value;
    return text::Band{of_one * figure.low.value_or(figure.value), of_one * figure.high.value_or(figure.value)};
}

std::optional<ClientNetwork> network_of(const AnalyzeOptions& options, const carbon::Accounting& assumptions)
{
    const auto& network = assumptions.network;
    refuse_idle_kwh_per_gb(options.kwh_per_gb, network);
    const auto request = request_of(options.request_bytes, options.answer_bytes);
    if (!request) return std::nullopt;
    const auto& link = assumptions.link;
    const auto& figure = network.figure();
    const bool is_by_link = network.method == carbon::NetworkMethod::router;
    const auto each = carbon::network_energy(request->answered, request->sent, link, network, network.method);
    return ClientNetwork{each,
                         std::to_string(request->sent) + " bytes sent, " + std::to_string(request->answered) +
                             " answered, " + std::string{network.figure_key()} + " " + text::shortest(figure.value) +
                             (is_by_link ? " at " + text::shortest(link.download_mbit_s) + " Mbit/s down and " +
                                               text::shortest(link.upload_mbit_s) + " up"
                                         : std::string{}) +
                             ": " + figure.source,
                         band_of(each, figure)};
}

}  // namespace

bool is_run(const AnalyzeOptions& options) { return std::filesystem::is_directory(options.subject); }

ServingPrices prices_of(const AnalyzeOptions& options)
{
    const auto assumptions = assumptions_of(options);
    ServingPrices prices{.pue = options.pue ? carbon::Pue{*options.pue}.ratio() : assumptions.pue.front().ratio(),
                         .grid = {},
                         .usd_per_kwh = assumptions.energy_usd_per_kwh,
                         .network = network_of(options, assumptions)};
    const auto set_place = [&](const carbon::GridIntensity& grid) {
        prices.grid = grid.intensity;
        prices.place = ServingPlace{grid.iso3, carbon::source_text(grid) + ", " + std::to_string(grid.year),
                                    !options.country.empty()};
    };
    if (!options.country.empty())
        set_place(grid_table().find(options.country));
    else if (is_run(options))
        set_place(assumptions.countries.front());
    return prices;
}

}  // namespace fedgram::experiments
