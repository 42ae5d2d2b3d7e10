#include "experiments/analysis/surrogate_search.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "common/error/error.hpp"
#include "experiments/analysis/octaves.hpp"
#include "experiments/analysis/ranking.hpp"

namespace fedgram::experiments::analysis {

namespace {

constexpr double least_promise = 0.01;
constexpr double doubt_of_an_octave = 0.1;
constexpr double doubt_while_none_keeps = 1;
constexpr double most_octaves = 2;
constexpr double least_patience = 3;
constexpr double patience_for_each_other = 2;  // device, variant or queue delay
constexpr unsigned coarse_steps = 4;
constexpr unsigned fine_steps = 32;
constexpr std::size_t looked_at_finely = 5;

bool are_of_one_family(const Configuration& a, const Configuration& b)
{
    return a.device == b.device && a.variant == b.variant && a.queue_delay_us == b.queue_delay_us;
}

double octaves_between(const Probe& a, const Probe& b)
{
    const auto apart = [](double x, double y) { return std::abs(octaves(x) - octaves(y)); };
    return apart(a.configuration.max_batch, b.configuration.max_batch) +
           apart(a.configuration.instances, b.configuration.instances) + apart(a.load.amount, b.load.amount);
}

}  // namespace

SurrogateSearch::SurrogateSearch(const Space& space, const Goal& goal) : space_{space}, goal_{goal}
{
    if (space.loads.front().kind == Load::Kind::rate && space.loads.size() > 1)
        throw SpecError{"load: a quick search takes one rate, not " + std::to_string(space.loads.size()) +
                        "; give one, or search by brute force"};
    for (const auto& device : space.devices)
        for (const auto variant : space.variants)
            for (const auto delay : space.queue_delays_us)
                families_.push_back({device, variant, space.max_batches.front(), space.instances.front(), delay});
}

std::optional<Probe> SurrogateSearch::wanted()
{
    if (auto probe = in_first_look()) return probe;
    if (!by_default_) {
        judge();
        if (!is_in_vain())
            if (auto probe = most_promising()) return probe;
        by_default_.emplace(space_.default_configuration(), goal_, space_.loads.front(), space_.loads.back(),
                            LoadSearch::Begin::with_walk);
    }
    const auto by_default = book().of(space_.default_configuration());
    return by_default.front().measurement.failure.empty() ? by_default_->next(book()) : std::nullopt;
}

std::optional<Probe> SurrogateSearch::in_first_look() const
{
    const Probe by_default{space_.default_configuration(), space_.loads.front()};
    if (!book().find(by_default)) return by_default;
    for (const auto& lowest : families_) {
        auto middle = lowest;
        middle.max_batch = space_.max_batches[space_.max_batches.size() / 2];
        auto several = middle;
        several.instances = space_.instances[space_.instances.size() / 2];
        const Probe least{lowest, space_.loads.front()};
        for (const auto& probe : {least, under_two_batches(middle), under_two_batches(several)})
            if (!book().find(probe)) return probe;
    }
    return std::nullopt;
}

void SurrogateSearch::judge()
{
    if (judged_ == book().entries().size()) return;
    surrogates_.clear();
    measured_.clear();
    for (const auto& family : families_) {
        measured_.push_back(entries_of(family));
        const bool any_ran = std::ranges::any_of(measured_.back(), ran);
        surrogates_.push_back(any_ran ? std::optional<Surrogate>{measured_.back()} : std::nullopt);
    }
    const auto best = best_of_configurations(goal_, book().entries()).front();
    const bool is_better = !best_ || gain(goal_, best.measurement, best_->measurement) >= least_promise;
    if (is_better)
        without_gain_ = 0;
    else if (ran(book().entries().back()))
        ++without_gain_;
    best_ = best;
    judged_ = book().entries().size();
}

bool SurrogateSearch::is_in_vain() const
{
    const auto& [configuration, load] = best_->probe;
    const auto batch = std::clamp(load.amount / configuration.instances, 1.0, 1.0 * configuration.max_batch);
    const auto others = static_cast<double>(families_.size() - 1);
    return without_gain_ >= least_patience + octaves(batch) / 2 + patience_for_each_other * others;
}

std::optional<Probe> SurrogateSearch::most_promising() const
{
    std::vector<Place> places;
    for (std::size_t family = 0; family < families_.size(); ++family) {
        if (!surrogates_[family]) continue;
        auto configuration = families_[family];
        for (const auto batch : space_.max_batches)
            for (const auto instances : space_.instances) {
                configuration.max_batch = batch;
                configuration.instances = instances;
                if (const auto place =
                        best_load(family, configuration, coarse_steps, 0, std::numeric_limits<double>::infinity()))
                    places.push_back(*place);
            }
    }
    std::ranges::stable_sort(places, std::greater{}, &Place::promise);
    if (places.size() > looked_at_finely) places.resize(looked_at_finely);
    std::optional<Place> best;
    for (const auto& [family, probe, coarse] : places) {
        const auto amount = probe.load.amount;
        const auto place = best_load(family, probe.configuration, fine_steps, amount / 2, 2 * amount);
        if (place && (!best || place->promise > best->promise)) best = place;
    }
    return best && best->promise >= least_promise ? std::optional{best->probe} : std::nullopt;
}

std::optional<SurrogateSearch::Place> SurrogateSearch::best_load(std::size_t family, const Configuration& configuration,
                                                                 unsigned steps, double least, double most) const
{
    std::optional<Place> best;
    const auto look = [&](double amount) {
        Place place{family, {configuration, {space_.loads.front().kind, amount}}};
        if (amount < least || amount > most || book().find(place.probe)) return;
        place.promise = promise(family, place.probe);
        if (!best || place.promise > best->promise) best = place;
    };
    const auto last = space_.loads.back().amount;
    for (auto amount = space_.loads.front().amount; amount < last;) {
        look(amount);
        double octave = 1;
        while (2 * octave <= amount) octave *= 2;
        amount += std::max(1.0, std::floor(octave / steps));
    }
    look(last);
    return best;
}

double SurrogateSearch::promise(std::size_t family, const Probe& probe) const
{
    double nearest = most_octaves;
    for (const auto& entry : measured_[family]) nearest = std::min(nearest, octaves_between(entry.probe, probe));
    const double doubt = keeps(goal_, best_->measurement) ? doubt_of_an_octave : doubt_while_none_keeps;
    return gain(goal_, surrogates_[family]->expected(probe), best_->measurement) + doubt * nearest;
}

std::vector<JournalEntry> SurrogateSearch::entries_of(const Configuration& family) const
{
    std::vector<JournalEntry> own;
    for (const auto& entry : book().entries())
        if (are_of_one_family(entry.probe.configuration, family)) own.push_back(entry);
    return own;
}

Probe SurrogateSearch::under_two_batches(const Configuration& configuration) const
{
    auto load = space_.loads.front();
    const auto clients = 2.0 * configuration.max_batch * configuration.instances;
    if (load.kind == Load::Kind::concurrency)
        load.amount = std::clamp(clients, load.amount, space_.loads.back().amount);
    return {configuration, load};
}

}  // namespace fedgram::experiments::analysis
