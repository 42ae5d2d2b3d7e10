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
#include "common/report/table/table.hpp"
#include "common/run/run_record.hpp"
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
    Joules joules;        ///< with PUE where there is one
    GramsCO2e grams;      ///< of this electricity
    std::string formula;  ///< how it comes about, with its numbers
    std::optional<GramsCO2e>
        embodied{};                    ///< share of the devices' making; nothing where it isn't known, or no device's
    std::optional<double> rent_usd{};  ///< of the devices; contains their electricity. Nothing without a price
};

/// A model that answers.
struct ServedModel {
    std::size_t column = 0;  ///< index into Table::columns: where it was trained
    std::string label;       ///< of the training, or of the reduction
    std::string levers{};    ///< in words; empty without
    energy::InferenceDemand demand{};
    bool knows_memory = true;  ///< demand.memory is known
    Joules one_off{};          ///< of the levers
    GramsCO2e one_off_grams{};
    std::optional<double> accuracy{};  ///< a fraction of 1; nothing where nobody evaluated it
};

/// Where it answers.
struct ServingPlace {
    energy::InferenceDevice device;
    std::optional<double> pue{};  ///< of a data centre
    /// The clients' own devices: nothing is sent, and they are on anyway, so that no waiting counts.
    bool on_clients = false;
    /// The device's record of answering with a model that is loaded, which then prices requests; embodied and rent are
    /// the device profile's all the same.
    std::optional<energy::ServingProfile> serving{};

    /// "t4, PUE 1.67", "clients' jetson-tx2"
    [[nodiscard]] std::string words() const;
};

/// Other trainings on the way to a model: those of a sweep, or of one run.
struct PastTrials {
    std::string name;  ///< of the folder
    std::size_t runs = 0;
    std::size_t unfinished = 0;  ///< of these; what they spent is a lower bound, without PUE and network
    Joules joules{};
    GramsCO2e grams{};
};

/// One model's life at one place.
struct Life {
    std::string name;  ///< unique: "pruned on t4, PUE 1.67"
    ServedModel model;
    ServingPlace place;
    std::string why_not{};              ///< the place can't answer with this model: there are no parts; else empty
    energy::InferenceEnergy request{};  ///< of one prediction, before PUE
    std::vector<LifePart> parts{};      ///< none of 0 J
    GramsCO2e before_use{};             ///< until the first prediction
    GramsCO2e per_prediction{};         ///< at the plan's rate; retraining is spread over the predictions

    [[nodiscard]] Joules joules() const;
    [[nodiscard]] GramsCO2e grams() const;
    /// Nothing where that of a part isn't known.
    [[nodiscard]] std::optional<GramsCO2e> embodied() const;
    [[nodiscard]] Joules inference_joules() const;
    [[nodiscard]] GramsCO2e inference_grams() const;
    /// Of its time, what a device computes, from 0 to 1; 0 on clients' own devices.
    [[nodiscard]] double load(const LifePlan& plan) const;
};

/// Two lives, one of which emits less from some number of predictions on, or always.
struct LifeBreakEven {
    std::size_t greener = 0;  ///< indices into Lifecycle::lives: the one that emits less at last
    std::size_t other = 0;
    std::optional<double> predictions{};  ///< from which on; nothing: at any number
    /// The two differ in more than one of model and place.
    bool is_crosswise = false;

    [[nodiscard]] std::optional<double> days(const LifePlan& plan) const
    {
        return predictions ? std::optional{*predictions / plan.predictions_per_day} : std::nullopt;
    }
};

/// Lives of a run's models side by side. All electricity is of the table's first country, at the same intensity all
/// along.
struct Lifecycle {
    LifePlan plan;
    std::string country;  ///< its code
    GramsPerKilowattHour grid;
    bool is_mean_of_hours = false;  ///< `grid` is a mean over hours: the training meets its own
    double usd_per_kilowatt_hour = 0;
    std::vector<PastTrials> trials;
    std::vector<Life> lives;
    std::vector<LifeBreakEven> break_evens;  ///< of each pair of lives that have parts, but for those that are equal
    std::vector<std::string> left_out;       ///< labels of trainings without a result
    std::vector<std::string> unfinished{};   ///< of those that a run which hasn't ended was yet to do
    std::string start{};                     ///< the file of the model that trainings begin with, or empty
};

/// What is asked of a run.
struct LifeQuestion {
    LifePlan plan;
    std::string training{};  ///< whose lives come first; empty: the first with a result
    std::vector<ServingPlace> places;
    std::vector<PastTrials> trials{};
    std::vector<std::string> unfinished{};  ///< labels of the run's trainings that haven't ended
    /// One request to the float32 model, by its layers. Nothing: by the trainings' evaluations.
    std::optional<energy::InferenceDemand> own_request{};
};

/// The models of a table's trainings that have a result, each with its reductions behind it; those of `training` in
/// front. Throws SpecError where no training has a result, or that one has none.
[[nodiscard]] std::vector<ServedModel> served_models(const Table& table, const run::RunRecord& run,
                                                     const LifeQuestion& question);

/// Each model at each place. `run` is what `table` was built from. Throws SpecError as above and as check(LifePlan).
[[nodiscard]] Lifecycle lifecycle(const Table& table, const run::RunRecord& run, const LifeQuestion& question);

}  // namespace fedgram::report
