#include "common/report/explain/device_figures.hpp"

#include <optional>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/report/explain/section.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;
using NamedFigure = std::pair<std::string, energy::Figure>;

std::vector<NamedFigure> profile_figures(const energy::DeviceProfile& device)
{
    std::vector<NamedFigure> figures;
    for (const auto& [key, member, range, is_rate] : energy::pricing_figures())
        figures.emplace_back(key, device.*member);
    if (device.power_limit_w) figures.emplace_back("power_limit_w", *device.power_limit_w);
    figures.emplace_back("model_error", device.model_error);
    return figures;
}

std::vector<NamedFigure> inference_figures(const energy::InferenceProfile& device)
{
    std::vector<NamedFigure> figures;
    const auto add = [&](const std::string& key, const std::optional<energy::Figure>& figure) {
        if (figure) figures.emplace_back(key, *figure);
    };
    add("idle_w", device.idle_w);
    add("flash_bytes", device.flash_bytes);
    add("ram_bytes", device.ram_bytes);
    add("fp32_slowdown", device.fp32_slowdown);
    for (const auto type : {spec::NumberType::fp32, spec::NumberType::int8})
        if (const auto rate = device.rate(type)) {
            const auto prefix = std::string{spec::name(type)};
            add(prefix + "_gmac_per_s", rate->gmac_per_s);
            add(prefix + "_active_w", rate->active_w);
            add(prefix + "_joules_per_gmac", rate->joules_per_gmac);
        }
    return figures;
}

std::vector<NamedFigure> serving_figures(const energy::ServingProfile& device)
{
    std::vector<NamedFigure> figures;
    const auto add = [&](const std::string& key, const std::optional<energy::Figure>& figure) {
        if (figure) figures.emplace_back(key, *figure);
    };
    for (const auto& rate : device.rates) {
        const auto prefix = std::string{energy::name(rate.arithmetic)};
        add(prefix + "_gmac_per_s", rate.gmac_per_s);
        add(prefix + "_busy_w", rate.busy_w);
    }
    add("floor_s", device.floor_s);
    add("memory_gb_s", device.memory_gb_s);
    add("memory_bytes", device.memory_bytes);
    add("on_chip_bytes", device.on_chip_bytes);
    add("weights_on_chip_bytes", device.weights_on_chip_bytes);
    add("largest_batch", device.largest_batch);
    add("idle_w", device.idle_w);
    add("busy_w", device.busy_w);
    add("tenth_of_load_w", device.tenth_of_load_w);
    add("client_s", device.client_s);
    add("cores", device.cores);
    add("rental_usd_per_hour", device.rental_usd_per_hour);
    return figures;
}

std::string section_of(const std::string& what, const std::vector<NamedFigure>& figures)
{
    Section section{"Figures of " + what + ": likely (low to high), standing, source"};
    for (const auto& [key, figure] : figures) section.line(key, figure_text(figure));
    return section.text();
}

Json json_of(const std::vector<NamedFigure>& figures)
{
    Json json = Json::object();
    for (const auto& [key, figure] : figures) json[key] = energy::to_json(figure);
    return json;
}

}  // namespace

std::string figure_text(const energy::Figure& figure)
{
    const auto band = figure.low || figure.high ? " (" + digits(figure.low.value_or(figure.value)) + " to " +
                                                      digits(figure.high.value_or(figure.value)) + ")"
                                                : std::string{};
    return digits(figure.value) + band + ", " + std::string{energy::name(figure.evidence)} + ": " + figure.source;
}

std::string figures_section(const energy::InferenceDevice& device)
{
    return (device.profile ? section_of(device.id(), profile_figures(*device.profile)) : std::string{}) +
           (device.inference ? section_of(device.id() + ", inference", inference_figures(*device.inference))
                             : std::string{});
}

std::string figures_section(const energy::ServingProfile& device)
{
    return section_of(device.id + ", serving", serving_figures(device));
}

Json figures_json(const energy::InferenceDevice& device)
{
    Json json = Json::object();
    if (device.profile) json["profile"] = json_of(profile_figures(*device.profile));
    if (device.inference) json["inference"] = json_of(inference_figures(*device.inference));
    return json;
}

Json figures_json(const energy::ServingProfile& device) { return json_of(serving_figures(device)); }

}  // namespace fedgram::report
