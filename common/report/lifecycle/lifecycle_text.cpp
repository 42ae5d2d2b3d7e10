#include "common/report/lifecycle/lifecycle_text.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "common/report/explain/section.hpp"
#include "common/report/lifecycle/life_notes.hpp"
#include "common/report/lifecycle/published_shares.hpp"
#include "common/text/banded_number.hpp"
#include "common/text/joined.hpp"
#include "common/text/mass_unit.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

// Neither all nor nothing is what is merely nearly so.
std::string per_cent(double part, double whole)
{
    if (!(whole > 0)) return "-";
    const auto text = text::fixed(100 * part / whole, 1);
    if (part < whole && text == "100.0") return "> 99.9";
    return part > 0 && text == "0.0" ? "< 0.1" : text;
}

std::string time_text(double days)
{
    if (days >= 1) return text::significant(days) + " days";
    const double hours = days * 24;
    return hours >= 1 ? text::significant(hours) + " hours" : text::significant(hours * 3600) + " s";
}

template <class Value, class Text>
std::string or_dash(const std::optional<Value>& value, Text text_of)
{
    return value ? text_of(*value) : "-";
}

text::Band band_of(const Ends<GramsCO2e>& ends, double times = 1)
{
    return {ends.low.count() * times, ends.high.count() * times};
}

// Ends that read the same are no band for a reader.
std::string low_high(const text::Band& band)
{
    return text::significant(band.low, 4) == text::significant(band.high, 4) ? "-" : text::band_text(band);
}

/// "1000000", "0.25": six digits, without zeros behind the point.
std::string amount_text(double amount)
{
    auto text = text::significant(amount, 6);
    if (text.find('.') == std::string::npos) return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

/// "75 (13-230)" of a unit that has so many to the gram.
std::string embodied_text(const Spent& spent, double per_gram)
{
    if (!spent.embodied) return "-";
    const auto band = band_of(*spent.embodied_ends, per_gram);
    return text::banded(spent.embodied->count() * per_gram, band) +
           (band.is_known() ? " (" + text::band_text(band) + ")" : std::string{});
}

std::string dollars(double usd) { return text::significant(usd); }
std::string seconds(Seconds time) { return text::significant(time.count()); }

std::string plan_text(const Lifecycle& lives)
{
    const auto& plan = lives.plan;
    return amount_text(plan.predictions_per_day) + " predictions a day, evenly, for " + text::shortest(plan.days) +
           " days (" + amount_text(plan.predictions()) + " in all), in " + lives.country + " at " +
           text::shortest(lives.electricity.grid.count()) + " gCO2e/kWh\n" +
           (network_warning(lives) ? *network_warning(lives) + "\n" : std::string{});
}

std::string parts_table(const Life& life)
{
    auto whole = life.whole();
    whole.rent_usd = life.all_rent_usd();
    whole.embodied = life.all_embodied();
    const auto unit = text::mass_unit(whole.grams);
    text::TextTable table;
    table.add({life.basis.name, "J", unit.name + " CO2e", "low-high", "share, %", "embodied, " + unit.name, "device s",
               "electricity, USD", "rent, USD", "to pay, USD"});
    const auto add = [&](const std::string& name, const Spent& spent) {
        const auto band = band_of(spent.gram_ends, unit.per_gram);
        table.add({name, text::significant(spent.joules.count()),
                   text::banded(spent.grams.count() * unit.per_gram, band), low_high(band),
                   per_cent(spent.grams.count(), whole.grams.count()), embodied_text(spent, unit.per_gram),
                   or_dash(spent.device_time, seconds), dollars(spent.electricity_usd),
                   or_dash(spent.rent_usd, dollars), dollars(spent.usd)});
    };
    for (const auto& part : life.parts) {
        add(std::string{name(part.stage)}, part.spent);
        if (part.stage == LifeStage::computing && life.unknown_waiting) {
            const auto& waiting = *life.unknown_waiting;
            const auto rent = or_dash(waiting.rent_usd, dollars);
            table.add({std::string{name(LifeStage::waiting)}, "-", "-", "-", "-", embodied_text(waiting, unit.per_gram),
                       or_dash(waiting.device_time, seconds), "-", rent, rent});
        }
    }
    add(life.is_lower_bound() ? "in all, more than" : "in all", whole);
    return table.text();
}

std::string inference_sentence(const Lifecycle& lives, const Life& life)
{
    const auto inference = life.inference();
    const auto whole = life.whole();
    const double thousands = lives.plan.predictions() / 1000;
    const auto waiting = std::ranges::find(life.parts, LifeStage::waiting, &LifePart::stage);
    auto text = "Inference is " + per_cent(inference.joules.count(), whole.joules.count()) + " % of the energy and " +
                per_cent(inference.grams.count(), whole.grams.count()) + " % of the grams: 1000 predictions take " +
                text::significant(inference.joules.count() / thousands) + " J and " +
                dollars(inference.usd / thousands) + " USD at " + text::significant(lives.plan.per_second()) +
                " a second";
    if (life.basis.place.on_clients) return text + ", on devices that are on anyway.\n";
    text += " on " + std::to_string(life.use.devices) + (life.use.devices == 1 ? " device" : " devices") +
            ", at a load of " + per_cent(life.use.load, 1) + " %";
    if (waiting != life.parts.end())
        text += "; " + per_cent(waiting->spent.joules.count(), inference.joules.count()) +
                " % of that energy is waiting for the next one";
    return text + ".\n";
}

std::string formulas(const Life& life)
{
    Section section{"How it comes about"};
    for (const auto& part : life.parts)
        section.line(std::string{name(part.stage)}, part.formula + " = " + digits(part.spent.joules.count()) +
                                                        " J = " + digits(part.spent.grams.count()) + " g");
    return section.text();
}

std::string life_parts(const Lifecycle& lives, const Life& life)
{
    return parts_table(life) + inference_sentence(lives, life) + formulas(life);
}

std::string side_by_side(const Lifecycle& lives)
{
    text::TextTable table;
    const bool is_test = lives.evaluated_on == run::EvaluationSet::test;
    table.add({"Lives", is_test ? "accuracy, %" : "validation accuracy, %", "before use, g", "g per 1000", "low-high",
               "in all, g", "low-high", "in all, kWh", "inference, %", "embodied, g", "to pay, USD"});
    for (const auto& life : lives.lives) {
        const auto bound = std::string{life.is_lower_bound() ? "> " : ""};
        const auto& basis = life.basis;
        const auto accuracy = or_dash(basis.model.accuracy, [](double part) { return text::fixed(100 * part, 2); });
        if (!life.is_possible()) {
            table.add({basis.name, accuracy, "-", "-", "-", "-", "-", "-", "-", "-", "-"});
            continue;
        }
        auto whole = life.whole();
        whole.embodied = life.all_embodied();
        const auto before = basis.before_use();
        const auto each = band_of(life.per_prediction_ends, 1000);
        const auto all = band_of(whole.gram_ends);
        table.add({basis.name, accuracy, text::banded(before.grams.count(), band_of(before.gram_ends)),
                   bound + text::banded(1000 * life.per_prediction.count(), each), low_high(each),
                   bound + text::banded(whole.grams.count(), all), low_high(all),
                   bound + text::significant(kilowatt_hours(whole.joules)),
                   per_cent(life.inference().grams.count(), whole.grams.count()), embodied_text(whole, 1),
                   dollars(whole.usd)});
    }
    return "\n" + table.text() +
           "Per 1000: predictions at that rate, waiting with them, and retraining spread over them.\n";
}

// Within the bands it may be from fewer on, or from more, or never.
std::string reach(const LifeBreakEven& pair)
{
    const auto least = pair.least > 0 ? text::significant(pair.least, 2) : "any number";
    if (pair.most && *pair.most <= *pair.predictions && pair.least >= *pair.predictions) return {};
    return " (low-high: " + least + " to " + (pair.most ? text::significant(*pair.most, 2) : "never") + ")";
}

std::string crossing(const Lifecycle& lives, const LifeBreakEven& pair)
{
    return lives.lives[pair.greener].basis.name + " emits less than " + lives.lives[pair.other].basis.name + " from " +
           text::significant(*pair.predictions) + " predictions on" + reach(pair) + ", after " +
           time_text(*pair.days(lives.plan)) +
           (*pair.predictions > lives.plan.predictions() ? ", beyond the plan" : "") + ".\n";
}

/// Whether one life emits less than another at any number of predictions: "yes", "likely", or nothing.
std::string less_word(const Lifecycle& lives, std::size_t one, std::size_t other)
{
    for (const auto& pair : lives.break_evens)
        if (!pair.is_crosswise && !pair.predictions && pair.greener == one && pair.other == other)
            return pair.is_told_apart() ? "yes" : "likely";
    return {};
}

/// All pairs at once, where sentences would be many.
std::string less_matrix(const Lifecycle& lives)
{
    std::vector<std::string> heads{"", "At any number emits less than"};
    for (std::size_t i = 0; i < lives.lives.size(); ++i) heads.push_back(std::to_string(i + 1));
    text::TextTable table{heads};
    for (std::size_t one = 0; one < lives.lives.size(); ++one) {
        std::vector<std::string> cells{std::to_string(one + 1), lives.lives[one].basis.name};
        for (std::size_t other = 0; other < lives.lives.size(); ++other) cells.push_back(less_word(lives, one, other));
        table.add(std::move(cells));
    }
    return table.text() +
           "yes: within all bands; likely: by the likely figures, but not for sure within their bands.\n";
}

std::string break_even_lines(const Lifecycle& lives)
{
    if (lives.break_evens.empty()) return {};
    std::string text;
    std::map<std::size_t, std::vector<std::string>> settled;
    std::map<std::size_t, std::vector<std::string>> likely;
    bool all = true;
    for (const auto& pair : lives.break_evens) {
        if (pair.is_crosswise)
            all = false;
        else if (pair.predictions)
            text += crossing(lives, pair);
        else
            (pair.is_told_apart() ? settled : likely)[pair.greener].push_back(lives.lives[pair.other].basis.name);
    }
    constexpr std::size_t most_sentences = 4;
    if (settled.size() + likely.size() > most_sentences) {
        text += less_matrix(lives);
        settled.clear();
        likely.clear();
    }
    for (const auto& [greener, others] : settled)
        text += lives.lives[greener].basis.name + " emits less at any number of predictions than " +
                text::joined(others, "; ") + ".\n";
    for (const auto& [greener, others] : likely)
        text += lives.lives[greener].basis.name +
                " emits less at any number of predictions by the likely figures, but not for sure within their "
                "bands, than " +
                text::joined(others, "; ") + ".\n";
    if (!all) text += "--json has also the pairs that differ in both model and place.\n";
    return "\nBreak-even\n" + text;
}

std::string published_lines(const Life& life)
{
    text::TextTable table{{"Share of inference", "%", "of what"}};
    table.add({"here", per_cent(life.inference().joules.count(), life.whole().joules.count()), "this life's energy"});
    for (const auto& share : published_inference_shares()) {
        const auto low = text::fixed(100 * share.low, 0);
        table.add({std::string{share.who}, share.low == share.high ? low : low + "-" + text::fixed(100 * share.high, 0),
                   std::string{share.of} + ": " + std::string{share.note} + " (" + std::string{share.source} + ")"});
    }
    return "\n" + table.text() +
           "Each is of another quantity, and of a company's whole use; ours follows from the number of predictions.\n";
}

}  // namespace

std::string lifecycle_text(const Lifecycle& lives, ShownParts parts)
{
    const auto shown = std::ranges::find_if(lives.lives, [](const Life& life) { return life.is_possible(); });
    auto text = plan_text(lives) + "\n";
    if (shown != lives.lives.end()) text += life_parts(lives, *shown);
    for (auto life = shown; parts == ShownParts::of_each && life != lives.lives.end(); ++life)
        if (life != shown && life->is_possible()) text += "\n" + life_parts(lives, *life);
    if (lives.lives.size() > 1) text += side_by_side(lives);
    text += break_even_lines(lives);
    if (shown != lives.lives.end()) text += published_lines(*shown);
    text += "\n";
    for (const auto& note : life_notes(lives)) text += note + "\n";
    return text;
}

}  // namespace fedgram::report
