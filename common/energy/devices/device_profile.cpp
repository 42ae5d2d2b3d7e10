#include "common/energy/devices/device_profile.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/energy/devices/inference_profile.hpp"
#include "common/energy/devices/serving_profile.hpp"
#include "common/energy/devices/watt_range.hpp"
#include "common/error/error.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::energy {

namespace {

constexpr std::array<PricingFigure, 12> required{{
    {"idle_w", &DeviceProfile::idle_w, watts},
    {"active_idle_w", &DeviceProfile::active_idle_w, watts},
    {"small_kernels_w", &DeviceProfile::small_kernels_w, watts},
    {"full_w", &DeviceProfile::full_w, watts_above_0},
    {"network_w", &DeviceProfile::network_w, watts},
    {"sustained_gflops", &DeviceProfile::sustained_gflops, spec::positive, true},
    {"memory_gb_s", &DeviceProfile::memory_gb_s, spec::positive, true},
    {"kernel_s", &DeviceProfile::kernel_s, spec::not_negative},
    {"eager_launch_s", &DeviceProfile::eager_launch_s, spec::not_negative},
    {"graph_launch_s", &DeviceProfile::graph_launch_s, spec::not_negative},
    {"step_overhead_s", &DeviceProfile::step_overhead_s, spec::not_negative},
    {"loading_s", &DeviceProfile::loading_s, spec::not_negative},
}};

struct OptionalKey {
    std::string_view key;
    std::optional<Figure> DeviceProfile::*member;
    spec::NumberRange range;
};

constexpr std::array<OptionalKey, 5> optional{{
    {"power_limit_w", &DeviceProfile::power_limit_w, watts_above_0},
    {"embodied_kgco2e", &DeviceProfile::embodied_kgco2e, spec::not_negative},
    {"lifetime_years", &DeviceProfile::lifetime_years, spec::positive},
    {"price_usd", &DeviceProfile::price_usd, spec::not_negative},
    {"rental_usd_per_hour", &DeviceProfile::rental_usd_per_hour, spec::not_negative},
}};

void read_figures(spec::StrictObject figures, DeviceProfile& profile)
{
    for (const auto& field : required)
        figures.attempt([&] {
            profile.*field.member = parse_figure(figures.value(field.key), figures.path_of(field.key), field.range);
        });
    for (const auto& field : optional)
        figures.attempt([&] {
            if (const auto* found = figures.find(field.key))
                profile.*field.member = parse_figure(*found, figures.path_of(field.key), field.range);
        });
    figures.finish();
}

constexpr std::string_view older_wattage = "train_w";

void refuse_older_form(const nlohmann::ordered_json& json, const std::string& path)
{
    std::string lacking;
    for (const auto& field : required)
        if (!json.at("figures").contains(field.key)) lacking += (lacking.empty() ? "" : ", ") + std::string{field.key};
    const auto older =
        path + ": a profile of the older form, with one " + std::string{older_wattage} + " for all that it computes; ";
    if (lacking.empty()) throw SpecError{older + "remove " + std::string{older_wattage}};
    throw SpecError{
        older + "it lacks " + lacking +
        ", and its step_overhead_s has the launches in it; common/energy/PROFILES.md says how to complete one"};
}

// Nobody knows the worst of what wasn't measured, nor of what was measured a few times.
Figure model_error_of(const std::optional<Validation>& validation)
{
    constexpr double unmeasured = 2;
    constexpr std::uint32_t few = 10;
    constexpr double of_few = 1.5;
    if (!validation)
        return {1, 1 / unmeasured, unmeasured, EvidenceLevel::assumed,
                "unvalidated: half or twice; boards that were fitted to two rows are off by 1.7 at worst"};
    const double seen = validation->joules.worst;
    const bool widened = validation->rows < few && seen < of_few;
    const double worst = widened ? of_few : seen;
    return {1, 1 / worst, worst, widened ? EvidenceLevel::assumed : EvidenceLevel::derived,
            (widened ? "few rows, so more than the worst of " : "the worst of ") + std::to_string(validation->rows) +
                " measured rows: " + validation->source};
}

/// What the figures, each right by itself, say of each other.
void check_watts(const DeviceProfile& profile, const std::string& path)
{
    spec::Mistakes mistakes;
    const auto refuse = [&](const std::string& key, double value, const std::string& right) {
        mistakes.collect([&] { spec::refuse(path + ".figures." + key + ".value", value, right); });
    };
    const auto number = [](double value) { return nlohmann::ordered_json(value).dump(); };
    if (profile.small_kernels_w.value < profile.active_idle_w.value)
        refuse("small_kernels_w", profile.small_kernels_w.value,
               "at least active_idle_w, " + number(profile.active_idle_w.value));
    if (profile.full_w.value < profile.small_kernels_w.value)
        refuse("full_w", profile.full_w.value, "at least small_kernels_w, " + number(profile.small_kernels_w.value));
    if (profile.power_limit_w && profile.power_limit_w->value <= profile.small_kernels_w.value)
        refuse("power_limit_w", profile.power_limit_w->value,
               "more than small_kernels_w, " + number(profile.small_kernels_w.value));
    mistakes.finish();
}

}  // namespace

std::string_view name(Execution execution) { return execution == Execution::eager ? "eager" : "graph"; }

std::span<const PricingFigure> pricing_figures() { return required; }

bool is_older_form(const nlohmann::ordered_json& profile)
{
    if (!profile.is_object()) return false;
    const auto figures = profile.find("figures");
    return figures != profile.end() && figures->is_object() && figures->contains(older_wattage);
}

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
    if (is_older_form(json)) refuse_older_form(json, path);
    if (is_inference_profile(json))
        throw SpecError{path + ": a profile for inference, with no figure to price a training; use a device profile"};
    if (is_serving_profile(json))
        throw SpecError{path + ": a profile of a server, with no figure to price a training; use a device profile"};
    spec::Mistakes mistakes;
    spec::StrictObject object{json, path, spec::Wording::data, &mistakes};
    DeviceProfile profile;
    object.read_text("id", profile.id);
    object.read_text("name", profile.name);
    object.attempt([&] {
        profile.device_class =
            object.choice("class", {"datacenter", "edge"}) == "edge" ? DeviceClass::edge : DeviceClass::datacenter;
    });
    object.attempt([&] { profile.boundary = object.choice("boundary", {"chip", "module", "board", "wall"}); });
    object.attempt([&] { read_figures(object.object("figures"), profile); });
    object.attempt([&] {
        if (const auto* validation = object.find("validation"))
            profile.validation = parse_validation(*validation, object.path_of("validation"));
    });
    object.finish();
    mistakes.finish();
    profile.model_error = model_error_of(profile.validation);
    check_watts(profile, path);
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
    if (profile.validation) json["validation"] = to_json(*profile.validation);
    return json;
}

}  // namespace fedgram::energy
