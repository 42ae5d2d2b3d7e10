#include "experiments/asking/break_even_question.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "common/error/error.hpp"
#include "common/report/table/not_told_apart.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "experiments/lookup/priced_run.hpp"
#include "experiments/lookup/record_lookup.hpp"
#include "experiments/sweep/sweep_file.hpp"
#include "experiments/sweep/sweep_runs.hpp"

namespace fedgram::experiments {

namespace {

using carbon::EnergyRatio;

/// The columns that are compared.
struct Pair {
    std::size_t federated;
    std::size_t centralized;
};

Pair pair_of(const report::Table& table, const std::string& training, const std::string& folder)
{
    std::optional<std::size_t> federated;
    std::optional<std::size_t> centralized;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const auto& outcome = table.outcome(table.columns[i]);
        if (outcome.missed_target()) continue;
        const bool is_federated = outcome.kind == run::TrainingKind::federated;
        if (is_federated && !federated && (training.empty() || outcome.label == training)) federated = i;
        if (!is_federated && !centralized) centralized = i;
    }
    if (!federated)
        throw SpecError{folder + ": no federated training" + (training.empty() ? "" : " \"" + training + "\"") +
                        " has a result, so there is nothing that could become greener"};
    if (!centralized) throw SpecError{folder + ": no centralized training has a result to be compared with"};
    return {*federated, *centralized};
}

EnergyRatio ratio_in(const report::Table& table, const std::string& training, const std::string& folder)
{
    const auto pair = pair_of(table, training, folder);
    const auto ratio = report::grams_ratio(table, pair.federated, pair.centralized, 0);
    if (!ratio)
        throw SpecError{folder + ": the grid of " + table.accounting.countries.front().name +
                        " emits nothing, so there is no ratio; choose another first country"};
    return *ratio;
}

/// A run, and the ratio in it where its assumptions are changed.
class RepricedRun {
public:
    explicit RepricedRun(const BreakEvenQuestion& question)
        : question_{question},
          priced_{priced_run(question.folder, {})},
          pair_{pair_of(priced_.table, question.training, folder())}
    {
        accounting_ = priced_.run.accounting;
        accounting_.countries.resize(1);
    }

    template <class Change>
    [[nodiscard]] EnergyRatio with(Change change) const
    {
        auto accounting = accounting_;
        change(accounting);
        return ratio_in(report::build_table(priced_.run, accounting), question_.training, folder());
    }
    [[nodiscard]] const carbon::Accounting& accounting() const { return accounting_; }
    /// One figure can't stand for those of all groups.
    void refuse_fleet(const std::string& figure) const
    {
        const auto& column = priced_.table.columns[pair_.federated];
        if (priced_.table.fleet(column) != nullptr)
            throw SpecError{"--break-even " + figure + ": the nodes of " + priced_.table.outcome(column).label +
                            " are a fleet, each group with its own; ask for pue, or compare runs that differ in it"};
    }
    [[nodiscard]] BreakEvenAnswer begun() const
    {
        const auto& table = priced_.table;
        return {.federated = table.columns[pair_.federated].heading,
                .centralized = table.columns[pair_.centralized].heading,
                .country = table.accounting.countries.front().name,
                .at_present = with([](carbon::Accounting&) {})};
    }

private:
    [[nodiscard]] std::string folder() const { return question_.folder.string(); }

    const BreakEvenQuestion& question_;
    PricedRun priced_;
    Pair pair_;
    carbon::Accounting accounting_;
};

BreakEvenAnswer by_pue(const RepricedRun& run)
{
    auto answer = run.begun();
    answer.name = "a PUE of";
    answer.result = break_even(
        [&](double pue) { return run.with([&](carbon::Accounting& changed) { changed.pue = {carbon::Pue{pue}}; }); }, 1,
        10);
    return answer;
}

BreakEvenAnswer by_grid(const RepricedRun& run)
{
    run.refuse_fleet("grid");
    auto answer = run.begun();
    answer.name = "a grid of the nodes of";
    answer.unit = " gCO2e/kWh";
    answer.meanwhile = ", while the data centre stays in " + answer.country;
    auto place = run.accounting().countries.front();
    place.hourly.reset();
    answer.result = break_even(
        [&](double grams) {
            place.intensity = GramsPerKilowattHour{grams};
            return run.with([&](carbon::Accounting& changed) { changed.node_places = {place}; });
        },
        0.01, 3000);
    return answer;
}

BreakEvenAnswer by_link(const RepricedRun& run)
{
    run.refuse_fleet("link");
    auto answer = run.begun();
    const auto link = run.accounting().link;
    const auto down_by_up = link.download_mbit_s / link.upload_mbit_s;
    answer.name = "an upload of";
    answer.unit = " Mbit/s";
    answer.meanwhile = ", with a download " + text::significant(down_by_up) + " times as fast";
    answer.result = break_even(
        [&](double up) { return run.with([&](carbon::Accounting& changed) {
                             changed.link = {up * down_by_up, up};
                         }); },
        0.01, 100'000);
    return answer;
}

BreakEvenAnswer by_device(const RepricedRun& run)
{
    run.refuse_fleet("device");
    auto answer = run.begun();
    for (const auto& id : device_ids()) {
        const auto device = experiments::device(id);
        if (device.device_class != energy::DeviceClass::edge) continue;
        const auto ratio = run.with([&](carbon::Accounting& changed) { changed.edge_device = device; });
        answer.devices.push_back({device.name, ratio});
    }
    std::ranges::stable_sort(answer.devices, {}, [](const DeviceRatio& one) { return one.ratio.likely; });
    return answer;
}

/// Over the runs of a sweep, in the geometric mean over its seeds and its other keys.
BreakEvenAnswer by_key(const BreakEvenQuestion& question)
{
    const auto folder = question.folder.string();
    const auto plan = read_sweep_file(question.folder);
    const auto key = std::ranges::find_if(plan.keys, [&](const SweepKey& other) {
        return other.key == question.of || short_key(plan, other.key) == question.of;
    });
    if (key == plan.keys.end()) {
        std::vector<std::string> known;
        for (const auto& other : plan.keys) known.push_back(short_key(plan, other.key));
        throw SpecError{"--break-even " + question.of + ": no key of the sweep; use " + text::joined(known) +
                        ", or pue, grid, link or device of one of its runs"};
    }
    const auto place = static_cast<std::size_t>(key - plan.keys.begin());
    BreakEvenAnswer answer;
    std::map<double, std::vector<EnergyRatio>> ratios;
    std::size_t lacking = 0;
    for (const auto& run : expand(plan)) {
        const auto path = question.folder / "runs" / run.name;
        double value = 0;
        try {
            value = std::stod(run.values[place]);
        } catch (const std::exception&) {
            throw SpecError{"--break-even " + question.of + ": \"" + run.values[place] +
                            "\" is no number, so nothing lies between it and the next"};
        }
        try {
            const auto priced = priced_run(path, {});
            const auto pair = pair_of(priced.table, question.training, path.string());
            answer.federated = priced.table.columns[pair.federated].heading;
            answer.centralized = priced.table.columns[pair.centralized].heading;
            answer.country = priced.table.accounting.countries.front().name;
            ratios[value].push_back(ratio_in(priced.table, question.training, path.string()));
        } catch (const Error&) {
            ++lacking;
        }
    }
    if (ratios.size() < 2)
        throw SpecError{folder + ": fewer than two values of " + question.of +
                        " have runs in which a federated and a centralized training have results; " +
                        std::to_string(lacking) + " runs have not"};
    const auto mean = [&](double value) {
        EnergyRatio product{0, 0, 0};
        const auto& list = ratios.at(value);
        for (const auto& ratio : list) {
            product.likely += std::log(ratio.likely) / static_cast<double>(list.size());
            product.low += std::log(ratio.low) / static_cast<double>(list.size());
            product.high += std::log(ratio.high) / static_cast<double>(list.size());
        }
        return EnergyRatio{std::exp(product.likely), std::exp(product.low), std::exp(product.high)};
    };
    std::vector<double> values;
    for (const auto& [value, list] : ratios) values.push_back(value);
    answer.name = short_key(plan, key->key);
    if (lacking > 0)
        answer.meanwhile = "; " + std::to_string(lacking) + " runs in which one of both has no result are left out";
    answer.result = break_even_between(mean, values);
    answer.at_present = mean(values.front());
    answer.present = answer.name + " " + text::significant(values.front());
    return answer;
}

std::string times(double ratio) { return text::significant(ratio) + " times"; }

}  // namespace

BreakEvenAnswer answered(const BreakEvenQuestion& question)
{
    if (!is_sweep_folder(question.folder) && !std::filesystem::exists(question.folder / "spec.json"))
        throw SpecError{question.folder.string() + " is no folder of a run or a sweep; give the --out of one"};
    if (is_sweep_folder(question.folder)) return by_key(question);
    const RepricedRun run{question};
    if (question.of == "pue") return by_pue(run);
    if (question.of == "grid") return by_grid(run);
    if (question.of == "link") return by_link(run);
    if (question.of == "device") return by_device(run);
    throw SpecError{"--break-even " + question.of +
                    ": use pue, grid, link or device of a run; other keys are of a sweep, "
                    "and " +
                    question.folder.string() + " is none"};
}

std::vector<std::string> break_even_sentences(const BreakEvenAnswer& answer)
{
    std::vector<std::string> sentences;
    if (answer.result) {
        sentences.push_back(answer.federated + " " +
                            words_of(*answer.result, "emits less than " + answer.centralized + " in " + answer.country,
                                     answer.name, answer.unit) +
                            answer.meanwhile + ".");
        sentences.push_back((answer.present.empty() ? std::string{"Where it stands"} : "At " + answer.present) +
                            ", it emits " + times(answer.at_present.likely) + " as much (" +
                            text::significant(answer.at_present.low) + " to " +
                            text::significant(answer.at_present.high) + ").");
        return sentences;
    }
    std::vector<std::string> greener;
    std::vector<std::string> perhaps;
    for (const auto& [name, ratio] : answer.devices)
        if (ratio.high < 1)
            greener.push_back(name);
        else if (ratio.low < 1)
            perhaps.push_back(name);
    sentences.push_back("Of " + std::to_string(answer.devices.size()) + " devices of record, " +
                        (greener.empty() ? "none makes" : text::joined(greener, "; ") + " make") + " the training of " +
                        answer.federated + " emit less than " + answer.centralized + " in " + answer.country +
                        " whatever values the figures have within their bands.");
    if (!perhaps.empty()) sentences.push_back("Nobody can tell on " + text::joined(perhaps, "; ") + ".");
    const auto& least = answer.devices.front();
    sentences.push_back("The least is " + least.name + ", with " + times(least.ratio.likely) + " as much (" +
                        text::significant(least.ratio.low) + " to " + text::significant(least.ratio.high) + ").");
    return sentences;
}

}  // namespace fedgram::experiments
