#include "experiments/analyzing/virtual_server.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <iterator>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/text/number_text.hpp"
#include "experiments/analyzing/device_ends.hpp"
#include "experiments/analyzing/latency_of.hpp"
#include "experiments/analyzing/shared_device.hpp"
#include "experiments/analyzing/virtual_load.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

constexpr Seconds longest_batch{1000};  // so that virtual time has room for any queue

std::string microseconds(const energy::Figure& time) { return text::significant(time.value * 1e6); }

std::string megabytes(double bytes) { return text::significant(bytes / 1e6) + " MB"; }

void widen(text::Band& band, std::optional<double> value)
{
    if (!value) return;  // a set-up in the other numbers
    band.low = std::min(band.low, *value);
    band.high = std::max(band.high, *value);
}

std::optional<text::Band> known(const text::Band& band) { return band.is_known() ? std::optional{band} : std::nullopt; }

}  // namespace

VirtualServer::VirtualServer(ServedModel model, std::vector<ServedDevice> devices, ServingPrices prices)
    : model_{std::move(model)}, devices_{std::move(devices)}, prices_{std::move(prices)}
{
}

const ServedDevice& VirtualServer::device(const std::string& id) const
{
    const auto found = std::ranges::find(devices_, id, [](const auto& one) { return one.profile.id; });
    assert(found != devices_.end());
    return *found;
}

double VirtualServer::pue(const ServedDevice& device) const
{
    return device.profile.device_class == energy::DeviceClass::datacenter ? prices_.pue : 1;
}

std::string VirtualServer::why_not(const analysis::Configuration& configuration) const
{
    const auto& [profile, one_by_one] = device(configuration.device);
    const auto& variant = model_.variants[configuration.variant];
    const auto& id = configuration.device;
    if (profile.rate(variant.demand.arithmetic) == nullptr)
        return id + ": no rate of " + std::string{energy::name(variant.demand.arithmetic)} + " is known";
    if (profile.largest_batch && configuration.max_batch > profile.largest_batch->value)
        return id + ": takes batches of at most " + text::shortest(profile.largest_batch->value);
    const auto service = energy::in_open_loop(energy::batch_service(profile, variant.demand));
    if (!(std::max(service.seconds(configuration.max_batch), service.work(configuration.max_batch)) <= longest_batch))
        return id + ": a batch takes more than " + text::shortest(longest_batch.count()) + " s";
    auto need = variant.memory(configuration.max_batch);
    need.model_bytes *= configuration.instances;
    need.activation_bytes *= configuration.instances;
    if (one_by_one)
        if (auto misfit = energy::misfit_text(*one_by_one, need); !misfit.empty()) return misfit;
    const auto bytes = static_cast<double>(need.model_bytes + need.activation_bytes);
    if (profile.memory_bytes && bytes > profile.memory_bytes->value)
        return id + ": " + megabytes(bytes) + " are more than its memory of " + megabytes(profile.memory_bytes->value);
    return {};
}

double VirtualServer::capacity(const analysis::Configuration& configuration) const
{
    const auto& profile = device(configuration.device).profile;
    const auto& demand = model_.variants[configuration.variant].demand;
    if (profile.rate(demand.arithmetic) == nullptr) return 0;
    return shared_capacity(energy::in_open_loop(energy::batch_service(profile, demand)), configuration.instances,
                           configuration.max_batch);
}

double VirtualServer::share_at_capacity(const analysis::Configuration& configuration) const
{
    const auto service = energy::in_open_loop(
        energy::batch_service(device(configuration.device).profile, model_.variants[configuration.variant].demand));
    return experiments::share_at_capacity(service, configuration.instances, configuration.max_batch);
}

std::optional<Joules> VirtualServer::joules_at_capacity(const analysis::Configuration& configuration) const
{
    const auto& served = device(configuration.device);
    const double per_second = capacity(configuration);
    if (per_second <= 0) return std::nullopt;
    const auto power = served.profile.power(model_.variants[configuration.variant].demand.arithmetic,
                                            share_at_capacity(configuration));
    if (!power) return std::nullopt;
    return *power * Seconds{1000 / per_second} * pue(served);
}

analysis::Measurement VirtualServer::measure(const analysis::Probe& probe) const
{
    analysis::Measurement measured;
    const auto& configuration = probe.configuration;
    measured.failure = why_not(configuration);
    if (!measured.failure.empty()) return measured;

    const auto& served = device(configuration.device);
    const auto& variant = model_.variants[configuration.variant];
    const auto service = energy::batch_service(served.profile, variant.demand);
    const auto load = virtual_load(service, probe);
    const auto need = variant.memory(configuration.max_batch);
    measured.stable = load.settled && (probe.load.kind == analysis::Load::Kind::concurrency ||
                                       probe.load.amount < capacity(configuration));
    measured.throughput_per_s = load.throughput;
    measured.latency = latency_of(load.latency, load.waits);
    measured.refused = load.refused;
    measured.memory_bytes = static_cast<double>(configuration.instances * (need.model_bytes + need.activation_bytes));
    measured.accuracy = variant.variant.accuracy;

    if (load.answered == 0) return measured;
    const double busy_each = load.busy.count() / static_cast<double>(load.answered);
    if (service.form) measured.core_seconds_per_1000 = 1000 * busy_each * service.cores;
    // At that throughput: of the whole time, filling and draining a closed loop would count as waiting.
    const double busy = std::min(1.0, busy_each * load.throughput);
    const auto power = served.profile.power(variant.demand.arithmetic, busy);
    std::optional<Joules> joules;
    if (power) joules = *power * Seconds{1000 / measured.throughput_per_s} * pue(served);
    measured.costs = costs_of(prices_, measured.throughput_per_s, joules, served.profile.rental_usd_per_hour);
    measured.costs.busy_share = busy;
    if (!joules) return measured;
    measured.joules_per_1000 = joules->count();
    if (prices_.grid) measured.grams_per_1000 = (*joules * *prices_.grid).count();
    if (served.profile.idle_w) measured.idle_share = served.profile.idle_w->value * (1 - busy) / power->count();
    return measured;
}

LoadRow VirtualServer::at_capacity(const analysis::Configuration& configuration,
                                   std::span<const analysis::JournalEntry> /*measured*/) const
{
    LoadRow row{.load = "at capacity", .per_second = capacity(configuration)};
    const auto joules = joules_at_capacity(configuration);
    if (row.per_second > 0) {
        row.costs = costs_of(prices_, row.per_second, joules, device(configuration.device).profile.rental_usd_per_hour);
        row.costs.busy_share = share_at_capacity(configuration);
    }
    if (!joules) return row;
    row.joules_per_1000 = joules->count();
    text::Band band{joules->count(), joules->count()};
    for (const auto& server : at_ends(configuration.device))
        if (const auto end = server.joules_at_capacity(configuration)) widen(band, end->count());
    row.joules_band = known(band);
    if (prices_.grid) row.grams_per_1000 = (*joules * *prices_.grid).count();
    const auto& profile = device(configuration.device).profile;
    const double busy = share_at_capacity(configuration);
    const auto arithmetic = model_.variants[configuration.variant].demand.arithmetic;
    if (profile.idle_w) row.idle_share = profile.idle_w->value * (1 - busy) / profile.power(arithmetic, busy)->count();
    return row;
}

analysis::Space VirtualServer::space() const
{
    analysis::Space space;
    space.devices.clear();
    double largest_batch = 0;
    for (const auto& [profile, one_by_one] : devices_) {
        space.devices.push_back(profile.id);
        constexpr double no_limit = 1 << 20;
        largest_batch = std::max(largest_batch, profile.largest_batch ? profile.largest_batch->value : no_limit);
    }
    space.variants = places_of_variants(model_);
    std::erase_if(space.max_batches, [&](std::uint32_t batch) { return batch > largest_batch; });
    if (std::ranges::all_of(devices_, [](const auto& one) { return one.profile.cores.has_value(); })) {
        double most = 0;
        for (const auto& [profile, one_by_one] : devices_) most = std::max(most, profile.cores->value);
        std::erase_if(space.instances, [&](std::uint32_t count) { return count > most; });
    }
    return space;
}

bool VirtualServer::has_watts(const ServedDevice& device) const
{
    return std::ranges::any_of(model_.variants, [&](const ServedVariant& one) {
        return device.profile.power(one.demand.arithmetic, 1).has_value();
    });
}

UsdBasis VirtualServer::usd_basis(const ServedDevice& device) const
{
    if (device.profile.rental_usd_per_hour) return UsdBasis::rent;
    return prices_.usd_per_kwh && has_watts(device) ? UsdBasis::electricity : UsdBasis::unknown;
}

DeviceSummary VirtualServer::summary(const std::string& id) const
{
    const auto& served = device(id);
    return {served.profile.name, usd_basis(served), served.profile.client_s};
}

std::vector<VirtualServer> VirtualServer::at_ends(const std::string& id) const
{
    std::vector<VirtualServer> servers;
    for (auto& end : ends_of(device(id))) servers.emplace_back(model_, std::vector{std::move(end)}, prices_);
    return servers;
}

std::optional<text::Band> VirtualServer::joules_band(const analysis::Probe& probe,
                                                     const analysis::Measurement& measured) const
{
    if (!measured.joules_per_1000) return std::nullopt;
    text::Band band{*measured.joules_per_1000, *measured.joules_per_1000};
    for (const auto& server : at_ends(probe.configuration.device)) {
        auto load = probe;
        // What a slower device can't answer by itself goes to as many as it takes.
        const double capacity = server.capacity(probe.configuration);
        if (load.load.kind == analysis::Load::Kind::rate && capacity > 0)
            load.load.amount /= std::floor(load.load.amount / capacity) + 1;
        widen(band, server.measure(load).joules_per_1000);
    }
    return known(band);
}

std::string VirtualServer::why_unknown(analysis::Metric metric) const
{
    using analysis::Metric;
    if (metric == Metric::accuracy) return why_no_accuracy(model_);
    if (metric == Metric::core_seconds && !is_measured_form())
        return "it is known of what is measured alone; give --here in the place of --device, or a record that `fedgram "
               "calibrate --serving` made";
    if (metric == Metric::grams && !prices_.grid) return "nobody says where the devices are; give --country";
    const auto some = [&](auto is_known) { return std::ranges::any_of(devices_, is_known); };
    if (metric == Metric::usd) {
        const bool has_rent = some([&](const auto& one) { return usd_basis(one) == UsdBasis::rent; });
        const bool has_electricity = some([&](const auto& one) { return usd_basis(one) == UsdBasis::electricity; });
        if (has_rent && has_electricity)
            return "the rent of some devices isn't known, and their electricity alone is no match for the others' "
                   "rent; "
                   "name devices of one kind by --device";
        if (!has_rent && !has_electricity)
            return "neither rent nor watts of a device that was named are known; name one of which one is, by --device";
    }
    if (metric != Metric::joules && metric != Metric::grams) return {};
    return some([&](const auto& one) { return has_watts(one); })
               ? std::string{}
               : "the watts of no device that was named are known; name one of which they are, by --device";
}

std::string VirtualServer::usd_note(const ServedDevice& device) const
{
    const auto& profile = device.profile;
    switch (usd_basis(device)) {
        case UsdBasis::rent:
            return profile.id + ": USD are its rent for the time in which it is there, " +
                   text::shortest(profile.rental_usd_per_hour->value) + " an hour, electricity included (" +
                   profile.rental_usd_per_hour->source + ").";
        case UsdBasis::electricity:
            return profile.id + ": USD are of electricity alone, at " + text::shortest(prices_.usd_per_kwh->value) +
                   " a kWh (" + prices_.usd_per_kwh->source + "), as its rent isn't known.";
        case UsdBasis::unknown:
            return profile.id + ": no USD, as neither its rent nor its watts are known.";
    }
    assert(false);
    return {};
}

bool VirtualServer::is_measured_form() const
{
    return std::ranges::any_of(devices_, [&](const ServedDevice& served) {
        return std::ranges::any_of(model_.variants, [&](const ServedVariant& one) {
            return served.profile.form(one.demand.arithmetic, one.demand.macs, one.demand.weight_bytes) != nullptr;
        });
    });
}

std::vector<std::string> VirtualServer::notes() const
{
    std::vector<std::string> notes;
    for (const auto& [profile, one_by_one] : devices_) {
        const bool is_in_data_centre = profile.device_class == energy::DeviceClass::datacenter;
        auto note = profile.id + ": watts enclose the " + profile.boundary +
                    (is_in_data_centre ? ", times a PUE of " + text::shortest(prices_.pue) : "");
        if (!profile.busy_w && !one_by_one)
            note += "; its watts aren't known, so neither are joules";
        else if (!profile.idle_w)
            note += "; its idle watts aren't known, so that joules are those of its busy time alone";
        notes.push_back(note + ".");
    }
    std::ranges::copy(model_.unable, std::back_inserter(notes));
    for (const auto& served : devices_) notes.push_back(usd_note(served));
    if (prices_.network) notes.push_back(network_note(*prices_.network));
    if (!prices_.grid) notes.emplace_back("No grams: no --country says where the devices are.");
    if (std::ranges::any_of(model_.variants, [](const auto& one) { return !one.variant.accuracy; }))
        notes.emplace_back("Accuracy is known of what was evaluated alone.");
    add_form_notes(notes);
    notes.emplace_back(
        "Memory is that of weights and activations alone, without the server's process or a runtime's context.");
    notes.emplace_back(
        "Bands of joules and grams: all rates, times and watts of a device at once at the ends that draw least, and "
        "most; of a board that was measured, its set-ups. PUE, grid and load have none.");
    notes.emplace_back(
        std::string{"In virtual time on device profiles, not measured: S(b) = "} +
        (is_measured_form() ? "batch_s + request_s b + engine(b) of what was measured in a server, else " : "") +
        "floor + max(b MACs / rate, (weights + b activations) / bandwidth), but for what a chip keeps.");
    return notes;
}

void VirtualServer::add_form_notes(std::vector<std::string>& notes) const
{
    for (const auto& [profile, one_by_one] : devices_) {
        for (const auto& [variant, demand, peak_operator] : model_.variants) {
            if (profile.rate(demand.arithmetic) == nullptr) continue;
            if (const auto* form = profile.form(demand.arithmetic, demand.macs, demand.weight_bytes))
                notes.push_back(
                    profile.id + ", " + variant.name + ": " + microseconds(form->batch_s) + " us a batch and " +
                    microseconds(form->request_s) + " us a request beside the engine's measured time, " +
                    microseconds(form->round_trip_s) + " us to and from its clients, which share " +
                    text::shortest(profile.cores->value) + " cores with it. A request that comes by itself takes " +
                    microseconds(form->arrival_s) +
                    " us more, and capacity is that of such: a closed loop may answer more. Measured: " + form->source +
                    ".");
            else if (!profile.forms.empty())
                notes.push_back(profile.id + ", " + variant.name +
                                ": this model was not measured on it; it goes by the rate of those that were, without "
                                "what a server takes for each request.");
        }
    }
}

std::string VirtualServer::subject() const
{
    Json all{{"pue", prices_.pue}};
    if (prices_.grid) all["grid"] = prices_.grid->count();
    if (prices_.usd_per_kwh) all["usd_per_kwh"] = prices_.usd_per_kwh->value;
    if (prices_.network) all["network_joules"] = prices_.network->each.count();
    for (const auto& [profile, one_by_one] : devices_)
        all["devices"].push_back(one_by_one ? to_json(*one_by_one) : to_json(profile));
    for (const auto& [variant, demand, peak_operator] : model_.variants)
        all["variants"].push_back({variant.name, energy::name(demand.arithmetic), demand.macs, demand.weight_bytes,
                                   demand.activation_bytes, demand.peak_activation_bytes,
                                   variant.accuracy ? Json(*variant.accuracy) : Json(nullptr)});
    return all.dump();
}

}  // namespace fedgram::experiments
