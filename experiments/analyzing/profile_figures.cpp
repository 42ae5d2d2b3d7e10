#include "experiments/analyzing/profile_figures.hpp"

#include <nlohmann/json.hpp>

#include "common/report/explain/device_figures.hpp"
#include "common/text/joined.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const ServedDevice& device)
{
    if (device.one_by_one) return report::figures_json({.profile = {}, .inference = device.one_by_one})["inference"];
    return report::figures_json(device.profile);
}

/// "idle_w, floor_s assumed"; empty where none is.
std::string known_so(const Json& figures, energy::EvidenceLevel evidence)
{
    std::vector<std::string> keys;
    for (const auto& [key, figure] : figures.items())
        if (figure.at("standing") == energy::name(evidence)) keys.push_back(key);
    return keys.empty() ? std::string{} : text::joined(keys, ", ") + " " + std::string{energy::name(evidence)};
}

}  // namespace

std::vector<std::string> standing_notes(std::span<const ServedDevice> profiles)
{
    std::vector<std::string> notes;
    for (const auto& device : profiles) {
        const auto figures = json_of(device);
        std::vector<std::string> weak;
        for (const auto evidence : {energy::EvidenceLevel::assumed, energy::EvidenceLevel::recalled})
            if (auto words = known_so(figures, evidence); !words.empty()) weak.push_back(std::move(words));
        notes.push_back("Figures of " + device.profile.id + ": " +
                        (weak.empty() ? "none is assumed or recalled" : text::joined(weak, "; ")) +
                        "; --figures shows each with band and source.");
    }
    return notes;
}

std::string figures_text(std::span<const ServedDevice> profiles)
{
    std::string text;
    for (const auto& device : profiles)
        text += device.one_by_one ? report::figures_section({.profile = {}, .inference = device.one_by_one})
                                  : report::figures_section(device.profile);
    return text;
}

Json figures_json(std::span<const ServedDevice> profiles)
{
    auto json = Json::object();
    for (const auto& device : profiles) json[device.profile.id] = json_of(device);
    return json;
}

}  // namespace fedgram::experiments
