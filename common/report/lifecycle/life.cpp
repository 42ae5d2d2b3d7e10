#include "common/report/lifecycle/life.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "common/report/explain/section.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

constexpr double seconds_per_day = 86400;
constexpr double seconds_per_hour = 3600;

std::string joules_text(Joules energy) { return digits(energy.count()) + " J"; }

/// What all predictions take by one price of one.
struct Answering {
    RequestUse use;
    Joules computing;
    Joules waiting;
    Seconds computing_time;  ///< of devices
    Seconds waiting_time;
};

Answering answering(const LifeBasis& basis, const RequestPrice& price, const LifePlan& plan)
{
    const double predictions = plan.predictions();
    const double pue = basis.place.pue.value_or(1);
    Answering all{.use = energy::use_at(price, plan.per_second()),
                  .computing = price.busy * (predictions * pue),
                  .waiting = {},
                  .computing_time = price.service * predictions,
                  .waiting_time = {}};
    if (basis.place.on_clients) {
        all.use = {};
        return all;
    }
    all.waiting = all.use.waiting.value_or(Joules{}) * (predictions * pue);
    const double there = static_cast<double>(all.use.devices) * plan.days * seconds_per_day;
    all.waiting_time = Seconds{std::max(0.0, there - all.computing_time.count())};
    return all;
}

template <class Value>
void widen(Ends<Value>& ends, Value value)
{
    ends = {std::min(ends.low, value), std::max(ends.high, value)};
}

/// A life, put together part by part.
class Building {
public:
    Building(const LifeBasis& basis, const LifePlan& plan, const Electricity& electricity)
        : plan_{plan}, electricity_{electricity}, life_{.basis = basis}
    {
    }

    Life life()
    {
        if (!life_.is_possible()) return std::move(life_);
        life_.parts = life_.basis.before;
        add_retraining();
        add_answering();
        add_network();
        set_per_prediction();
        return std::move(life_);
    }

private:
    void add(LifePart part)
    {
        if (part.spent.joules > Joules{}) life_.parts.push_back(std::move(part));
    }

    void add_retraining()
    {
        const auto times = static_cast<double>(plan_.retrainings());
        if (times == 0) return;
        const auto& once = life_.basis.retraining;
        add({LifeStage::retraining, once * times,
             digits(times) + " times, each " + digits(*plan_.retrain_every_days) + " days within " +
                 digits(plan_.days) + ", x " + joules_text(once.joules) + " (training, evaluation and levers)"});
    }

    void add_answering()
    {
        const auto& request = *life_.basis.request;
        const auto likely = answering(life_.basis, request.likely, plan_);
        life_.use = likely.use;
        Ends<Joules> computing{likely.computing, likely.computing};
        Ends<Joules> waiting{likely.waiting, likely.waiting};
        Ends<Seconds> computing_time{likely.computing_time, likely.computing_time};
        Ends<Seconds> waiting_time{likely.waiting_time, likely.waiting_time};
        const auto both = likely.computing + likely.waiting;
        const auto there = likely.computing_time + likely.waiting_time;
        Ends<Joules> answering_ends{both, both};
        Ends<Seconds> there_ends{there, there};
        for (const auto& price : request.ends) {
            const auto end = answering(life_.basis, price, plan_);
            widen(computing, end.computing);
            widen(waiting, end.waiting);
            widen(computing_time, end.computing_time);
            widen(waiting_time, end.waiting_time);
            widen(answering_ends, end.computing + end.waiting);
            widen(there_ends, end.computing_time + end.waiting_time);
        }
        life_.answering = of_devices(both, answering_ends, there, there_ends);
        add({LifeStage::computing, of_devices(likely.computing, computing, likely.computing_time, computing_time),
             computing_formula()});
        if (life_.use.waiting)
            add({LifeStage::waiting, of_devices(likely.waiting, waiting, likely.waiting_time, waiting_time),
                 waiting_formula(likely)});
        else if (!life_.basis.place.on_clients)
            life_.unknown_waiting = of_devices(likely.waiting, waiting, likely.waiting_time, waiting_time);
    }

    [[nodiscard]] Ends<GramsCO2e> making(const Ends<Seconds>& time) const
    {
        const auto each = *life_.basis.embodied_per_hour;
        const auto& reach = life_.basis.embodied_reach;
        return {each * (time.low.count() / seconds_per_hour * reach.low),
                each * (time.high.count() / seconds_per_hour * reach.high)};
    }

    [[nodiscard]] Spent of_devices(Joules joules, const Ends<Joules>& ends, Seconds time,
                                   const Ends<Seconds>& times) const
    {
        auto result = spent(joules, ends, electricity_.grid, electricity_.usd_per_kilowatt_hour);
        result.device_time = time;
        const auto& basis = life_.basis;
        const double hours = time.count() / seconds_per_hour;
        if (basis.embodied_per_hour) {
            result.embodied = *basis.embodied_per_hour * hours;
            result.embodied_ends = making(times);
        }
        if (basis.rent_usd_per_hour) result.usd = *(result.rent_usd = hours * *basis.rent_usd_per_hour);
        return result;
    }

    [[nodiscard]] std::string with_pue() const
    {
        return life_.basis.place.pue ? " x PUE " + digits(*life_.basis.place.pue) : std::string{};
    }

    [[nodiscard]] std::string computing_formula() const
    {
        const auto& request = *life_.basis.request;
        return joules_text(request.likely.busy) + " (" + digits(request.likely.service.count()) + " s" +
               (request.batch > 1 ? ", its share of a batch of " + std::to_string(request.batch) : "") + ") x " +
               digits(plan_.predictions()) + " predictions" + with_pue();
    }

    [[nodiscard]] std::string waiting_formula(const Answering& likely) const
    {
        const auto& request = *life_.basis.request;
        const auto devices = std::to_string(likely.use.devices);
        const auto there = devices + " x " + digits(plan_.days * seconds_per_day) + " s";
        if (!life_.basis.place.serving)
            return digits(request.likely.waiting->idle.count()) + " W x (" + there + " - " +
                   digits(likely.computing_time.count()) + " s of computing)" + with_pue();
        // What it draws at a load may not be on the line between idle and busy.
        const double each = static_cast<double>(likely.use.devices) / plan_.per_second();
        return "(" + digits(likely.use.sum(request.likely).count() / each) + " W at a load of " +
               digits(100 * likely.use.load) + " % x " + there + " - " +
               joules_text(request.likely.busy * plan_.predictions()) + " of computing)" + with_pue();
    }

    void add_network()
    {
        const auto& each = life_.basis.network;
        if (!each) return;
        add({LifeStage::network, *each * plan_.predictions(),
             life_.basis.network_formula + " x " + digits(plan_.predictions()) + " predictions"});
    }

    void set_per_prediction()
    {
        auto in_use = life_.answering;
        for (const auto& part : life_.parts)
            if (part.stage == LifeStage::retraining || part.stage == LifeStage::network) in_use = in_use + part.spent;
        const double each = 1 / plan_.predictions();
        life_.per_prediction = in_use.grams * each;
        life_.per_prediction_ends = {in_use.gram_ends.low * each, in_use.gram_ends.high * each};
    }

    const LifePlan& plan_;
    const Electricity& electricity_;
    Life life_;
};

bool is_answering(LifeStage stage) { return stage == LifeStage::computing || stage == LifeStage::waiting; }

}  // namespace

std::string_view name(LifeStage stage)
{
    static constexpr std::array names{"training",   "evaluation", "levers",    "lost work", "trials",
                                      "never used", "retraining", "computing", "waiting",   "network"};
    return names[static_cast<std::size_t>(stage)];
}

std::string ServingPlace::words() const
{
    if (on_clients) return "clients' " + id();
    auto words = pue ? id() + ", PUE " + text::shortest(*pue) : id();
    return batch > 1 ? words + ", batch " + std::to_string(batch) : words;
}

bool has_embodied_share(LifeStage stage)
{
    static constexpr std::array stages{LifeStage::training, LifeStage::never_used, LifeStage::retraining,
                                       LifeStage::computing, LifeStage::waiting};
    return std::ranges::find(stages, stage) != stages.end();
}

Spent LifeBasis::before_use() const
{
    Spent sum;
    for (const auto& part : before) sum = sum + part.spent;
    return sum;
}

Spent Life::whole() const
{
    auto sum = answering;
    for (const auto& part : parts)
        if (!is_answering(part.stage)) sum = sum + part.spent;
    return sum;
}

Spent Life::inference() const
{
    auto sum = answering;
    for (const auto& part : parts)
        if (part.stage == LifeStage::network) sum = sum + part.spent;
    return sum;
}

std::optional<GramsCO2e> Life::all_embodied() const
{
    const bool is_known = std::ranges::none_of(
        parts, [](const LifePart& part) { return has_embodied_share(part.stage) && !part.spent.embodied; });
    return is_known ? whole().embodied : std::nullopt;
}

std::optional<double> Life::all_rent_usd() const
{
    const bool is_known = std::ranges::none_of(
        parts, [](const LifePart& part) { return part.spent.device_time && !part.spent.rent_usd; });
    return is_known ? whole().rent_usd : std::nullopt;
}

Life life_of(const LifeBasis& basis, const LifePlan& plan, const Electricity& electricity)
{
    return Building{basis, plan, electricity}.life();
}

Joules answering_joules(const LifeBasis& basis, const RequestPrice& price, const LifePlan& plan)
{
    const auto all = answering(basis, price, plan);
    return (all.computing + all.waiting) * (1 / plan.predictions());
}

}  // namespace fedgram::report
