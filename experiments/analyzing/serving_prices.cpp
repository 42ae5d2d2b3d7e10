#include "experiments/analyzing/serving_prices.hpp"

#include <array>

#include "common/text/number_text.hpp"
#include "experiments/analyzing/answer_text.hpp"

namespace fedgram::experiments {

namespace {

constexpr double answers = 1000;
constexpr double seconds_per_hour = 3600;

}  // namespace

std::string_view name(UsdBasis basis)
{
    constexpr std::array<std::string_view, 3> words{"rent", "electricity", ""};
    return words[static_cast<std::size_t>(basis)];
}

std::string assumptions_note(const ServingPrices& prices, std::optional<double> stated_per_s)
{
    std::string note;
    if (prices.grid && prices.place)
        note = "Grams: " + prices.place->country + " at " + text::shortest(prices.grid->count()) + " gCO2e/kWh (" +
               prices.place->source + ")" +
               (prices.place->is_stated ? "" : ", the run's first country, as no --country says another") + ". ";
    note += "PUE " + text::shortest(prices.pue) + ".";
    if (stated_per_s) note += " --rate " + text::shortest(*stated_per_s) + ".";
    return note + " fedgram " + FEDGRAM_VERSION + ".";
}

std::string network_note(const ClientNetwork& network)
{
    return "Network to the clients: " + banded_text(network.each.count() * answers, network.band) +
           " J for 1000 answers (" + network.words +
           "), beside J/1000 and g/1000; constraints and objectives of joules and grams have both. USD are the "
           "server's alone.";
}

analysis::Costs costs_of(const ServingPrices& prices, double per_second, std::optional<Joules> joules,
                         const std::optional<energy::Figure>& rental_usd_per_hour)
{
    analysis::Costs costs{.device_seconds = answers / per_second};
    if (prices.network) {
        const Joules network = prices.network->each * answers;
        costs.network_joules = network.count();
        if (prices.grid) costs.network_grams = (network * *prices.grid).count();
    }
    if (rental_usd_per_hour)
        costs.usd = *costs.device_seconds / seconds_per_hour * rental_usd_per_hour->value;
    else if (joules && prices.usd_per_kwh)
        costs.usd = kilowatt_hours(*joules) * prices.usd_per_kwh->value;
    return costs;
}

}  // namespace fedgram::experiments
