#include "common/report/lifecycle/break_even.hpp"

#include <algorithm>

namespace fedgram::report {

namespace {

/// Of the difference of two sums, in grams.
Ends<double> difference(const Ends<GramsCO2e>& one, const Ends<GramsCO2e>& other)
{
    return {(one.low - other.high).count(), (one.high - other.low).count()};
}

Ends<double> sum(const Ends<double>& one, const Ends<double>& other)
{
    return {one.low + other.low, one.high + other.high};
}

const Ends<GramsCO2e>& ends_of(const LifeBasis& basis, LifeStage stage)
{
    static constexpr Ends<GramsCO2e> none{};
    const auto found = std::ranges::find(basis.before, stage, &LifePart::stage);
    return found == basis.before.end() ? none : found->spent.gram_ends;
}

bool have_one_model(const LifeBasis& one, const LifeBasis& other) { return one.model.label == other.model.label; }
bool have_one_place(const LifeBasis& one, const LifeBasis& other) { return one.place.words() == other.place.words(); }

/// What making one model takes beyond making the other: what both rest on cancels. Lost work and trials are the same.
Ends<double> development(const LifeBasis& one, const LifeBasis& other)
{
    Ends<double> ends{};
    if (have_one_model(one, other)) return ends;
    if (one.model.column != other.model.column)
        for (const auto stage : {LifeStage::training, LifeStage::evaluation})
            ends = sum(ends, difference(ends_of(one, stage), ends_of(other, stage)));
    return sum(ends, difference(ends_of(one, LifeStage::levers), ends_of(other, LifeStage::levers)));
}

/// What a prediction of `one` takes beyond one of `other`: answering alone.
class AnsweringDifference {
public:
    AnsweringDifference(const LifePlan& plan, GramsPerKilowattHour grid) : plan_{plan}, grid_{grid} {}

    [[nodiscard]] Ends<double> operator()(const Life& one, const Life& other) const
    {
        const auto& first = *one.basis.request;
        const auto& second = *other.basis.request;
        if (one.basis.place.id() != other.basis.place.id() || first.ends.size() != second.ends.size()) {
            const double each = 1 / plan_.predictions();
            const auto all = difference(one.answering.gram_ends, other.answering.gram_ends);
            return {all.low * each, all.high * each};
        }
        const double likely = at(one.basis, first.likely) - at(other.basis, second.likely);
        Ends<double> ends{likely, likely};
        for (std::size_t i = 0; i < first.ends.size(); ++i) {
            const double end = at(one.basis, first.ends[i]) - at(other.basis, second.ends[i]);
            ends = {std::min(ends.low, end), std::max(ends.high, end)};
        }
        return ends;
    }

private:
    [[nodiscard]] double at(const LifeBasis& basis, const RequestPrice& price) const
    {
        return (answering_joules(basis, price, plan_) * grid_).count();
    }

    const LifePlan& plan_;
    GramsPerKilowattHour grid_;
};

/// The network's figure is the same for both, and so are the bytes.
Ends<double> network_difference(const LifeBasis& one, const LifeBasis& other)
{
    if (one.network.has_value() == other.network.has_value()) return {};
    if (one.network) return {one.network->gram_ends.low.count(), one.network->gram_ends.high.count()};
    return {-other.network->gram_ends.high.count(), -other.network->gram_ends.low.count()};
}

bool is_known(const Life& life) { return life.is_possible() && !life.is_lower_bound(); }

class BreakEvens {
public:
    BreakEvens(std::span<const Life> lives, const LifePlan& plan, GramsPerKilowattHour grid)
        : lives_{lives}, plan_{plan}, answering_{plan, grid}
    {
    }

    [[nodiscard]] std::optional<LifeBreakEven> of(std::size_t first, std::size_t second) const
    {
        const auto before = [&](std::size_t life) { return lives_[life].basis.before_use().grams.count(); };
        const auto each = [&](std::size_t life) { return lives_[life].per_prediction.count(); };
        if (before(first) == before(second) && each(first) == each(second)) return std::nullopt;
        // The one that emits less at last: less each time, or at equal steps less before.
        const bool is_first = each(first) != each(second) ? each(first) < each(second) : before(first) < before(second);
        LifeBreakEven result{is_first ? first : second, is_first ? second : first};
        const double to_save = before(result.greener) - before(result.other);
        if (to_save > 0) result.predictions = to_save / (each(result.other) - each(result.greener));
        set_band(result);
        return result;
    }

private:
    void set_band(LifeBreakEven& result) const
    {
        const auto& greener = lives_[result.greener];
        const auto& other = lives_[result.other];
        result.is_crosswise =
            !have_one_model(greener.basis, other.basis) && !have_one_place(greener.basis, other.basis);
        const auto made = development(greener.basis, other.basis);
        const double times = 1 + plan_.failed_for_each();
        const Ends<double> to_save{made.low * times, made.high * times};
        const auto again = development(other.basis, greener.basis);
        const double retrainings = static_cast<double>(plan_.retrainings()) / plan_.predictions();
        const auto saved = sum(sum(answering_(other, greener), network_difference(other.basis, greener.basis)),
                               {again.low * retrainings, again.high * retrainings});
        if (to_save.low > 0 && saved.high > 0) result.least = to_save.low / saved.high;
        if (to_save.high <= 0 && saved.low >= 0)
            result.most = 0;
        else if (saved.low > 0)
            result.most = to_save.high / saved.low;
    }

    std::span<const Life> lives_;
    const LifePlan& plan_;
    AnsweringDifference answering_;
};

}  // namespace

std::vector<LifeBreakEven> break_evens(std::span<const Life> lives, const LifePlan& plan, GramsPerKilowattHour grid)
{
    const BreakEvens each{lives, plan, grid};
    std::vector<LifeBreakEven> all;
    for (std::size_t i = 0; i < lives.size(); ++i)
        for (std::size_t j = i + 1; j < lives.size(); ++j)
            if (is_known(lives[i]) && is_known(lives[j]))
                if (auto found = each.of(i, j)) all.push_back(*found);
    return all;
}

}  // namespace fedgram::report
