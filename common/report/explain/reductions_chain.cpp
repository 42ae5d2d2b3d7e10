#include "common/report/explain/reductions_chain.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/energy/pricing/pricing.hpp"
#include "common/energy/pricing/served_inference.hpp"
#include "common/report/explain/device_chain.hpp"
#include "common/report/explain/device_figures.hpp"
#include "common/report/explain/find_cell.hpp"
#include "common/report/explain/section.hpp"
#include "common/report/render/reductions_text.hpp"
#include "common/report/table/request_demand.hpp"
#include "common/run/reduction_file.hpp"
#include "common/spec/reduction.hpp"
#include "common/text/banded_number.hpp"
#include "common/text/joined.hpp"
#include "common/text/nearest_names.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

/// A lever's training, or its forward passes.
struct LeverPart {
    std::string lever;
    std::string what;  ///< "training", "passes"
    energy::Work work;
    std::optional<double> learning_rate{};  ///< of a training; nothing in a folder that doesn't have it
};

std::vector<LeverPart> parts_of(const learning::ReductionResult& result)
{
    std::vector<LeverPart> parts;
    for (const auto& step : result.steps) {
        const std::string lever{spec::name(step.lever)};
        const auto rate = std::visit([](const auto& kind) { return kind.tuning.learning_rate; }, step.lever);
        if (step.cost.tuning.samples > 0) parts.push_back({lever, "training", step.cost.tuning, rate});
        if (step.cost.passes.samples > 0) parts.push_back({lever, "passes", step.cost.passes});
    }
    return parts;
}

energy::Work sum_of(const learning::LeverCost& cost)
{
    auto work = cost.tuning;
    work += cost.passes;
    return work;
}

std::string work_text(const energy::Work& work)
{
    return amount(work.samples, "sample") + " in " + amount(work.steps, "step") + ", " +
           amount(work.kernels, "kernel") + ", " + std::to_string(work.flops) + " FLOPs, " +
           std::to_string(work.memory_bytes) + " bytes of memory traffic";
}

/// Digits of `greater`, and of what is taken from it, by which the difference keeps seven.
int digits_of_difference(double greater, double difference)
{
    constexpr double usual = 7;
    constexpr double most = 17;  // a double has no more
    if (!(difference > 0)) return static_cast<int>(usual);
    return static_cast<int>(std::min(most, usual + std::ceil(std::log10(greater / difference))));
}

std::string standing(const energy::Figure& figure) { return std::string{energy::name(figure.evidence)}; }

std::string standings(const energy::DeviceProfile& device)
{
    std::vector<std::string> words;
    for (const auto& [key, member, range, is_rate] : energy::pricing_figures())
        words.push_back(std::string{key} + " " + standing(device.*member));
    if (device.power_limit_w) words.push_back("power_limit_w " + standing(*device.power_limit_w));
    words.push_back("model_error " + standing(device.model_error) + ", " + digits(device.model_error.value) +
                    " in all watts");
    return text::joined(words);
}

void add_compute(Section& section, const energy::Work& work, const energy::DeviceProfile& device)
{
    const auto chain = work_chain(work, device);
    section.line("host", host_line(chain, device));
    section.line("device", device_line(chain, device));
    section.line("time",
                 "the longest of loading, launching and the device's sum: " + digits(chain.train().count()) + " s");
    section.line("computing", compute_energy_line(chain, device, energy::price(work, device).joules));
    section.line("figures", "of " + device.id + ": " + standings(device));
}

std::string grams_text(Joules joules, const carbon::GridIntensity& grid, GramsCO2e grams)
{
    return digits(joules.count()) + " J / 3.6e6 x " + digits(grid.intensity.count()) + " gCO2e/kWh in " + grid.name +
           " = " + digits(grams.count()) + " g";
}

class Chain {
public:
    Chain(const Table& table, const run::RunRecord& run, const ChosenReduction& chosen)
        : table_{table},
          reductions_{reductions_of(table, run, chosen.country)},
          row_{reductions_.rows[chosen.row]},
          own_{*std::ranges::find_if(
              reductions_.rows, [&](const auto& row) { return row.training == row_.training && row.levers.empty(); })}
    {
    }

    [[nodiscard]] std::string text(Figures figures) const
    {
        auto out = grid().iso3 + "/" + row_.label + ": " + row_.levers + ", of the final model of " + own_.label +
                   "; accuracy " + text::percent(own_.figures.accuracy) + " -> " +
                   text::percent(row_.figures.accuracy) + ", file " + std::to_string(own_.figures.stored_bytes) +
                   " -> " + std::to_string(row_.figures.stored_bytes) + " bytes\n" + one_off();
        for (std::size_t i = 0; i < reductions_.devices.size(); ++i)
            out += request(own_, i) + request(row_, i) + break_even(i);
        if (figures == Figures::left_out) return out + "--figures shows each figure with its band and source.\n";
        out += figures_section({.profile = lever_device(), .inference = {}});
        for (const auto& device : reductions_.devices) {
            if (device.device.inference || device.device.id() != lever_device().id)
                out += figures_section(device.device);
            if (device.serving) out += figures_section(*device.serving);
        }
        return out;
    }

    [[nodiscard]] Json json() const
    {
        const auto& device = lever_device();
        Json one_off{{"device", device.id}, {"pue", pue()}, {"parts", Json::array()}};
        for (const auto& part : parts_of(row_.result)) {
            auto json = run::to_json(part.work);
            const auto priced = energy::price(part.work, device);
            json.update({{"lever", part.lever},
                         {"part", part.what},
                         {"seconds", priced.seconds.count()},
                         {"device_joules", priced.joules.count()}});
            if (part.learning_rate) json["learning_rate"] = *part.learning_rate;
            one_off["parts"].push_back(std::move(json));
        }
        const auto priced = energy::price(sum_of(row_.cost), device);
        one_off["seconds"] = priced.seconds.count();
        one_off["device_joules"] = priced.joules.count();
        one_off["joules"] = row_.one_off.count();
        one_off["gco2e"] = row_.one_off_grams.count();
        Json json{{"country", grid().iso3},
                  {"gco2e_per_kwh", grid().intensity.count()},
                  {"per_second", reductions_.per_second},
                  {"one_off", std::move(one_off)},
                  {"own_model", reduction_row_json(table_, reductions_, own_)},
                  {"model", reduction_row_json(table_, reductions_, row_)}};
        json["figures"][device.id] = figures_json({.profile = device, .inference = {}});
        for (const auto& each : reductions_.devices) json["figures"][each.device.id()] = request_figures_json(each);
        return json;
    }

private:
    [[nodiscard]] const carbon::GridIntensity& grid() const { return table_.accounting.countries[reductions_.country]; }
    [[nodiscard]] const energy::DeviceProfile& lever_device() const
    {
        return table_.accounting.datacenter_devices.front();
    }
    [[nodiscard]] double pue() const { return table_.accounting.pue.front().ratio(); }

    [[nodiscard]] std::string one_off() const
    {
        const auto& device = lever_device();
        Section section{"One-off, on " + reductions_.one_off_device};
        for (const auto& part : parts_of(row_.result)) {
            const auto priced = energy::price(part.work, device);
            const auto rate =
                part.learning_rate ? " at a learning rate of " + digits(*part.learning_rate) : std::string{};
            section.line(part.lever + ", " + part.what, work_text(part.work) + rate + "; by itself " +
                                                            digits(priced.seconds.count()) + " s and " +
                                                            digits(priced.joules.count()) + " J");
        }
        for (const auto& step : row_.result.steps)
            if (step.cost.kept_bytes > 0)
                section.line(std::string{spec::name(step.lever)} + ", kept",
                             std::to_string(step.cost.kept_bytes) + " bytes meanwhile");
        const auto work = sum_of(row_.cost);
        section.line("all", work_text(work) + ", priced at once");
        add_compute(section, work, device);
        section.line("one-off", "computing x PUE " + digits(pue()) + " = " + digits(row_.one_off.count()) + " J; " +
                                    grams_text(row_.one_off, grid(), row_.one_off_grams));
        return section.text();
    }

    [[nodiscard]] std::string request(const ReductionRow& row, std::size_t place) const
    {
        const auto& device = reductions_.devices[place];
        const auto& cost = row.requests[place];
        Section section{"A request to " + row.label + ", on " + device_words(device)};
        const auto demand = demand_of(row.figures);
        const auto& inference = row.figures.inference;
        const bool is_int8 = demand.int8_ops > 0;
        const auto ops = is_int8 ? demand.int8_ops : demand.work.flops;
        section.line("work", std::to_string(ops) + (is_int8 ? " operations in int8" : " FLOPs") + " = 2 x " +
                                 std::to_string(ops / 2) + " multiply-accumulates, " +
                                 std::to_string(inference.memory_bytes) + " bytes of memory traffic, " +
                                 std::to_string(inference.kernels) + " kernels; at most " +
                                 std::to_string(inference.peak_activation_bytes) + " bytes of activations, while " +
                                 inference.peak_operator + " runs");
        if (!cost.cost.energy) {
            section.line("not able", cost.cost.why_not);
            return section.text();
        }
        const auto& energy = *cost.cost.energy;
        section.line("priced by", std::string{energy::name(energy.basis)});
        if (energy.basis == energy::RequestBasis::served)
            add_served(section, *device.serving, demand, energy);
        else if (energy.basis == energy::RequestBasis::training)
            add_compute(section, demand.work, *device.device.profile);
        else
            add_measured(section,
                         *device.device.inference->rate(is_int8 ? spec::NumberType::int8 : spec::NumberType::fp32),
                         is_int8 ? "int8" : "fp32", ops / 2, energy);
        add_waiting(section, device, demand, energy);
        auto words =
            (device.pue ? "(computing + waiting) x PUE " + digits(*device.pue) : std::string{"computing + waiting"}) +
            " = " + digits(cost.joules.count()) + " J; " + grams_text(cost.joules, grid(), cost.grams);
        if (cost.gram_band.is_known()) words += ", " + text::band_text(cost.gram_band) + " g by the figures' bands";
        section.line("a request", words);
        return section.text();
    }

    static void add_measured(Section& section, const energy::InferenceRate& rate, const std::string& type,
                             std::uint64_t macs, const energy::InferenceEnergy& energy)
    {
        section.line("time", std::to_string(macs) + " / (" + digits(rate.gmac_per_s.value) + " x 1e9) (" + type +
                                 "_gmac_per_s, " + standing(rate.gmac_per_s) + ") = " + digits(energy.service.count()) +
                                 " s");
        section.line("computing", std::to_string(macs) + " / 1e9 x " + digits(rate.joules_per_gmac.value) + " J (" +
                                      type + "_joules_per_gmac, " + standing(rate.joules_per_gmac) +
                                      ") = " + digits(energy.busy.count()) + " J: " + digits(rate.active_w.value) +
                                      " W (" + type + "_active_w, " + standing(rate.active_w) + ")");
    }

    /// Of a model that was measured in a server there.
    static void add_served_form(Section& section, const energy::ServingProfile& device, const energy::BatchDemand& one,
                                const energy::BatchService& service, const energy::InferenceEnergy& energy)
    {
        section.line("time", digits(service.before(1).count()) + " s of the server (batch_s + request_s + arrival_s, " +
                                 standing(service.form->batch_s) + ") + " + digits(service.on_device(1).count()) +
                                 " s of its engine = " + digits(energy.service.count()) + " s");
        section.line("computing", digits(device.power(one.arithmetic, 1)->count()) + " W x " +
                                      digits(service.server_work(1).count()) + " core-seconds / " +
                                      digits(service.cores) + " cores = " + digits(energy.busy.count()) + " J");
    }

    static void add_served(Section& section, const energy::ServingProfile& device,
                           const energy::InferenceDemand& demand, const energy::InferenceEnergy& energy)
    {
        const auto one = energy::batch_demand(demand);
        const auto service = energy::in_open_loop(energy::batch_service(device, one));
        if (service.form) {
            add_served_form(section, device, one, service, energy);
            return;
        }
        const auto& rate = device.rate(one.arithmetic)->gmac_per_s;
        auto longer = std::to_string(one.macs) + " / (" + digits(rate.value) + " x 1e9) s (" +
                      std::string{energy::name(one.arithmetic)} + "_gmac_per_s, " + standing(rate) + ")";
        if (device.memory_gb_s) {
            const double moved =
                (service.read_weights.count() + (service.batch_that_fits_chip == 0 ? service.move_each.count() : 0)) *
                device.memory_gb_s->value;
            longer = "the longer of " + longer + " and " + digits(moved * 1e9) + " bytes / (" +
                     digits(device.memory_gb_s->value) + " x 1e9) s (memory_gb_s, " + standing(*device.memory_gb_s) +
                     ")";
        }
        section.line("time", digits(device.floor_s.value) + " s (floor_s, " + standing(device.floor_s) + ") + " +
                                 longer + " = " + digits(energy.service.count()) + " s");
        section.line("computing", digits(device.power(one.arithmetic, 1)->count()) + " W (busy_w" +
                                      (device.busy_w ? ", " + standing(*device.busy_w) : std::string{}) + ") x " +
                                      digits(energy.service.count()) + " s = " + digits(energy.busy.count()) + " J");
    }

    // Its watts at a load are not those of a pause.
    void add_served_waiting(Section& section, const energy::ServingProfile& device,
                            const energy::InferenceDemand& demand, const energy::InferenceEnergy& energy) const
    {
        if (!energy.idle) {
            section.line("waiting", "unknown: " + device.id + "'s serving record has no idle_w");
            return;
        }
        const double each = static_cast<double>(energy.instances) / reductions_.per_second;
        const double busy_share = energy::served_price(device, energy::batch_demand(demand), 1).busy_share;
        section.line("waiting",
                     digits(energy.sum().count() / each) + " W at a load of " +
                         digits(100 * energy.service.count() * busy_share / each) + " % (between idle_w " +
                         digits(device.idle_w->value) + ", " + standing(*device.idle_w) + ", and busy_w) x " +
                         std::to_string(energy.instances) + (energy.instances == 1 ? " device / " : " devices / ") +
                         rate_words(reductions_.per_second) + " - computing = " + digits(energy.idle->count()) + " J");
    }

    void add_waiting(Section& section, const RequestDevice& device, const energy::InferenceDemand& demand,
                     const energy::InferenceEnergy& energy) const
    {
        if (energy.basis == energy::RequestBasis::served) {
            add_served_waiting(section, *device.serving, demand, energy);
            return;
        }
        if (!energy.idle) {
            section.line("waiting", "unknown: " + device.device.id() + " has no idle_w");
            return;
        }
        const auto& inference = device.device.inference;
        const auto& idle = inference && inference->idle_w ? *inference->idle_w : device.device.profile->idle_w;
        section.line("waiting",
                     digits(idle.value) + " W (idle_w, " + standing(idle) + ") x (" + std::to_string(energy.instances) +
                         (energy.instances == 1 ? " device / " : " devices / ") + rate_words(reductions_.per_second) +
                         " - " + digits(energy.service.count()) + " s) = " + digits(energy.idle->count()) + " J");
    }

    [[nodiscard]] std::string break_even(std::size_t place) const
    {
        const auto& device = reductions_.devices[place];
        const auto& request = row_.requests[place];
        if (!request.is_comparable) return {};
        const double own = own_.requests[place].grams.count();
        const double smaller = request.grams.count();
        const int count = digits_of_difference(own, own - smaller);
        const auto difference =
            digits(own, count) + " g of " + own_.label + " - " + digits(smaller, count) + " g of " + row_.label;
        Section section{"When the levers have paid, on " + device_words(device)};
        section.line("requests", request.break_even ? digits(row_.one_off_grams.count()) + " g / (" + difference +
                                                          ") = " + text::significant(*request.break_even)
                                                    : "never: " + difference + " is nothing saved");
        if (request.is_mixed)
            section.line("mind", own_.label + " by " + std::string{name_of(own_.requests[place])} + ", " + row_.label +
                                     " by " + std::string{name_of(request)} + "; no one measurement holds both");
        return section.text();
    }

    static std::string_view name_of(const RequestCost& request) { return energy::name(request.cost.energy->basis); }

    const Table& table_;
    Reductions reductions_;
    const ReductionRow& row_;
    const ReductionRow& own_;
};

}  // namespace

std::optional<ChosenReduction> find_reduction(const Table& table, std::string_view name,
                                              const carbon::CountryNames& names)
{
    const auto slash = name.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto wanted = text::lower(name.substr(slash + 1));
    const auto& rows = table.reductions.rows;
    const auto row = std::ranges::find_if(
        rows, [&](const auto& each) { return !each.levers.empty() && text::lower(each.label) == wanted; });
    if (row == rows.end()) return std::nullopt;
    return ChosenReduction{find_country(table, name.substr(0, slash), names),
                           static_cast<std::size_t>(row - rows.begin())};
}

std::string reduction_names(const Table& table)
{
    std::vector<std::string> all;
    for (const auto& row : table.reductions.rows)
        if (!row.levers.empty()) all.push_back(table.accounting.countries.front().iso3 + "/" + row.label);
    return text::joined(all);
}

std::string reductions_list(const Table& table, const Cell& cell)
{
    const auto training = table.columns[cell.column].training;
    const auto& country = table.accounting.countries[cell.country];
    Section section{"Smaller models, each explained as COUNTRY/LABEL"};
    bool is_any = false;
    for (const auto& row : table.reductions.rows) {
        if (row.training != training || row.levers.empty()) continue;
        is_any = true;
        section.line(country.iso3 + "/" + row.label, row.levers + "; one-off on " + table.reductions.one_off_device +
                                                         " = " + digits(row.one_off.count()) + " J");
    }
    return is_any ? section.text() : std::string{};
}

std::vector<RequestDevice> request_devices(const Table& table, const Column& column)
{
    const auto& rows = table.reductions.rows;
    if (std::ranges::find(rows, column.training, &ReductionRow::training) == rows.end()) return {};
    return table.reductions.devices;
}

Json request_figures_json(const RequestDevice& device)
{
    auto json = figures_json(device.device);
    if (device.serving) json["serving"] = figures_json(*device.serving);
    return json;
}

std::string explain_reduction(const Table& table, const run::RunRecord& run, const ChosenReduction& chosen,
                              Figures figures)
{
    return Chain{table, run, chosen}.text(figures);
}

Json explain_reduction_json(const Table& table, const run::RunRecord& run, const ChosenReduction& chosen)
{
    return Chain{table, run, chosen}.json();
}

}  // namespace fedgram::report
