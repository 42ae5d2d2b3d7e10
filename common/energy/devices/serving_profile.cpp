#include "common/energy/devices/serving_profile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/energy/devices/watt_range.hpp"
#include "common/error/error.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::energy {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view rates_key = "rates";
constexpr std::string_view forms_key = "forms";

struct FigureKey {
    std::string_view key;
    std::optional<Figure> ServingProfile::*member;
    spec::NumberRange range;
};

constexpr std::string_view floor_key = "floor_s";
constexpr std::string_view busy_key = "busy_w";
constexpr std::array<FigureKey, 11> optional_keys{{
    {"memory_gb_s", &ServingProfile::memory_gb_s, spec::positive},
    {"memory_bytes", &ServingProfile::memory_bytes, spec::positive},
    {"on_chip_bytes", &ServingProfile::on_chip_bytes, spec::positive},
    {"weights_on_chip_bytes", &ServingProfile::weights_on_chip_bytes, spec::positive},
    {"largest_batch",
     &ServingProfile::largest_batch,
     {.low = 1, .high = 1 << 20, .words = "a number from 1 to 1048576"}},
    {"idle_w", &ServingProfile::idle_w, watts},
    {busy_key, &ServingProfile::busy_w, watts_above_0},
    {"tenth_of_load_w", &ServingProfile::tenth_of_load_w, watts_above_0},
    {"rental_usd_per_hour", &ServingProfile::rental_usd_per_hour, spec::not_negative},
    {"client_s", &ServingProfile::client_s, spec::positive},
    {"cores", &ServingProfile::cores, {.low = 1, .high = 1 << 16, .words = "a number from 1 to 65536"}},
}};

void read_figures(spec::StrictObject figures, ServingProfile& profile)
{
    figures.attempt([&] {
        profile.floor_s = parse_figure(figures.value(floor_key), figures.path_of(floor_key), spec::not_negative);
    });
    for (const auto& [key, member, range] : optional_keys)
        figures.attempt([&, key = key, member = member, &range = range] {
            if (const auto* found = figures.find(key))
                profile.*member = parse_figure(*found, figures.path_of(key), range);
        });
    figures.finish();
}

void read_rates(spec::StrictObject rates, ServingProfile& profile)
{
    for (const auto arithmetic : all_arithmetic())
        rates.attempt([&] {
            const auto word = name(arithmetic);
            if (const auto* found = rates.find(word))
                profile.rates.push_back({arithmetic, parse_figure(*found, rates.path_of(word), spec::positive)});
        });
    rates.finish();
    if (profile.rates.empty())
        throw SpecError{rates.path() + ": none is not valid; use one at least of fp32, fp16, bf16, block-fp8, int8"};
}

void read_forms(spec::StrictObject& object, ServingProfile& profile)
{
    if (!object.has(forms_key)) return;
    const auto& forms = object.list(forms_key);
    for (std::size_t i = 0; i < forms.size(); ++i) {
        const auto path = object.path_of(forms_key, i);
        auto form = parse_served_form(forms[i], path);
        if (const auto* before = profile.form(form.arithmetic, form.macs, form.weight_bytes))
            throw SpecError{path + ": \"" + form.name + "\" is of the same model in the same numbers as \"" +
                            before->name + "\"; keep one of them"};
        profile.forms.push_back(std::move(form));
    }
}

/// What the parts, each right by itself, say of each other.
void check_parts(const ServingProfile& profile, const std::string& path)
{
    spec::Mistakes mistakes;
    const auto refuse = [&](const std::string& key, double value, const std::string& right) {
        mistakes.collect([&] { spec::refuse(path + ".figures." + key + ".value", value, right); });
    };
    const auto number = [](double value) { return Json(value).dump(); };
    const auto& [batch, idle, busy, tenth] =
        std::tie(profile.largest_batch, profile.idle_w, profile.busy_w, profile.tenth_of_load_w);
    for (const auto& [key, figure] : {std::pair{"largest_batch", batch}, std::pair{"cores", profile.cores}})
        if (figure && figure->value != std::floor(figure->value)) refuse(key, figure->value, "a whole number");
    if (idle && busy && busy->value < idle->value)
        refuse("busy_w", busy->value, "at least idle_w, " + number(idle->value));
    if (tenth && (!idle || !busy || tenth->value < idle->value || tenth->value > busy->value))
        refuse("tenth_of_load_w", tenth->value, "a number from idle_w to busy_w, both of which it needs");
    mistakes.collect([&] {
        if (!profile.forms.empty() && !profile.cores)
            throw SpecError{path + ".figures.cores: missing, and forms need it; add the cores that they share"};
    });
    for (std::size_t i = 0; i < profile.forms.size(); ++i)
        mistakes.collect([&] {
            const auto arithmetic = profile.forms[i].arithmetic;
            if (profile.rate(arithmetic) == nullptr)
                throw SpecError{path + "." + std::string{forms_key} + "[" + std::to_string(i) +
                                "].numbers: no rate of " + std::string{name(arithmetic)} +
                                " is there; add it to rates"};
        });
    mistakes.finish();
}

}  // namespace

const ServingRate* ServingProfile::rate(Arithmetic arithmetic) const
{
    const auto found = std::ranges::find(rates, arithmetic, &ServingRate::arithmetic);
    return found == rates.end() ? nullptr : &*found;
}

const ServedForm* ServingProfile::form(Arithmetic arithmetic, std::uint64_t macs, std::uint64_t weight_bytes) const
{
    const auto found = std::ranges::find_if(forms, [&](const ServedForm& one) {
        return one.arithmetic == arithmetic && one.macs == macs && one.weight_bytes == weight_bytes;
    });
    return found == forms.end() ? nullptr : &*found;
}

std::optional<Watts> ServingProfile::power(Arithmetic arithmetic, double busy_share) const
{
    constexpr double tenth = 0.1;
    const auto* own = rate(arithmetic);
    const auto& full = own != nullptr && own->busy_w ? own->busy_w : busy_w;
    if (!full) return std::nullopt;
    const auto between = [](double from, double to, double share) { return from + (to - from) * share; };
    if (!idle_w) return Watts{full->value * busy_share};
    if (!tenth_of_load_w) return Watts{between(idle_w->value, full->value, busy_share)};
    if (busy_share < tenth) return Watts{between(idle_w->value, tenth_of_load_w->value, busy_share / tenth)};
    return Watts{between(tenth_of_load_w->value, full->value, (busy_share - tenth) / (1 - tenth))};
}

bool is_serving_profile(const Json& json) { return json.is_object() && json.contains(rates_key); }

ServingProfile parse_serving_profile(const Json& json, const std::string& path)
{
    spec::Mistakes mistakes;
    spec::StrictObject object{json, path, spec::Wording::data, &mistakes};
    ServingProfile profile;
    object.read_text("id", profile.id);
    object.read_text("name", profile.name);
    object.attempt([&] {
        profile.device_class =
            object.choice("class", {"datacenter", "edge"}) == "edge" ? DeviceClass::edge : DeviceClass::datacenter;
    });
    object.attempt([&] { profile.boundary = object.choice("boundary", {"chip", "module", "board", "wall"}); });
    object.attempt([&] { read_rates(object.object(rates_key), profile); });
    object.attempt([&] { read_figures(object.object("figures"), profile); });
    object.attempt([&] { read_forms(object, profile); });
    object.finish();
    mistakes.finish();
    check_parts(profile, path);
    return profile;
}

Json to_json(const ServingProfile& profile)
{
    Json json{{"id", profile.id},
              {"name", profile.name},
              {"class", profile.device_class == DeviceClass::edge ? "edge" : "datacenter"},
              {"boundary", profile.boundary},
              {rates_key, Json::object()},
              {"figures", Json::object()}};
    for (const auto& rate : profile.rates) json[rates_key][name(rate.arithmetic)] = to_json(rate.gmac_per_s);
    json["figures"][floor_key] = to_json(profile.floor_s);
    for (const auto& [key, member, range] : optional_keys)
        if (const auto& figure = profile.*member) json["figures"][key] = to_json(*figure);
    for (const auto& form : profile.forms) json[forms_key].push_back(to_json(form));
    return json;
}

std::optional<ServingProfile> one_by_one(const InferenceProfile& profile)
{
    ServingProfile server;
    server.id = profile.id;
    server.name = profile.name;
    server.device_class = DeviceClass::edge;
    server.boundary = profile.boundary;
    server.floor_s = {0, {}, {}, EvidenceLevel::derived, "the measured time of a sample has all of a call in it"};
    server.idle_w = profile.idle_w;
    for (const auto& [type, arithmetic] :
         {std::pair{spec::NumberType::fp32, Arithmetic::fp32}, std::pair{spec::NumberType::int8, Arithmetic::int8}})
        if (const auto rate = profile.rate(type))
            server.rates.push_back({arithmetic, rate->gmac_per_s, rate->active_w});
    return server.rates.empty() ? std::nullopt : std::optional{server};
}

}  // namespace fedgram::energy
