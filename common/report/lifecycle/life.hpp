#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/energy/devices/inference_device.hpp"
#include "common/energy/devices/serving_profile.hpp"
#include "common/energy/pricing/inference_energy.hpp"
#include "common/report/lifecycle/life_plan.hpp"
#include "common/report/lifecycle/request_price.hpp"
#include "common/report/lifecycle/spent.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

/// What a model's life is made of, in the order of the rows.
enum class LifeStage {
    training,    ///< the table's cell
    evaluation,  ///< the training's own evaluation, and aggregation
    levers,      ///< that made the model smaller
    lost,        ///< work of the run that faults have wasted
    trials,      ///< other trainings on the way to this one
    never_used,  ///< all above once more, for models that never come into use
    retraining,
    computing,  ///< predictions
    waiting,    ///< for the next prediction
    network     ///< between clients and a data centre
};

[[nodiscard]] std::string_view name(LifeStage stage);
[[nodiscard]] constexpr bool is_inference(LifeStage stage) { return stage >= LifeStage::computing; }
/// Its device's making counts, where it is known: as in the table, that of what trains, and that of what answers.
[[nodiscard]] bool has_embodied_share(LifeStage stage);

struct LifePart {
    LifeStage stage = LifeStage::training;
    Spent spent;
    std::string formula;  ///< how the joules come about, with their numbers
};

/// A model that answers.
struct ServedModel {
    std::size_t column = 0;  ///< index into Table::columns: where it was trained
    std::string label;       ///< of the training, or of the reduction
    std::string levers{};    ///< in words; empty without
    energy::InferenceDemand demand{};
    bool knows_memory = true;          ///< demand.memory is known
    Spent one_off{};                   ///< of the levers
    std::optional<double> accuracy{};  ///< a fraction of 1; nothing where nobody evaluated it
};

/// Where it answers: at least one of `device` and `serving` is there.
struct ServingPlace {
    std::optional<energy::InferenceDevice> device{};
    std::optional<double> pue{};  ///< of a data centre
    /// The clients' own devices: nothing is sent, and they are on anyway, so that no waiting counts.
    bool on_clients = false;
    /// The device's record of answering with a model that is loaded, which then prices requests; embodied and rent are
    /// the device profile's all the same.
    std::optional<energy::ServingProfile> serving{};
    std::uint32_t batch = 1;  ///< predictions that are computed at once, always so many; above 1 with a serving record

    [[nodiscard]] const std::string& id() const { return device ? device->id() : serving->id; }
    /// "t4, PUE 1.67", "clients' jetson-tx2"
    [[nodiscard]] std::string words() const;
};

/// What one model's life at one place is made of, whatever the number of predictions.
struct LifeBasis {
    std::string name;  ///< unique: "pruned on t4, PUE 1.67"
    ServedModel model;
    ServingPlace place;
    std::string why_not{};  ///< the place can't answer with this model: there is nothing else; or empty
    std::optional<RequestPrices> request{};  ///< of one prediction, before PUE
    std::vector<LifePart> before{};          ///< until the first prediction; none of 0 J
    Spent retraining{};                      ///< once: training, evaluation and levers
    std::optional<Spent> network{};          ///< of one prediction, in a data centre, where it counts
    std::string network_formula{};
    std::optional<GramsCO2e> embodied_per_hour{};  ///< of a device that answers; nothing where it isn't known
    Ends<double> embodied_reach{1, 1};
    std::optional<double> rent_usd_per_hour{};  ///< the same; nothing without a price, or for clients' own

    /// What came before the first prediction.
    [[nodiscard]] Spent before_use() const;
};

/// One model's life at one place.
struct Life {
    LifeBasis basis;
    RequestUse use{};               ///< at the plan's rate, by the likely figures
    std::vector<LifePart> parts{};  ///< none of 0 J; none at all where the place can't answer
    /// Where what devices draw while they wait isn't known: their time, making and rent of it; no joules or grams.
    std::optional<Spent> unknown_waiting{};
    Spent answering{};           ///< computing and waiting together: its ends are at the same figures for both
    GramsCO2e per_prediction{};  ///< at the plan's rate; retraining is spread over the predictions
    Ends<GramsCO2e> per_prediction_ends{};

    [[nodiscard]] bool is_possible() const { return basis.why_not.empty(); }
    /// What its devices draw while they wait isn't known.
    [[nodiscard]] bool is_lower_bound() const
    {
        return is_possible() && !basis.place.on_clients && !basis.request->likely.waiting;
    }
    [[nodiscard]] Spent whole() const;      ///< of all parts
    [[nodiscard]] Spent inference() const;  ///< of what predictions take
    /// Nothing where that of a part isn't known.
    [[nodiscard]] std::optional<GramsCO2e> all_embodied() const;
    /// Nothing where a part's devices have no price.
    [[nodiscard]] std::optional<double> all_rent_usd() const;
};

/// What electricity costs, all along.
struct Electricity {
    GramsPerKilowattHour grid;
    double usd_per_kilowatt_hour = 0;
};

[[nodiscard]] Life life_of(const LifeBasis& basis, const LifePlan& plan, const Electricity& electricity);

/// Computing and waiting of one prediction by one price of it, with PUE.
[[nodiscard]] Joules answering_joules(const LifeBasis& basis, const RequestPrice& price, const LifePlan& plan);

}  // namespace fedgram::report
