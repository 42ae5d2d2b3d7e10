#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/energy/pricing/inference_energy.hpp"
#include "common/learning/levers/reduction_result.hpp"
#include "common/run/run_record.hpp"
#include "common/text/banded_number.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

struct Table;

/// What a request takes on one of the devices, with PUE where that is in a data centre.
struct RequestCost {
    energy::InferenceCost cost;  ///< of the device alone; the rest counts where it can
    Joules joules{};             ///< with PUE
    GramsCO2e grams{};           ///< in the country of the reductions
    text::Band gram_band{};      ///< of these, by the bands of the device's figures
    bool is_comparable = false;  ///< the training's own model has an energy there, too
    /// Requests after which the levers' grams are saved; nothing of a model without levers, or where they save nothing.
    std::optional<double> break_even{};
    /// The two that it compares rest on unlike figures, one on the device profile and one on another record.
    bool is_mixed = false;
};

/// A model without levers, or behind some.
struct ReductionRow {
    std::string label;     ///< of the training, or the reduction
    std::size_t training;  ///< index into Table::trainings
    std::string levers;    ///< in words; empty without
    learning::ModelFigures figures;
    std::optional<double> accuracy_change{};  ///< by the levers
    learning::LeverCost cost{};               ///< of all levers
    Joules one_off;                           ///< of these, with PUE
    GramsCO2e one_off_grams;
    std::vector<RequestCost> requests{};  ///< for each of the load's devices
    learning::ReductionResult result{};   ///< steps and all; empty of a model without levers
};

/// A device that requests are priced on.
struct RequestDevice {
    energy::InferenceDevice device;
    std::optional<double> pue{};  ///< of a data centre
    /// Prices what it has a rate of, and watts; the rest is priced by the device.
    std::optional<energy::ServingProfile> serving{};
};

/// The models that levers have made smaller, each training's own in front; empty where there are none.
struct Reductions {
    std::vector<ReductionRow> rows;
    std::vector<RequestDevice> devices;
    double per_second = 1;
    std::size_t country = 0;     ///< index into carbon::Accounting::countries, whose grid it is
    std::string one_off_device;  ///< "v100, PUE 1.67": where levers are priced
};

/// `table` has its trainings and accounting of `run`. `country` is an index into the accounting's.
[[nodiscard]] Reductions reductions_of(const Table& table, const run::RunRecord& run, std::size_t country = 0);

}  // namespace fedgram::report
