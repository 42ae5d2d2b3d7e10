#include "experiments/commands/serving_text.hpp"

#include <nlohmann/json.hpp>

#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

std::string number_text(const Json& figure, const std::string& key)
{
    return figure.contains(key) ? text::shortest(figure.at(key).get<double>()) : "-";
}

void add_figure(text::TextTable& table, const std::string& name, const Json& figure)
{
    table.add({name, number_text(figure, "value"), number_text(figure, "low"), number_text(figure, "high"),
               figure.at("standing").get<std::string>(), figure.at("source").get<std::string>()});
}

std::string optional_text(const std::optional<energy::Figure>& figure, double times = 1)
{
    return figure ? text::shortest(figure->value * times) : "-";
}

/// A model that was measured in a server on the device.
std::string form_text(const energy::ServedForm& form)
{
    const auto json = to_json(form);
    std::string engine;
    for (const auto& [batch, time] : form.engine)
        engine +=
            (engine.empty() ? "" : ", ") + std::to_string(batch) + ": " + text::significant(time.count() * 1e3, 4);
    text::TextTable table{{"figure", "value", "low", "high", "standing", "source"}};
    for (const auto& [key, figure] : json.at("figures").items()) add_figure(table, key, figure);
    return form.name + ", in " + std::string{energy::name(form.arithmetic)} + ", " + std::to_string(form.macs) +
           " MACs, as measured in its server (" + form.source + ")\nengine ms by batch: " + engine + "\n" +
           table.text();
}

}  // namespace

std::string serving_text(const energy::ServingProfile& profile)
{
    const auto json = to_json(profile);
    text::TextTable table{{"figure", "value", "low", "high", "standing", "source"}};
    for (const auto& [numbers, figure] : json.at("rates").items()) add_figure(table, numbers + "_gmac_per_s", figure);
    for (const auto& [key, figure] : json.at("figures").items()) add_figure(table, key, figure);
    std::string forms;
    for (const auto& form : profile.forms) forms += form_text(form);
    std::string unable;
    for (const auto arithmetic : energy::all_arithmetic())
        if (profile.rate(arithmetic) == nullptr)
            unable += (unable.empty() ? "" : ", ") + std::string{energy::name(arithmetic)};
    return profile.id + ": " + profile.name + ", as a server (" + json.at("class").get<std::string>() +
           "; watts enclose the " + profile.boundary + ")\n" + table.text() + forms +
           (unable.empty() ? "" : "No rate, so not able: " + unable + ".\n");
}

std::string serving_list_text(std::span<const energy::ServingProfile> profiles)
{
    text::TextTable table{
        {"server", "name", "numbers", "GMAC/s", "these are", "GB/s", "floor ms", "batch", "idle W", "busy W"}};
    for (const auto& profile : profiles)
        for (const auto& rate : profile.rates)
            table.add({profile.id, profile.name, std::string{energy::name(rate.arithmetic)},
                       text::shortest(rate.gmac_per_s.value), std::string{energy::name(rate.gmac_per_s.evidence)},
                       optional_text(profile.memory_gb_s), optional_text(profile.floor_s, 1e3),
                       optional_text(profile.largest_batch), optional_text(profile.idle_w),
                       optional_text(profile.busy_w)});
    return table.text();
}

}  // namespace fedgram::experiments
