#include "common/energy/devices/device_profile.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/spec/strict_object.hpp"

namespace fedgram::energy {

namespace {

constexpr std::array<PricingFigure, 6> required{{
    {"idle_w", &DeviceProfile::idle_w, spec::not_negative},
    {"train_w", &DeviceProfile::train_w, spec::positive},
    {"network_w", &DeviceProfile::network_w, spec::not_negative},
    {"sustained_gflops", &DeviceProfile::sustained_gflops, spec::positive},
    {"memory_gb_s", &DeviceProfile::memory_gb_s, spec::positive},
    {"step_overhead_s", &DeviceProfile::step_overhead_s, spec::not_negative},
}};

struct OptionalKey {
    std::string_view key;
    std::optional<Figure> DeviceProfile::*member;
    spec::NumberRange range;
};

constexpr std::array<OptionalKey, 4> optional{{
    {"embodied_kgco2e", &DeviceProfile::embodied_kgco2e, spec::not_negative},
    {"lifetime_years", &DeviceProfile::lifetime_years, spec::positive},
    {"price_usd", &DeviceProfile::price_usd, spec::not_negative},
    {"rental_usd_per_hour", &DeviceProfile::rental_usd_per_hour, spec::not_negative},
}};

}  // namespace

std::span<const PricingFigure> pricing_figures() { return required; }

std::vector<const Figure*> DeviceProfile::figures() const
{
    std::vector<const Figure*> all;
    for (const auto& field : required) all.push_back(&(this->*field.member));
    for (const auto& field : optional)
        if (const auto& figure = this->*field.member) all.push_back(&*figure);
    return all;
}

DeviceProfile parse_device_profile(const nlohmann::ordered_json& json, const std::string& path)
{
    spec::StrictObject object{json, path};
    DeviceProfile profile;
    profile.id = object.text("id");
    profile.name = object.text("name");
    profile.device_class =
        object.choice("class", {"datacenter", "edge"}) == "edge" ? DeviceClass::edge : DeviceClass::datacenter;
    profile.boundary = object.choice("boundary", {"chip", "module", "board", "wall"});
    auto figures = object.object("figures");
    for (const auto& field : required)
        profile.*field.member = parse_figure(figures.value(field.key), figures.path_of(field.key), field.range);
    for (const auto& field : optional)
        if (const auto* found = figures.find(field.key))
            profile.*field.member = parse_figure(*found, figures.path_of(field.key), field.range);
    figures.finish();
    object.finish();
    return profile;
}

nlohmann::ordered_json to_json(const DeviceProfile& profile)
{
    nlohmann::ordered_json figures;
    for (const auto& field : required) figures[std::string{field.key}] = to_json(profile.*field.member);
    for (const auto& field : optional)
        if (const auto& figure = profile.*field.member) figures[std::string{field.key}] = to_json(*figure);
    nlohmann::ordered_json json;
    json["id"] = profile.id;
    json["name"] = profile.name;
    json["class"] = profile.device_class == DeviceClass::edge ? "edge" : "datacenter";
    json["boundary"] = profile.boundary;
    json["figures"] = std::move(figures);
    return json;
}

}  // namespace fedgram::energy
